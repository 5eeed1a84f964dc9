"""From lead to closure: verified, confirmed, put right, followed up, closed; or cleared."""
