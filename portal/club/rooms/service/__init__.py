"""Verbs of rooms and question hours."""
