"""Which goods an order gets: first expired first out, first in first out, or the lot it names.

Pure and deterministic. What may be taken at all (approved, not blocked, in the warehouse) was
decided by whoever read the candidates; days that must be left are looked at here.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from portal.core.quantities import NOTHING
from portal.warehousing.sites.rules import ALLOCATABLE as KINDS


@dataclass(frozen=True, kw_only=True)
class Wish:
    """So much of a SKU for a line; ``lot_id``: that lot alone."""

    line_id: int
    sku_id: int
    quantity: Decimal
    lot_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A balance of which something is free. ``since``: when it came to the centre."""

    balance_id: int
    sku_id: int
    lot_id: int
    location_id: int
    free: Decimal
    since: datetime
    expires_on: date | None = None
    kind: str = "pick"
    walk: int = 0
    #: Days that must be left when goods leave.
    least_days: int = 0


@dataclass(frozen=True, kw_only=True)
class Take:
    """So much of a balance for a line."""

    line_id: int
    balance_id: int
    quantity: Decimal
    place: tuple[int, int, int]  # SKU, lot, location: the order in which balances are locked


@dataclass(frozen=True)
class Choice:
    """What was chosen, in lock order, and what is missing of which line."""

    takes: Sequence[Take]
    missing: dict[int, Decimal]


def choose(wishes: Sequence[Wish], candidates: Iterable[Candidate], today: date) -> Choice:
    """Return which balances the lines get.

    Lines that name a lot choose first, so that others leave it to them where they can. Goods with
    a date go by date, those that expire first first; without one by when they came. Goods that
    were not put away yet are taken last. Nothing expired, and nothing with fewer days left than
    the goods must have when they leave.
    """
    free = _by_sku(candidates, today)
    takes: list[Take] = []
    missing = {wish.line_id: wish.quantity for wish in wishes}
    for wish in sorted(wishes, key=lambda each: each.lot_id is None):
        for candidate in free.get(wish.sku_id, ()):
            if missing[wish.line_id] <= 0:
                break
            quantity = _taken(wish, candidate, missing[wish.line_id])
            if quantity > 0:
                takes.append(_take(wish, candidate.of, quantity))
                candidate.left -= quantity
                missing[wish.line_id] -= quantity
    takes.sort(key=lambda take: take.place)
    return Choice(takes, {line: left for line, left in missing.items() if left > 0})


@dataclass
class _Left:
    """A candidate, and how much of it is left."""

    of: Candidate
    left: Decimal


def _by_sku(candidates: Iterable[Candidate], today: date) -> dict[int, list[_Left]]:
    found: dict[int, list[_Left]] = defaultdict(list)
    for each in sorted(candidates, key=rank):
        if each.free > 0 and is_fit(each.expires_on, each.least_days, today):
            found[each.sku_id].append(_Left(each, each.free))
    return found


def rank(candidate: Candidate) -> tuple[object, ...]:
    """Return by what candidates are ordered: the first is taken first."""
    return (
        candidate.kind == KINDS[-1],
        candidate.expires_on is None,
        candidate.expires_on or date.max,
        candidate.since,
        KINDS.index(candidate.kind) if candidate.kind in KINDS else len(KINDS),
        candidate.walk,
        candidate.lot_id,
        candidate.location_id,
        candidate.balance_id,
    )


def is_fit(expires_on: date | None, least_days: int, today: date) -> bool:
    """Return whether goods of that date may leave today; without a date they may."""
    return expires_on is None or expires_on >= today + timedelta(days=max(least_days, 0))


def _taken(wish: Wish, candidate: _Left, wanted: Decimal) -> Decimal:
    if wish.lot_id is not None and wish.lot_id != candidate.of.lot_id:
        return NOTHING
    return min(candidate.left, wanted)


def _take(wish: Wish, candidate: Candidate, quantity: Decimal) -> Take:
    return Take(
        line_id=wish.line_id,
        balance_id=candidate.balance_id,
        quantity=quantity,
        place=(candidate.sku_id, candidate.lot_id, candidate.location_id),
    )
