"""Picking: the way through the warehouse, and what is said where goods are missing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.core.quantities import written

#: Why goods that were promised cannot be taken.
REASONS = {
    "short": _l("There is less of it than there should be"),
    "damaged": _l("It is damaged"),
    "other_lot": _l("Another lot lies there"),
}
#: Where it came to light.
NOTED_AT = {"pick": _l("Picking"), "check": _l("Checking")}
#: Why goods go back to a place of theirs.
BACK = {"cancelled": _l("The order was cancelled"), "changed": _l("The order was changed")}
#: What the owner wants where there is not enough, and nothing is found elsewhere.
SHIP_SHORT = "partial"
WAIT_FOR_REST = "backorder"
SEND_NOTHING = "all_or_nothing"


@dataclass(frozen=True)
class Part:
    """What of a stop is for one order: its promise, how much, and where it is laid down."""

    allocation: Any
    quantity: Decimal


@dataclass(frozen=True)
class Stop:
    """One place on the way: so much of one lot, for one order or for several of a batch."""

    first: Any  # row of the first promise: it names location, goods, lot and unit
    parts: tuple[Part, ...]

    @property
    def quantity(self) -> Decimal:
        """Return how much is to be taken there in all."""
        return sum((part.quantity for part in self.parts), Decimal(0))


def stops(promises: Iterable[Any]) -> list[Stop]:
    """Return promises as the stops of a walk, each place once, in walking order.

    A promise has ``walk, location, balance_id, id, quantity``.
    """
    ordered = sorted(promises, key=lambda p: (p.walk, p.location, p.balance_id, p.id))
    grouped = groupby(ordered, key=lambda p: p.balance_id)
    return [_stop(list(group)) for _, group in grouped]


def _stop(promises: Sequence[Any]) -> Stop:
    return Stop(promises[0], tuple(Part(each, each.quantity) for each in promises))


def check_quantity(asked: Decimal, open_: Decimal) -> None:
    """Raise Refused for a quantity that is none, or more than is still to be done."""
    if asked <= 0:
        raise Refused(_l("Say how many: more than nothing."))
    if asked > open_:
        raise Refused(
            _l(
                "Only %(open)s are still to be done here. Put the rest back.",
                open=written(open_),
            )
        )
