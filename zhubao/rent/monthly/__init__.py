"""The month report and the remittance of rent."""
