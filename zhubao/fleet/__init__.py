"""Many commands, and many bureaus, at once: batch files."""
