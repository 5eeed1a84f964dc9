"""What is told of a draw: the lists in three editions, its statistics, and the period's report."""
