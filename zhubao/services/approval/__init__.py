"""审批: stages and their working half days, limits, overdue files, rates and counts."""
