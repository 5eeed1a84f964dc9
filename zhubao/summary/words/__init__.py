"""The sentences of a summary, one small function each, and the order they stand in."""
