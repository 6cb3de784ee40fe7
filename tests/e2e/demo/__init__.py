"""Sends every system's requests to real servers of four frameworks, and tells what each answered."""
