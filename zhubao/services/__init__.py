"""窗口与综合: approvals, annual review, contractor, tickets and office registers."""
