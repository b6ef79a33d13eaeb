"""Kinds of notices, the ways they may come, and how often."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from portal.core.errors import Refused
from portal.core.i18n import lazy as _l

#: On the page only; there and by mail at once; there and in the mail of the day; not at all.
CHANNELS = {
    "page": _l("On the page"),
    "mail": _l("Also by mail at once"),
    "digest": _l("Also in the mail of the day"),
    "none": _l("Not at all"),
}
#: One mail about the same thing, and one about each kind, no sooner than that after another.
SAME_EVERY = timedelta(hours=1)
KIND_EVERY = timedelta(minutes=5)
#: A mail waits so long: who reads it on the page meanwhile gets none.
GRACE = timedelta(minutes=1)
DIGEST_AT = time(8)
POSTS_KEPT = 50  # of those that a notice is about
IN_MAIL = 20  # lines; more of them nobody reads
BATCH = 500  # people served in one transaction
LIVE_MOST = 50  # people who are told on their open pages of one post at once
KEPT_FOR = timedelta(days=180)


@dataclass(frozen=True)
class Kind:
    """One kind of notice: its name, what it is called, where it stands among the settings.

    ``usual``: how it comes to whoever has not chosen; ``channels``: among which he may.
    """

    name: str
    label: Any
    group: str
    usual: str = "page"
    channels: tuple[str, ...] = tuple(CHANNELS)


GROUPS = {
    "talk": _l("Talk in the forum"),
    "own": _l("What I wrote"),
    "person": _l("For me alone"),
}
KINDS: dict[str, Kind] = {}


def provide(kind: Kind) -> None:
    """Make a kind of notice known."""
    KINDS[kind.name] = kind


for _kind in (
    Kind("mention", _l("Somebody names me"), "talk", usual="mail"),
    Kind("reply", _l("Somebody replies to me"), "talk"),
    Kind("followed", _l("New posts in topics that I follow"), "talk"),
    Kind("begun", _l("New topics in spaces that I follow"), "talk"),
    Kind("accepted", _l("My answer is taken for the answer"), "own"),
    Kind("suggestion", _l("A suggestion’s status changes"), "own"),
    Kind(
        "reactions", _l("What readers found useful, once a day"), "own", channels=("page", "none")
    ),
    Kind("direct", _l("Somebody writes to me directly"), "person", usual="mail"),
    Kind("act", _l("A moderator did something that concerns me"), "person"),
    Kind("appeal", _l("My request for another look is answered"), "person"),
    Kind("hour", _l("A question hour begins soon"), "person", channels=("page", "none")),
    Kind("reward", _l("My order of a reward is decided"), "person"),
    Kind("won", _l("I have won in a raffle"), "person", usual="mail"),
):
    provide(_kind)
#: The most telling first: of what one post is to one person, he is told once.
OF_POSTS = ("mention", "reply", "followed")


def channel_of(kind: str, choices: Mapping[str, str]) -> str:
    """Return how a kind of notice comes to somebody who has chosen so."""
    known = KINDS[kind]
    chosen = choices.get(kind, known.usual)
    return chosen if chosen in known.channels else known.usual


def check_choice(kind: str, channel: str) -> None:
    """Raise Refused for a way in which a kind of notice does not come."""
    if kind not in KINDS or channel not in KINDS[kind].channels:
        raise Refused(_l("Choose one of the ways that are offered."))


def mail_due(now: datetime, same_at: datetime | None) -> datetime:
    """Return when a mail may go; ``same_at``: when one about the same thing went last."""
    soon = now + GRACE
    return soon if same_at is None else max(soon, same_at + SAME_EVERY)


def next_digest(now: datetime, zone: ZoneInfo) -> datetime:
    """Return when it is DIGEST_AT next in a time zone; never ``now`` itself.

    Where a clock is put forward over that time, it is the first instant after it.
    """
    here = now.astimezone(zone)
    for days in (0, 1, 2):
        local = datetime.combine(here.date() + timedelta(days=days), DIGEST_AT, zone)
        if (due := local.astimezone(now.tzinfo)) > now:
            return due
    raise AssertionError("A day has a morning.")
