"""Patrol visits: who is due, what was found, key households, and the counts of a period."""
