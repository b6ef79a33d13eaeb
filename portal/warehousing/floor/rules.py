"""Rules of the floor's own memory: what a person sees again, and what he may take back."""

from datetime import timedelta

RECENT = 8  # commands that a person sees again
UNDO_FOR = timedelta(minutes=15)
#: Name of the command that takes another one back.
UNDO = "floor.undo"
