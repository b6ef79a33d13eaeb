"""Goods that come in: notices, dock slots, receipts, differences, putting away."""
