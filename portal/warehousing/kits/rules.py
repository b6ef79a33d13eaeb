"""Rules of kits: what a recipe may be, how an order stands, which goods are taken first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from portal.core.errors import FieldError, Invalid, Refused
from portal.core.i18n import lazy as _l
from portal.core.i18n import lazy_pgettext
from portal.core.quantities import NOTHING
from portal.warehousing.goods.rules.kinds import DIVISIBLE

MAKE, TAKE_APART = "make", "take_apart"
KINDS = {MAKE: _l("Make sets"), TAKE_APART: _l("Take sets apart")}
#: Purpose of what is promised to lines of kit orders.
PURPOSE = "kit"
#: Reference of a movement's reason.
REASON = "kit"
STATUSES = {
    "waiting": _l("Waiting for goods"),
    "ready": _l("Ready to be done"),
    "started": lazy_pgettext("kit", "Begun"),
    "done": lazy_pgettext("kit", "Done"),
    "cancelled": lazy_pgettext("kit", "Cancelled"),
}
NOT_FOUND = _l("There is no order of sets with that reference.")
OPEN = ("waiting", "ready", "started")
MOST_PARTS = 50  # components of one recipe
MOST_SETS = Decimal(100_000)  # of one order
#: Kinds of locations from which goods are promised, the best first.
_FROM = ("pick", "reserve", "receive")


@dataclass(frozen=True)
class Part:
    """So much of a SKU goes into one set."""

    sku_id: int
    quantity: Decimal


@dataclass(frozen=True)
class Lying:
    """A balance of which something is free."""

    balance_id: int
    sku_id: int
    lot_id: int
    location_id: int
    free: Decimal
    since: datetime
    expires_on: date | None
    kind: str
    walk: int


def check_recipe(kit: Any, parts: Sequence[Part], skus: Mapping[int, Any]) -> None:
    """Raise Invalid at the fields where a recipe cannot be.

    ``kit`` is the row of the set, ``skus`` the owner's rows of its components.
    """
    if not parts or len(parts) > MOST_PARTS:
        message = _l("A set is made of 1 to %(most)s kinds of goods.", most=MOST_PARTS)
        raise Invalid(message, [FieldError("parts", message)])
    if kit.unit in DIVISIBLE:
        message = _l("Sets are counted whole; these goods are not.")
        raise Invalid(message, [FieldError("parts", message)])
    wrong = [
        FieldError(f"parts.{index}", message)
        for index, part in enumerate(parts)
        if (message := _wrong(kit, part, skus, parts[:index])) is not None
    ]
    if wrong:
        raise Invalid(_l("Please check what you entered."), wrong)


def _wrong(kit: Any, part: Part, skus: Mapping[int, Any], before: Sequence[Part]) -> Any:
    sku = skus.get(part.sku_id)
    if sku is None:
        return _l("There are no goods with that code.")
    if sku.id == kit.id:
        return _l("A set cannot be a part of itself.")
    if any(each.sku_id == part.sku_id for each in before):
        return _l("These goods are named twice. Add the quantities up.")
    if part.quantity <= NOTHING:
        return _l("Give a quantity above 0.")
    if sku.unit not in DIVISIBLE and part.quantity != part.quantity.to_integral_value():
        return _l("These goods are counted whole. Enter a whole number.")
    return None


def check_quantity(quantity: Decimal, most: Decimal = MOST_SETS) -> None:
    """Raise Refused unless it is a whole number of sets, at most ``most``."""
    if quantity <= NOTHING or quantity != quantity.to_integral_value():
        raise Refused(_l("Sets are counted whole. Enter a whole number above 0."))
    if quantity > most:
        raise Refused(_l("That is more than the %(most)s that are still to be done.", most=most))


def check_open(status: str) -> None:
    """Raise Refused unless something of an order is still to be done."""
    if status == "done":
        raise Refused(_l("This order has been done already."))
    if status == "cancelled":
        raise Refused(_l("This order has been cancelled."))


def status_of(quantity: Decimal, done: Decimal, missing: bool) -> str:
    """Return how an open order stands: so many of it done, goods ``missing`` for the rest."""
    if done >= quantity:
        return "done"
    if done > NOTHING:
        return "started"
    return "waiting" if missing else "ready"


def choose(needed: Decimal, lying: Iterable[Lying], today: date) -> list[tuple[Lying, Decimal]]:
    """Return what is promised of which balances: first what expires first, else what came first.

    Goods past their date are left. The result stands in the order in which balances are locked.
    """
    good = [each for each in lying if each.expires_on is None or each.expires_on > today]
    chosen, left = [], needed
    for each in sorted(good, key=_turn):
        many = min(left, each.free)
        if many > NOTHING:
            chosen.append((each, many))
            left -= many
    return sorted(chosen, key=lambda pair: _place(pair[0]))


def _turn(each: Lying) -> tuple[Any, ...]:
    expires = (each.expires_on is None, each.expires_on or date.max)
    return (*expires, each.since.date(), _FROM.index(each.kind), each.walk, each.balance_id)


def _place(each: Lying) -> tuple[int, int, int]:
    return (each.sku_id, each.lot_id, each.location_id)


def parted(rows: Iterable[Any], needed: Decimal) -> tuple[list[tuple[Any, Decimal]], Decimal]:
    """Return how much is taken of which promises (rows), in their order, and what is missing."""
    taken, left = [], needed
    for row in rows:
        many = min(left, row.quantity)
        if many > NOTHING:
            taken.append((row, many))
            left -= many
    return taken, left


def doable(lines: Iterable[tuple[Decimal, Decimal]]) -> Decimal:
    """Return for how many whole sets the promises last: (for one set, promised) of each line."""
    return min((promised // per_kit for per_kit, promised in lines), default=NOTHING)
