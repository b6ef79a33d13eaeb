"""Where goods are put: a ranking of places that anybody can follow."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Any

from portal.core.i18n import lazy as _l
from portal.core.quantities import NOTHING
from portal.warehousing.goods.rules.kinds import DIVISIBLE
from portal.warehousing.ledger.rules import APPROVED
from portal.warehousing.sites.rules import EMPTY, Load, fits, load_of

#: Why a place is proposed → what it is called. Their order is that of the ranking.
WHY = {
    "lot": _l("The same lot lies there"),
    "sku": _l("The same goods lie there"),
    "empty": _l("It is empty"),
    "mixed": _l("There is room beside other goods"),
}
_RANKS = {why: rank for rank, why in enumerate(WHY)}
_THOUSANDTH = Decimal("0.001")
MOST = 5  # places proposed for one task


@dataclass(frozen=True, kw_only=True)
class Goods:
    """What is to be put away: a row of ``sku``, so many base units of a lot, in a stock status."""

    sku: Any
    lot_id: int
    quantity: Decimal
    status: str = APPROVED
    is_pallet: bool = False


@dataclass(frozen=True)
class Place:
    """A location (row of ``sites.queries.locations``) and what lies in it."""

    location: Any
    used: Load = EMPTY


@dataclass(frozen=True)
class Proposal:
    """So much of the goods goes there, for this reason (WHY)."""

    location: Any
    quantity: Decimal
    why: str


def kinds_for(status: str, *, is_pallet: bool) -> tuple[str, ...]:
    """Return kinds of locations for goods of a status, the better first.

    Goods that are not approved are held apart; whole pallets are kept in reserve.
    """
    if status != APPROVED:
        return ("hold", "reserve")
    return ("reserve", "pick") if is_pallet else ("pick", "reserve")


def propose(goods: Goods, places: Iterable[Place], from_walk: int) -> list[Proposal]:
    """Return where to put goods, the best place first, until all of it has a place.

    Beside the same lot, then beside the same goods, then in an empty place, then beside others;
    among those the better kind of location, then one that takes all of it, then the nearest by
    the order in which one walks. Only places of its storage class and with room for it
    (``sites.rules.fits``). A pallet is not split. Goods that are not approved are kept apart
    before anything else. Empty where nothing fits.
    """
    ranked = sorted(
        (
            (_rank(goods, place, amount, from_walk), place, amount)
            for place in places
            if (amount := room(goods, place))
        ),
        key=lambda each: each[0],
    )
    proposals, rest = [], goods.quantity
    for _, place, amount in ranked[:MOST]:
        taken = min(amount, rest)
        if not taken:
            break
        proposals.append(Proposal(place.location, taken, why(goods, place)))
        rest -= taken
    return proposals


def why(goods: Goods, place: Place) -> str:
    """Return the reason for which a place suits goods."""
    if goods.lot_id in place.used.lots:
        return "lot"
    if goods.sku.id in place.used.skus:
        return "sku"
    return "mixed" if place.used.skus else "empty"


def _rank(goods: Goods, place: Place, amount: Decimal, from_walk: int) -> tuple[Any, ...]:
    kinds = kinds_for(goods.status, is_pallet=goods.is_pallet)
    location = place.location
    kind, reason = kinds.index(location.kind), _RANKS[why(goods, place)]
    return (
        *((reason, kind) if goods.status == APPROVED else (kind, reason)),
        amount < goods.quantity,
        abs(location.walk - from_walk),
        location.id,
    )


def room(goods: Goods, place: Place) -> Decimal:
    """Return how much of the goods a place takes: all, a part, or nothing."""
    if place.location.kind not in kinds_for(goods.status, is_pallet=goods.is_pallet):
        return NOTHING
    if fits(place.location, place.used, _load(goods, goods.quantity)) is None:
        return goods.quantity
    if goods.is_pallet:
        return NOTHING
    part = _part(goods, place)
    if not part or fits(place.location, place.used, _load(goods, part)) is not None:
        return NOTHING
    return part


def _load(goods: Goods, quantity: Decimal) -> Load:
    return load_of(goods.sku, quantity, goods.sku.id, goods.lot_id)


def _part(goods: Goods, place: Place) -> Decimal:
    """Return how much of the goods weight and volume leave room for, in units that are counted."""
    location, used, one = place.location, place.used, _load(goods, Decimal(1))
    limits = (
        (location.most_weight_g, used.weight_g, one.weight_g),
        (location.most_volume_mm3, used.volume_mm3, one.volume_mm3),
    )
    amounts = [
        Decimal(max(most - taken, 0)) / each
        for most, taken, each in limits
        if most is not None and each
    ]
    step = _THOUSANDTH if goods.sku.unit in DIVISIBLE else Decimal(1)
    return min([goods.quantity, *amounts]).quantize(step, ROUND_DOWN)


def total(proposals: Sequence[Proposal]) -> Decimal:
    """Return how much has a place."""
    return sum((each.quantity for each in proposals), NOTHING)
