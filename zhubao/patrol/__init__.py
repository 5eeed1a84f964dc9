"""动态管理: visits, key households, violations, campaigns, vacancy, safety."""
