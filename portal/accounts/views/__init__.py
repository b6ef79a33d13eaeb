"""Pages of accounts: signing in, one's own account, the company's colleagues, the desk's lists."""
