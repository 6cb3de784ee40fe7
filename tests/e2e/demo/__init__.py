"""Sends every system's requests to a real Express and a real Django server, and tells what each answered."""
