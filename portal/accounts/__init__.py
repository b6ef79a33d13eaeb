"""Accounts: companies, their colleagues, the centre's staff, and how each signs in."""
