"""A batch: the jobs of a month's end, run one after the other from one file."""
