"""Goods out: what members order from stock, and how it leaves."""
