"""What earns points, how many, and how often. The table is published at /club/points/rules.

Pure. Days and months are the centre's; points are whole numbers.
"""

from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from portal.core.i18n import lazy as _l

#: Points last until the end of the month that lies so many months behind the one of the deed.
MONTHS_KEPT = 12
#: What comes back after its day of expiry may be spent for at least so long.
GRACE = timedelta(days=30)
#: What one person's opinion earns another is capped within so long.
PAIR_WINDOW = timedelta(days=30)
#: A deed that was undone and done again so often stays undone.
TURNS_MOST = 20
#: A text shorter than this earns nothing, nor does one in a topic that one began oneself.
SHORTEST_TEXT = 20  # characters


class Rule(NamedTuple):
    """What a deed is worth, and the caps in points; None: the cause itself is the limit."""

    points: int
    per_day: int | None
    label: object
    #: What one other person can bring somebody within PAIR_WINDOW.
    per_pair: int | None = None
    #: What counts, in a sentence for people.
    counts: object = ""


#: Kind of an entry → its rule. Those of 0 points are not earned.
KINDS = {
    "topic": Rule(
        5, 10, _l("Topic begun"), counts=_l("A topic that is shown. It is taken back if hidden.")
    ),
    "reply": Rule(
        2,
        20,
        _l("Reply written"),
        counts=_l("A reply of some length to a topic that somebody of another company began."),
    ),
    "useful": Rule(
        3,
        30,
        _l("Found useful"),
        per_pair=6,
        counts=_l("Somebody of another company finds your post useful."),
    ),
    "accepted": Rule(
        10,
        30,
        _l("Answer accepted"),
        per_pair=20,
        counts=_l("Somebody of another company takes your reply for the answer."),
    ),
    "check_in": Rule(1, 2, _l("Check-in"), counts=_l("Once on each of your days.")),
    "streak": Rule(
        5, 50, _l("Check-ins in a row"), counts=_l("At the lengths named on the check-in page.")
    ),
    "quiz": Rule(5, 10, _l("Daily quiz"), counts=_l("The first answer of each day, if right.")),
    "game": Rule(
        3, 15, _l("Game"), counts=_l("A result that the portal has recomputed from your moves.")
    ),
    "handover": Rule(
        5,
        25,
        _l("On-time handover"),
        counts=_l("Goods were picked up by the promised time; for who ordered the consignment."),
    ),
    "notice": Rule(
        8,
        40,
        _l("Accurate notice"),
        counts=_l("Goods arrived exactly as announced; for who announced them."),
    ),
    "spent_reward": Rule(0, None, _l("Reward")),
    "spent_raffle": Rule(0, None, _l("Raffle ticket")),
    "expired": Rule(0, None, _l("Expired")),
    "reversed": Rule(0, None, _l("Taken back")),
}
EARNED = tuple(kind for kind, rule in KINDS.items() if rule.points)
SPENT = ("spent_reward", "spent_raffle")
ALWAYS = "all"  # the period of boards that never ends


def expiry(at: datetime, zone: ZoneInfo) -> datetime:
    """Return when points of a deed at ``at`` expire: the first instant of a month."""
    return month_after(at, zone, MONTHS_KEPT)


def month_after(at: datetime, zone: ZoneInfo, months: int = 0) -> datetime:
    """Return when the month that lies ``months`` behind the one of ``at`` ends."""
    local = at.astimezone(zone)
    number = local.year * 12 + local.month + months
    return datetime(number // 12, number % 12 + 1, 1, tzinfo=zone)


def day_of(at: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the day in which an instant lies: its first instant, and that of the next."""
    first = at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    after = first.replace(tzinfo=None) + timedelta(days=1)
    return first, after.replace(tzinfo=zone)


def periods_of(at: datetime, zone: ZoneInfo) -> tuple[str, str, str]:
    """Return the periods of boards in which a deed counts: ``2026-11``, ``2026``, ``all``."""
    local = at.astimezone(zone)
    return local.strftime("%Y-%m"), local.strftime("%Y"), ALWAYS


def within(points: int, caps: list[tuple[int | None, int]]) -> int:
    """Return how many of ``points`` the caps leave; ``caps``: (most, had already)."""
    left = [most - had for most, had in caps if most is not None]
    return max(0, min([points, *left]))
