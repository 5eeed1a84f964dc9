"""One household: its account, which payment paid which month, and why it is treated so."""
