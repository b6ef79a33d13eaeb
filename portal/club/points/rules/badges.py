"""Badges: for deeds that the portal has seen. The table is published at /club/points/badges."""

from collections.abc import Mapping
from typing import NamedTuple

from portal.core.i18n import lazy as _l
from portal.forum.rules.badges import NAMES


class Badge(NamedTuple):
    """What is counted, and how much each level takes."""

    counted: str  # a kind of deed, or a figure of the profile
    levels: tuple[int, ...]
    means: object


#: Kind of badge → what it takes. Kinds and their names: forum.rules.badges.
BADGES = {
    "first": Badge("accepted", (1,), _l("An answer of yours was accepted.")),
    "helpful": Badge(
        "useful", (5, 25, 100), _l("People of other companies found your posts useful.")
    ),
    "answers": Badge("accepted", (5, 20, 60), _l("Your replies were taken for the answer.")),
    "handover": Badge(
        "handover", (10, 100, 500), _l("Goods of yours were picked up by the promised time.")
    ),
    "notice": Badge("notice", (5, 25, 100), _l("Goods arrived exactly as you announced them.")),
    "reader": Badge("posts_read", (100, 500, 2000), _l("Posts that you have read.")),
    "year": Badge("years", (1, 2, 3), _l("Years since you came to the club.")),
}
#: Deeds that are counted one by one, also where the day's points are reached.
TALLIED = frozenset({"topic", "reply", "useful", "accepted", "handover", "notice"})
#: Which badge stands beside a name where levels are equal: the first of these.
ORDER = tuple(NAMES)


def level_of(kind: str, count: int) -> int:
    """Return the level that a count has reached, 0 for none."""
    return sum(count >= least for least in BADGES[kind].levels)


def next_of(kind: str, count: int) -> int | None:
    """Return what the next level takes; None where all are reached."""
    return next((least for least in BADGES[kind].levels if least > count), None)


def best(levels: Mapping[str, int]) -> str | None:
    """Return the badge that is shown beside a name, as ``helpful:2``; None for no badge."""
    if not levels:
        return None
    kind = min(levels, key=lambda kind: (-levels[kind], ORDER.index(kind)))
    return f"{kind}:{levels[kind]}"
