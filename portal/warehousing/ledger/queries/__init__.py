"""Reads of the ledger: what lies where, what happened, what there was, whether it is right."""
