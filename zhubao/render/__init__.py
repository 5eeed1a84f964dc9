"""A Report on every surface. Knows core.report only."""
