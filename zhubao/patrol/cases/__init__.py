"""Violations and changed circumstances, from discovery to settlement."""
