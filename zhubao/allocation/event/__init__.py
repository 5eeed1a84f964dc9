"""One event from freeze to draw: what is frozen, who takes part, what is kept and written."""
