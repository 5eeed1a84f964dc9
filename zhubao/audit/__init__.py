"""Audit: cross-ledger checks, external lists, leads, findings, the checklist, tracing figures."""
