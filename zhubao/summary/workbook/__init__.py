"""The summary as a workbook and a web page."""
