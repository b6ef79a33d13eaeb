"""Reads of returns; ``…_for(user, …)`` is the only way from a request to a row."""
