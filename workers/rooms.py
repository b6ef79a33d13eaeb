"""Reminds those who signed up of question hours that begin soon."""

from portal.club.rooms import upkeep


def run_once() -> int:
    """Owe the reminders that are due; return 0: there is nothing more until the next look."""
    upkeep.remind()
    return 0
