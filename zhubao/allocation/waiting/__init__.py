"""The waiting list (轮候册): who waited on a day, in which order, and what stands in the way."""
