"""租赁补贴: what a household is entitled to, sign-in, payment rolls, stops, figures."""
