"""One file for each provider: its own cases beside those that every scheme gets."""
