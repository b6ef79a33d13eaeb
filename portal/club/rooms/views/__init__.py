"""Pages of rooms and question hours."""

from portal.club.rooms import upkeep
from portal.club.rooms.views import calendars, hours, messages, rooms
from portal.club.rooms.views.blueprint import bp, open_bp

__all__ = ["bp", "calendars", "hours", "messages", "open_bp", "rooms", "upkeep"]
