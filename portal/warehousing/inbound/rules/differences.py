"""Where what came differs from what was announced, and what may become of it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.core.i18n import lazy_pgettext
from portal.core.quantities import NOTHING
from portal.warehousing.inbound.rules.receiving import tolerance

#: Kind → what it is called.
KINDS = {
    "short": lazy_pgettext("difference", "Short"),
    "over": lazy_pgettext("difference", "Over"),
    "damaged": lazy_pgettext("difference", "Damaged"),
    "wrong": lazy_pgettext("difference", "Another lot than announced"),
    "unannounced": lazy_pgettext("difference", "Not announced"),
}
#: State → what it is called. Open ones wait for the owner, declined ones for the centre.
STATES = {
    "open": lazy_pgettext("difference", "To be answered"),
    "accepted": lazy_pgettext("difference", "Accepted"),
    "declined": lazy_pgettext("difference", "Declined, being looked at again"),
    "settled": lazy_pgettext("difference", "Settled"),
}
NEXT: dict[str, frozenset[str]] = {
    "open": frozenset({"accepted", "declined"}),
    "declined": frozenset({"open", "settled"}),
    "accepted": frozenset(),
    "settled": frozenset(),
}
#: What the centre does about a declined difference → what it is called.
OUTCOMES = {
    "confirmed": _l("Counted again: it is as it was said"),
    "found": _l("Counted again: it is otherwise"),
    "sent_back": _l("Sent back"),
}
#: Kinds of which there are goods here that can be sent back.
PRESENT = frozenset({"over", "damaged", "wrong", "unannounced"})
MOST_NOTE = 500  # characters


@dataclass(frozen=True)
class Found:
    """A difference of one line: its kind, and how much it is about (base units)."""

    line_id: int
    kind: str
    quantity: Decimal


def advance(current: str, wanted: str) -> str:
    """Return ``wanted`` if a difference may become that; raises Refused otherwise."""
    if wanted not in NEXT[current]:
        message = (
            _l("This difference has been answered already.")
            if wanted in NEXT["open"]
            else _l("The owner has not declined this difference.")
        )
        raise Refused(message)
    return wanted


def found(lines: Sequence[Any], tolerances_bp: Mapping[int, int]) -> list[Found]:
    """Return the differences of a notice, line by line.

    ``lines`` have ``id, sku_id, announced, received, damaged, instead_of_id``; ``tolerances_bp``
    is SKU id → over-receipt tolerance. What came over within the tolerance is none.
    """
    other_lots: dict[int, Decimal] = defaultdict(lambda: NOTHING)
    announced: dict[int, Decimal] = defaultdict(lambda: NOTHING)
    came: dict[int, Decimal] = defaultdict(lambda: NOTHING)
    for line in lines:
        announced[line.sku_id] += line.announced
        came[line.sku_id] += line.received
        if line.instead_of_id is not None:
            other_lots[line.instead_of_id] += line.received
    too_many = {
        sku
        for sku, total in came.items()
        if total > announced[sku] + tolerance(announced[sku], tolerances_bp.get(sku, 0))
    }
    return [
        each
        for line in lines
        for each in _of_line(line, other_lots[line.id], line.sku_id in too_many)
    ]


def _of_line(line: Any, other_lot: Decimal, is_too_much: bool) -> Iterator[Found]:
    if line.damaged:
        yield Found(line.id, "damaged", line.damaged)
    if not line.announced:
        if line.received:
            kind = "unannounced" if line.instead_of_id is None else "wrong"
            yield Found(line.id, kind, line.received)
        return
    more = line.received + other_lot - line.announced
    if more < 0:
        yield Found(line.id, "short", -more)
    elif more > 0 and is_too_much and line.received > line.announced:
        yield Found(line.id, "over", min(more, line.received - line.announced))


def changed_by(kind: str, before: Decimal, now: Decimal) -> Decimal:
    """Return by how much stock changes when a difference turns out to be ``now``, not ``before``.

    Less short, or more over, is more stock; damage does not change how much there is.
    """
    if kind == "damaged":
        return NOTHING
    return before - now if kind == "short" else now - before
