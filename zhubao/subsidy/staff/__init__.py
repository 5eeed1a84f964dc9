"""职工住房补贴: by employer and round, against the target; files still incomplete."""
