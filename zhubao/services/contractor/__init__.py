"""购买服务考核: what the ledgers say of an operator's work, and the score that follows."""
