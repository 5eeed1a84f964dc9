"""Any sheet by its declaration alone: rows read from a filled-in file, merged, entered, listed."""
