"""Verbs of the ledger: post a movement, promise goods, do a command once."""
