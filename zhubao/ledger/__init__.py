"""The bureau's tables: one module per workbook, one row model per sheet."""
