"""整改清单: findings as they stand on a day, their rates, and where the sheets contradict."""
