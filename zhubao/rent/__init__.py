"""Charges, receipts, arrears."""
