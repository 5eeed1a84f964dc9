"""Summaries: indicators, comparisons, targets; month, half-year and year in words and figures."""
