"""Order in the club: whose texts are looked at first, what reports weigh, what moderators do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.core.errors import Refused
from portal.core.i18n import lazy as _l

REASONS = {
    "spam": _l("Advertising without use"),
    "rude": _l("Hurts or threatens somebody"),
    "private": _l("Shows what is private or secret"),
    "false": _l("Is false and does harm"),
    "elsewhere": _l("Belongs elsewhere"),
    "other": _l("Something else"),
}
#: So many texts of a person without trust are looked at before they are shown.
FIRST_TEXTS = 2
#: Weight of a report by the level of trust, in hundredths.
WEIGHTS = (40, 100, 150, 200)
#: Reports that together weigh so much hide a post until somebody has decided.
HIDES_AT = 300
#: A report is decided as often as this before the share that was right counts.
KNOWN_AFTER = 4
SANCTIONS = {"silence": _l("May read, not write"), "suspension": _l("May not enter the club")}
LONGEST = timedelta(days=365)
APPEAL_WITHIN = timedelta(days=30)
APPEAL_MAX = 2000  # characters
ACTS = {
    "approved": _l("Let through"),
    "refused": _l("Not let through"),
    "hidden": _l("Post hidden"),
    "shown": _l("Post shown again"),
    "locked": _l("Topic closed"),
    "unlocked": _l("Topic opened again"),
    "pinned": _l("Topic pinned"),
    "unpinned": _l("Topic no longer pinned"),
    "moved": _l("Topic moved"),
    "status": _l("Status of a suggestion changed"),
    "split": _l("Posts made a topic of their own"),
    "merged": _l("Topic merged into another"),
    "unmerged": _l("Topic taken apart again"),
    "converted": _l("Made a suggestion"),
    "unconverted": _l("Made an ordinary topic again"),
    "silence": _l("Silenced"),
    "suspension": _l("Suspended"),
    "lifted": _l("Sanction lifted"),
    "message_removed": _l("Message in a room removed"),
    "message_shown": _l("Message in a room shown again"),
    "direct_removed": _l("Private message removed"),
    "direct_shown": _l("Private message shown again"),
    "card_removed": _l("Card in the directory taken down"),
    "card_shown": _l("Card in the directory shown again"),
}
#: What can be turned back when an appeal is right, and what that is called.
REVERSED_BY = {
    "hidden": "shown",
    "locked": "unlocked",
    "silence": "lifted",
    "suspension": "lifted",
    "merged": "unmerged",
    "split": "merged",
    "converted": "unconverted",
}
#: What is done from a topic's page by one key; the rest has pages of its own.
BY_KEY = ("locked", "unlocked", "pinned", "unpinned", "moved", "status")


@dataclass(frozen=True)
class Record:
    """How often somebody's reports were agreed with, and not."""

    agreed: int = 0
    disagreed: int = 0


def is_looked_at_first(trust: int, posts_written: int, *, may_moderate: bool) -> bool:
    """Return whether a text waits for a moderator before it is shown."""
    return not may_moderate and trust == 0 and posts_written < FIRST_TEXTS


def weight_of(trust: int, record: Record, *, may_moderate: bool) -> int:
    """Return what a report weighs, in hundredths; a moderator's hides at once.

    Whose reports were mostly wrong weighs less: by the share that was right, a quarter at least.
    """
    if may_moderate:
        return HIDES_AT
    weight = WEIGHTS[min(trust, len(WEIGHTS) - 1)]
    decided = record.agreed + record.disagreed
    if decided < KNOWN_AFTER:
        return weight
    return max(weight * record.agreed // decided, weight // 4)


def hides(weights: Sequence[int]) -> bool:
    """Return whether reports together hide a post until somebody has decided."""
    return sum(weights) >= HIDES_AT


def check_sanction(kind: str, until: datetime, now: datetime, *, own: bool) -> None:
    """Raise Refused for a sanction that nobody may give."""
    if kind not in SANCTIONS:
        raise Refused(_l("Choose what he may not do."))
    if own:
        raise Refused(_l("Nobody sanctions himself."))
    if not now < until <= now + LONGEST:
        raise Refused(_l("A sanction ends, within a year. Choose a day in the future."))


def check_appeal(person_id: int, concerned: int | None, at: datetime, now: datetime) -> None:
    """Raise Refused unless this person may ask that an act be looked at again."""
    if concerned != person_id:
        raise Refused(_l("Only the person concerned asks for another look."))
    if now - at > APPEAL_WITHIN:
        raise Refused(_l("Another look can be asked for within 30 days."))
