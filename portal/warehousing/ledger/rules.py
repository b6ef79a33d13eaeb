"""Rules of the ledger: what a movement may be."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.core.i18n import lazy_pgettext as _p
from portal.core.quantities import NOTHING

APPROVED = "approved"
#: Stock status, and status of a lot → what it is called.
STATUSES = {
    APPROVED: _p("stock status", "Approved"),
    "on_hold": _p("stock status", "On hold"),
    "quarantined": _p("stock status", "Quarantined"),
    "recalled": _p("stock status", "Recalled"),
    "damaged": _p("stock status", "Damaged"),
    "expired": _p("stock status", "Expired"),
}
#: Kinds of movements by which goods come to the centre, leave it, or are put right.
EDGES = frozenset({"receive", "issue", "adjust"})
KINDS = {
    "receive": _p("movement", "Received"),
    "put_away": _p("movement", "Put away"),
    "move": _p("movement", "Moved"),
    "replenish": _p("movement", "Replenished"),
    "pick": _p("movement", "Picked"),
    "pack": _p("movement", "Packed"),
    "restock": _p("movement", "Put back"),
    "status": _p("movement", "Status changed"),
    "issue": _p("movement", "Issued"),
    "adjust": _p("movement", "Adjusted"),
}
#: Why something was adjusted, issued otherwise than to a consignee, or moved against a proposal.
REASONS = {
    "count": _l("Counted"),
    "damage": _l("Damaged in the warehouse"),
    "found": _l("Found"),
    "lost": _l("Lost"),
    "mistake": _l("Recorded by mistake"),
    "expired": _l("Past its date"),
    "kit": _l("Made into a set, or taken apart"),
    "return": _l("Came back"),
    "scrap": _l("Scrapped"),
    "owner": _l("On the owner’s instruction"),
    "quality": _l("On quality’s instruction"),
    "full": _l("The location was full"),
    "unsuitable": _l("The location did not suit"),
    "other": _l("Other"),
}


@dataclass(frozen=True, kw_only=True)
class Leg:
    """One ± line: so much of a SKU and lot, at a location, in a stock status.

    ``allocated`` is how much of the quantity is promised and goes along (same sign).
    ``since``: when the goods came to the centre; None: as what leaves in the same movement.
    """

    sku_id: int
    lot_id: int
    location_id: int
    quantity: Decimal
    status: str = APPROVED
    unit_id: int | None = None
    allocated: Decimal = NOTHING
    since: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Posting:
    """A movement to be recorded, of one owner's goods in one warehouse."""

    kind: str
    company_id: int
    warehouse_id: int
    legs: Sequence[Leg]
    actor_id: int | None
    document: str | None = None
    reason: str | None = None
    note: str | None = None
    reverses_id: int | None = None
    picture_key: str | None = None
    said_at: datetime | None = None


def check(posting: Posting) -> None:
    """Raise ValueError for a movement that the ledger must not hold: a fault of the program."""
    if posting.kind not in KINDS or not posting.legs:
        raise ValueError(f"No movement: {posting.kind!r} with {len(posting.legs)} entries.")
    if posting.reason is not None and posting.reason not in REASONS:
        raise ValueError(f"No reason: {posting.reason!r}.")
    for leg in posting.legs:
        _check_leg(leg)
    if posting.kind not in EDGES and any(net(posting.legs).values()):
        raise ValueError(f"The entries of a movement of kind {posting.kind!r} must sum to zero.")


def _check_leg(leg: Leg) -> None:
    if leg.quantity == 0 or leg.status not in STATUSES:
        raise ValueError("An entry has a quantity and a stock status.")
    if leg.allocated * leg.quantity < 0 or abs(leg.allocated) > abs(leg.quantity):
        raise ValueError("Only what moves can be promised, and it moves the same way.")
    if leg.allocated and leg.status != APPROVED:
        raise ValueError("Only approved goods are promised.")


def net(legs: Sequence[Leg]) -> Mapping[tuple[int, int], Decimal]:
    """Return (SKU, lot) → what the entries sum to."""
    found: dict[tuple[int, int], Decimal] = defaultdict(lambda: NOTHING)
    for leg in legs:
        found[leg.sku_id, leg.lot_id] += leg.quantity
    return found


def too_little() -> Refused:
    """Return the answer where a movement would take more than lies there and is not promised."""
    return Refused(
        _l("There is not so much of it at that location that is free. Look it up again.")
    )
