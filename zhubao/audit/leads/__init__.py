"""A run of the checks: its leads, what is new since an earlier run, the ledger of leads."""
