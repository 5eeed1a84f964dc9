"""Changing a workbook in place: planned cells differ afterwards, the rest is as it was."""
