"""年审: the year's list, declarations and list matches, proposals, decisions, notices, counts."""
