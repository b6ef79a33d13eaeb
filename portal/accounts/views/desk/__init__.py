"""Accounts at the desk: companies, the centre's people, jobs that stopped."""
