"""Reads of stock; ``…_for(user, …)`` is the only way from a request to a row."""
