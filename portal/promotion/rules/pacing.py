"""Spreading what was booked evenly over the time that remains.

From a mark (the start of the day, or the campaign's own start if that is later) what was still
missing then grows in a straight line to the end. A campaign is shown while it has fewer views
than that line: never faster, and after a poor day a little faster every day. It never gets more
room than was booked.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Booking:
    """So many valid views by ``ends_at``; ``before`` of them had been had at ``mark``."""

    views: int
    before: int
    mark: datetime
    ends_at: datetime | None


def allowed(booking: Booking, now: datetime) -> float:
    """Return how many views it may have had by ``now``, all in all.

    Without an end there is nothing to spread over: all of them at once.
    """
    missing = max(0, booking.views - booking.before)
    if booking.ends_at is None:
        return booking.before + missing
    whole = (booking.ends_at - booking.mark).total_seconds()
    passed = (now - booking.mark).total_seconds()
    share = 1.0 if whole <= 0 else min(1.0, max(0.0, passed / whole))
    return booking.before + missing * share


def has_room(booking: Booking, delivered: int, now: datetime) -> bool:
    """Return whether one more view may be given now: the line has begun that view."""
    return delivered < booking.views and delivered < allowed(booking, now)


def ahead(booking: Booking, delivered: int, now: datetime) -> float:
    """Return how far delivery is ahead of an even spread, as a share of what was booked."""
    return (delivered - allowed(booking, now)) / booking.views if booking.views else 0.0
