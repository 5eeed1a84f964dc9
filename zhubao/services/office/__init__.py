"""Office registers: tickets, special cases, deliveries, training, publicity, care, attendance."""
