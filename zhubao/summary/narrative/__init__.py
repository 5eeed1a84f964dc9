"""The paragraphs only a person can write: what is asked for, and what has been written."""
