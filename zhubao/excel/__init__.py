"""Workbooks: open safely, find headers, normalise cells, keep addresses. Knows no housing."""
