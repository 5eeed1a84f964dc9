"""Safety inspections of estates, and hazards from discovery to repair."""
