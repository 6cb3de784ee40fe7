"""Stores of deliveries that several processes and machines share, one module for each kind of database."""
