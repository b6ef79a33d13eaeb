"""Verbs of what comes in. None commits; each takes the connection of ``write``."""
