"""Invented bureaus: the sample ledgers and synthetic ones of any size."""
