"""What the month costs every household: the rows of 应收, and why they differ from last month."""
