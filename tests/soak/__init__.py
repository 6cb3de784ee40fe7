"""Sends thousands of deliveries to workers of every language on one Redis, and counts what was handled."""
