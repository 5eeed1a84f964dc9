"""Money coming in: one receipt, a bank list, money not yet claimed, debts written off."""
