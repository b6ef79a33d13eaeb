"""Setting single pieces apart: broken ones, ones to be looked at, ones that were good after all."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

from portal.core import scope
from portal.core.db import AnyRow
from portal.core.errors import NotFound, Refused
from portal.core.i18n import lazy as _l
from portal.core.quantities import NOTHING, written
from portal.warehousing.ledger import holds
from portal.warehousing.ledger.models import Balance, StockEntry
from portal.warehousing.ledger.rules import APPROVED, Leg, Posting
from portal.warehousing.ledger.service import losing
from portal.warehousing.ledger.service.holding import arriving_status, into
from portal.warehousing.ledger.service.losing import Lost
from portal.warehousing.ledger.service.posting import Posted, post

_BALANCE, _ENTRY = Balance.__table__, StockEntry.__table__


@dataclass(frozen=True)
class Became:
    """So many pieces that lie somewhere became something else: ``before`` → ``status``."""

    company_id: int
    sku_id: int
    lot_id: int
    location_id: int
    unit_id: int | None
    before: str
    status: str
    quantity: Decimal


#: Told of pieces that became something else, with the connection.
Following = Callable[[Became, Connection], None]
_followed: list[Following] = []


def provide(following: Following) -> None:
    """Let ``following`` be told, in the same transaction, of pieces that became something else.

    It uses nothing but the connection that it is given.
    """
    if following not in _followed:
        _followed.append(following)


@dataclass(frozen=True, kw_only=True)
class Pieces:
    """So much of the goods of a lot at a location that becomes ``status``, and why.

    ``balance_id``: exactly these; None: what is approved there, loose goods first.
    """

    company_id: int
    sku_id: int
    lot_id: int
    location_id: int
    quantity: Decimal
    status: str
    reason: str
    balance_id: int | None = None
    document: str | None = None
    note: str | None = None
    picture_key: str | None = None
    said_at: datetime | None = None


def set_apart(pieces: Pieces, *, by_id: int | None, on: Connection) -> tuple[Posted, list[Lost]]:
    """Change the stock status of single pieces; promises of what is broken end.

    ``status`` is of ``holds.APART``, or approved: then they get what their lot is now. Returns the
    movement and the promises that ended (their owners are told). Raises Refused where less than
    that lies there that was not picked for an order. Records StockMoved.
    """
    if pieces.status not in (*holds.APART, APPROVED) or pieces.quantity <= NOTHING:
        raise Refused(_l("Say how many pieces, and what they are from now on."))
    status = pieces.status
    if status == APPROVED:
        status = arriving_status(pieces.lot_id, pieces.company_id, on=on)
    rows = _sources(pieces, on)
    lost = _freed(pieces, rows, on)
    if lost:
        rows = _sources(pieces, on)
    legs = _legs(pieces, rows, status)
    posting = Posting(
        kind="status",
        company_id=pieces.company_id,
        warehouse_id=rows[0].warehouse_id,
        legs=legs,
        actor_id=by_id,
        document=pieces.document,
        reason=pieces.reason,
        note=pieces.note,
        picture_key=pieces.picture_key,
        said_at=pieces.said_at,
    )
    posted = post(posting, on=on)
    follow(posted.id, pieces.company_id, on=on)
    losing.tell(lost, pieces.company_id, by_id, on=on)
    return posted, lost


def follow(movement_id: int, company_id: int, *, on: Connection) -> None:
    """Tell who is concerned what the pieces of a movement became; of such as ``status`` alone."""
    e = _ENTRY.c
    mine = select(_ENTRY).where(e.movement_id == movement_id, e.company_id == company_id)
    by_goods: dict[tuple[Any, ...], list[AnyRow]] = defaultdict(list)
    for row in on.execute(mine.order_by(e.id).execution_options(**scope.of(company_id))):
        goods = (row.sku_id, row.lot_id, row.location_id, row.handling_unit_id)
        by_goods[goods].append(row)
    for goods, rows in by_goods.items():
        were = [row.status for row in rows if row.quantity < NOTHING]
        are = [row for row in rows if row.quantity > NOTHING]
        for before, now in zip(were, are, strict=False):
            became = Became(company_id, *goods, before, now.status, now.quantity)
            for following in _followed:
                following(became, on)


def _sources(pieces: Pieces, on: Connection) -> Sequence[AnyRow]:
    """Return the balances that the pieces are taken from, locked; loose goods first."""
    b = _BALANCE.c
    wanted = select(_BALANCE).where(
        b.company_id == pieces.company_id, b.sku_id == pieces.sku_id, b.lot_id == pieces.lot_id
    )
    wanted = wanted.where(b.location_id == pieces.location_id, b.on_hand > 0)
    if pieces.balance_id is None:
        wanted = wanted.where(b.status == APPROVED)
    else:
        wanted = wanted.where(b.id == pieces.balance_id)
    found = on.execute(
        wanted.order_by(b.id).with_for_update().execution_options(**scope.of(pieces.company_id))
    ).all()
    if not found:
        raise NotFound(_l("Of these goods and this lot nothing lies at this location."))
    if found[0].status == pieces.status:
        raise Refused(_l("These pieces are that already."))
    return sorted(found, key=lambda row: (row.handling_unit_id is not None, row.id))


def _freed(pieces: Pieces, rows: Sequence[Any], on: Connection) -> list[Lost]:
    """End as many promises on unpicked goods as the pieces need."""
    free = sum((row.on_hand - row.allocated for row in rows), NOTHING)
    missing = pieces.quantity - free
    if missing <= NOTHING:
        return []
    found = losing.promises_on([row.id for row in rows], pieces.company_id, on)
    open_ = [each for row in rows for each in found[row.id] if not each.picked]
    lost = losing.take_back(open_, pieces.company_id, most=missing, on=on)
    there = free + sum((each.quantity for each in lost), NOTHING)
    if there < pieces.quantity:
        raise Refused(
            _l(
                "Only %(there)s of it lie there that were not picked for an order.",
                there=written(there),
            )
        )
    return lost


def _legs(pieces: Pieces, rows: Sequence[Any], status: str) -> list[Leg]:
    legs: list[Leg] = []
    left = pieces.quantity
    for row in rows:
        taken = min(left, row.on_hand - row.allocated)
        if taken > NOTHING:
            legs += into(row, taken, status)
            left -= taken
    return legs
