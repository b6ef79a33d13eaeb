"""Verbs of goods out: each takes the connection of its caller's transaction, none commits."""
