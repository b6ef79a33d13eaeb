"""Rooms, messages and question hours as somebody may see them."""
