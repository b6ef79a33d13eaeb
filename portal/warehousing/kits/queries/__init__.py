"""Reads of kits: recipes of goods, orders and what belongs to them."""
