"""Verbs of places: edit, generate, block, number; slots at docks."""
