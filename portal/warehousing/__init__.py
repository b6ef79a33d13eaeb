"""Goods that members keep at the centre: what they are, where they lie, and the ledger."""
