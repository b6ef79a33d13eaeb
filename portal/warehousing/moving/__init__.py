"""Moves within a warehouse, and bringing goods from reserve to where they are picked."""
