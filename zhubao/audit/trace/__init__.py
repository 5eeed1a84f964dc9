"""From a reported figure to its ledger cells, and from a cell to the figures it enters."""
