"""The published folder of a draw: what goes into it, and whether it holds together."""
