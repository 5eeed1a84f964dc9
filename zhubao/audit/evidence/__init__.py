"""What an auditor asks for about one finding: the rows, the account, the letters, the history."""
