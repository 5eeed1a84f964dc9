"""What the ledgers show as problems, with a plan for each."""
