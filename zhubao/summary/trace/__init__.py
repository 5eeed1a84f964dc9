"""Tracing: from a figure or a printed cell to ledger cells, and from a ledger cell to figures."""
