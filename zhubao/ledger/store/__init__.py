"""Changing ledgers safely: several workbooks all or none, lock, backups, hash-chained journal."""
