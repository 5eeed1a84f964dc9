"""补贴: rental subsidy and staff housing subsidy."""
