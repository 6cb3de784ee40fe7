"""Recomputes the project's vectors, independently of the library that they test."""
