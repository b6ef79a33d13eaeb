"""Rules of counts: what is due, who may count and decide, what is right, what is far off."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.core.i18n import lazy_pgettext
from portal.core.quantities import of_thousandths
from portal.warehousing.goods.rules.kinds import DIVISIBLE

#: How the places of a count were chosen → what that is called.
KINDS = {
    "due": _l("What is due"),
    "zone": lazy_pgettext("count", "By zone"),
    "location": _l("By location"),
    "sku": _l("By goods"),
}
STATUSES = {
    "planned": lazy_pgettext("count", "Planned"),
    "counting": _l("Being counted"),
    "deciding": _l("To be decided"),
    "closed": _l("Closed"),
    "cancelled": _l("Cancelled"),
}
OPEN = ("planned", "counting", "deciding")
PLACE_STATUSES = {
    "open": _l("Not counted yet"),
    "counting": _l("Being counted"),
    "recount": _l("To be counted again"),
    "deciding": _l("To be decided"),
    "done": _l("Done"),
    "dropped": _l("Left out"),
}
WAITING = ("open", "counting", "recount")
LINE_STATUSES = {
    "counting": _l("Being counted"),
    "right": lazy_pgettext("count", "Right"),
    "recount": _l("To be counted again"),
    "deciding": _l("To be decided"),
    "adjusted": _l("Adjusted"),
    "kept": _l("The ledger stays"),
}
#: Kinds of locations that are counted: goods at stages and docks are on their way.
COUNTED_KINDS = ("receive", "reserve", "pick", "hold", "return")
MOST_PLACES = 500  # of one count
MOST_ROUNDS = 5
#: How often goods of a grade are counted.
EVERY = {"A": timedelta(days=30), "B": timedelta(days=90), "C": timedelta(days=180)}
#: The share of goods that are A, and A or B, of those that moved most.
SHARES = {"A": Decimal("0.2"), "B": Decimal("0.5")}
LOOKED_BACK = timedelta(days=90)
#: What may be off without a second count, in hundredths of a per cent of what is expected.
TOLERANCE_BP = {"whole": 10, "divisible": 50}
MAX_NOTE = 300  # characters


def tolerance(expected: Decimal, unit: str) -> Decimal:
    """Return by how much a count may be off without being counted again.

    0.1 % of what is counted whole (so from 1 000 pieces on), 0.5 % of what is weighed or
    measured, rounded down.
    """
    kind = "divisible" if unit in DIVISIBLE else "whole"
    allowed = int(abs(expected) * 1000 * TOLERANCE_BP[kind] // 10_000)
    exact = of_thousandths(allowed)
    return exact if kind == "divisible" else Decimal(int(exact))


@dataclass(frozen=True, kw_only=True)
class Compared:
    """What a round found of one line: the figure of the ledger, and what is to be done."""

    counted: Decimal
    expected: Decimal
    moved: bool
    status: str  # right, recount, deciding


def compare(
    counted: Decimal, at_first: Decimal, at_end: Decimal, *, unit: str, round_: int, moved: bool
) -> Compared:
    """Hold a count against the ledger as it stood at the line's first scan and at the end.

    What equals either is right: whoever took or put goods meanwhile did so before or after the
    counter passed. Anything else that moved is counted again, in any round.
    """
    if counted in (at_first, at_end):
        return Compared(counted=counted, expected=counted, moved=moved, status="right")
    far = abs(counted - at_end) > tolerance(at_end, unit)
    again = round_ < MOST_ROUNDS and (moved or (round_ == 1 and far))
    status = "recount" if again else "deciding"
    return Compared(counted=counted, expected=at_end, moved=moved, status=status)


def check_may_count(person_id: int, before: Collection[int]) -> None:
    """Raise Refused for who counted this place before: the second look is another's."""
    if person_id in before:
        raise Refused(_l("You have counted here already. Somebody else has to count it again."))


def check_may_decide(person_id: int, counters: Collection[int]) -> None:
    """Raise Refused for who counted anything of it: nobody approves his own count."""
    if person_id in counters:
        raise Refused(_l("You counted here yourself. Somebody else has to decide about it."))


def place_status(lines: Collection[str]) -> str:
    """Return the status of a place whose round ended, by those of its lines."""
    for status in ("recount", "deciding"):
        if status in lines:
            return status
    return "done"


def count_status(places: Collection[str]) -> str:
    """Return the status of a count, by those of its places."""
    here = set(places)
    if here <= {"done", "dropped"}:
        return "closed"
    if here <= {"open"}:
        return "planned"
    return "deciding" if not here & set(WAITING) else "counting"


def grade(place: int, of: int) -> str:
    """Return the grade of the goods at ``place`` (from 0) of so many, by how much they moved."""
    share = Decimal(place) / max(of, 1)
    return next((each for each, most in SHARES.items() if share < most), "C")


def is_due(grade_: str, last: datetime | None, now: datetime) -> bool:
    """Return whether goods of a grade are to be counted: never counted, or long ago."""
    return last is None or now - last >= EVERY[grade_]


def share_right(right: int, counted: int) -> Decimal | None:
    """Return the share of lines that were right at first, None without any."""
    return Decimal(right) / counted if counted else None
