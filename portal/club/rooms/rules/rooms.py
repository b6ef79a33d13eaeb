"""Rooms: who reads and writes, how fast, what may be taken back, what reports do."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from portal.core.errors import Refused, TooMany
from portal.core.i18n import lazy as _l
from portal.forum.rules.spaces import Reader, is_open_to

TEXT_MAX = 2000  # characters
NAME_MAX, ABOUT_MAX, SLUG_MAX = 40, 160, 40  # characters
KEPT_LEAST, KEPT_MOST = 1, 365  # days
#: Between two messages of a person without trust.
SLOW = timedelta(seconds=20)
#: One's own message may be taken back as long.
TAKE_BACK_WITHIN = timedelta(minutes=5)
#: A process says again that somebody is here before this is over.
LEASE = timedelta(seconds=60)
RENEWED_AFTER = timedelta(seconds=25)
#: visible; hidden by reports, removed by a moderator, taken back by its author.
STATES = ("visible", "hidden", "removed", "taken_back")
#: Words that addresses below /club/rooms have already.
TAKEN_SLUGS = frozenset({"hours", "settings", "calendar"})
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def may_read(readers: Iterable[str], reader: Reader) -> bool:
    """Return whether somebody may be in a room; who moderates may be in all."""
    return reader.may_moderate or is_open_to(readers, reader)


def may_write(writers: Iterable[str], is_closed: bool, reader: Reader) -> bool:
    """Return whether somebody who is in a room may speak there."""
    if is_closed or not reader.may_write:
        return False
    return reader.may_moderate or is_open_to(writers, reader)


def check_write(writers: Iterable[str], is_closed: bool, reader: Reader) -> None:
    """Raise Refused, with the reason, where ``may_write`` says no."""
    if may_write(writers, is_closed, reader):
        return
    if is_closed:
        raise Refused(_l("This room is closed. What was said can still be read."))
    raise Refused(_l("In this room you may read; only some people write."))


def wait_s(trust: int, last_at: datetime | None, now: datetime, *, is_known: bool) -> int:
    """Return how many seconds somebody has to wait until he may speak again.

    ``is_known``: he is one of the centre, or moderates.
    """
    if is_known or trust > 0 or last_at is None:
        return 0
    left = last_at + SLOW - now
    return max(0, -(-left // timedelta(seconds=1)))


def check_pace(trust: int, last_at: datetime | None, now: datetime, *, is_known: bool) -> None:
    """Raise TooMany for a person without trust who spoke a moment ago."""
    seconds = wait_s(trust, last_at, now, is_known=is_known)
    if seconds:
        raise TooMany(
            _l(
                "Whoever is new here writes one message in 20 seconds. "
                "Send it again in %(seconds)d s.",
                seconds=seconds,
            )
        )


def may_take_back(author_id: int, person_id: int | None, at: datetime, now: datetime) -> bool:
    """Return whether a message is one's own and still fresh."""
    return author_id == person_id and now - at <= TAKE_BACK_WITHIN


def check_take_back(author_id: int, person_id: int | None, at: datetime, now: datetime) -> None:
    """Raise Refused unless somebody may take a message back now."""
    if author_id != person_id:
        raise Refused(_l("Only its author takes a message back."))
    if not may_take_back(author_id, person_id, at, now):
        raise Refused(_l("A message can be taken back for 5 minutes."))


def check_slug(slug: str) -> str:
    """Return the word of a room in addresses; raises Refused for one that cannot be."""
    if not _SLUG.fullmatch(slug) or len(slug) > SLUG_MAX or slug in TAKEN_SLUGS:
        raise Refused(
            _l("The address is made of small letters, digits and hyphens, such as cold-chain.")
        )
    return slug


def forgotten_before(now: datetime, kept_days: int) -> datetime:
    """Return the instant before which nothing that was said is shown any more."""
    return now - timedelta(days=kept_days)
