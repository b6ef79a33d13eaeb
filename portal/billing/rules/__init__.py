"""Decisions about prices: zones, the lines of a price, storage, and what fits where. Pure."""
