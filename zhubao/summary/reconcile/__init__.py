"""What must agree in a summary, and what looks contradictory and is not."""
