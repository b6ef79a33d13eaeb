"""The stock ledger: append-only entries, the balances kept beside them, what is promised."""
