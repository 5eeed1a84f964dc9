"""Formulas: where they are, how their text follows, what they read, what they come to."""
