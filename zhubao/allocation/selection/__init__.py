"""Choosing units at the counter, live; then the leases of those who have chosen."""
