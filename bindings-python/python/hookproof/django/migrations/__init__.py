"""The migrations of the table of deliveries."""
