"""Dated parameters with their legal source, and their look-up by date."""
