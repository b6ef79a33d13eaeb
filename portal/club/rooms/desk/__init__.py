"""The desk of rooms and question hours."""

from portal.club.rooms.desk import holding, hours, rooms
from portal.club.rooms.desk.blueprint import bp

__all__ = ["bp", "holding", "hours", "rooms"]
