"""Counting a place: begin, scan by scan, take one back, end. What is expected stays in here."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from portal.core import clock, scope
from portal.core.errors import NotFound, Refused
from portal.core.i18n import lazy as _l
from portal.core.quantities import NOTHING
from portal.warehousing.counting import rules
from portal.warehousing.counting.models import CountLine, CountRound, CountTally
from portal.warehousing.counting.service import standing
from portal.warehousing.goods.models import Sku
from portal.warehousing.ledger.models import Balance, StockEntry

_ROUND, _LINE, _TALLY, _BALANCE, _ENTRY, _SKU = (
    model.__table__ for model in (CountRound, CountLine, CountTally, Balance, StockEntry, Sku)
)


@dataclass(frozen=True)
class _Lot:
    company_id: int
    sku_id: int
    id: int


@dataclass(frozen=True, kw_only=True)
class Found:
    """So much of a lot (row of ``lot``) that somebody counted."""

    lot: Any
    quantity: Decimal


def begin(place_id: int, *, by_id: int, on: Connection) -> Any:
    """Begin a round at a place, or go on with one's own; return the place.

    Raises Refused where somebody else is counting it, for who counted it before, and where it is
    done. Records CountChanged with the first place of a count.
    """
    place = standing.place(place_id, on)
    row = _round(place, on)
    if row is not None:
        if row.person_id != by_id:
            raise Refused(_l("Somebody else is counting this place now. Take another one."))
        return place
    if place.status not in rules.WAITING:
        raise Refused(_l("This place has been counted. Nothing more is to be done here."))
    rules.check_may_count(by_id, _counted_by(place.id, on))
    on.execute(
        insert(_ROUND).values(
            place_id=place.id, number=place.round, person_id=by_id, began_at=clock.now()
        )
    )
    standing.set_place(place.id, on, status="counting")
    standing.settle(place.count_id, by_id=by_id, on=on)
    return standing.place(place.id, on)


def tally(place_id: int, found: Found, *, by_id: int, on: Connection) -> int:
    """Add what was counted to the round; return the tally's id.

    Raises Refused unless one counts this place, and for goods that are not to be counted there.
    """
    place, _ = _mine(place_id, by_id, on)
    lot = found.lot
    if place.only_skus is not None and lot.sku_id not in place.only_skus:
        raise Refused(_l("These goods are not to be counted here. Leave them where they are."))
    line_id = _line(place, lot, on)
    row = {
        "company_id": lot.company_id,
        "line_id": line_id,
        "round": place.round,
        "person_id": by_id,
        "quantity": found.quantity,
        "book": book(place.location_id, lot, on),
        "at": clock.now(),
    }
    return int(on.scalar(insert(_TALLY).values(**row).returning(_TALLY.c.id)) or 0)


def void(tally_id: int, *, by_id: int, on: Connection) -> None:
    """Take one's own tally back while the round lasts; raises NotFound and Refused."""
    wanted = (
        select(_TALLY.c.person_id, _TALLY.c.voided_at, _LINE.c.place_id)
        .join_from(_TALLY, _LINE, _LINE.c.id == _TALLY.c.line_id)
        .where(_TALLY.c.id == tally_id)
    )
    row = on.execute(wanted.execution_options(**scope.CENTRE)).first()
    if row is None or row.person_id != by_id:
        raise NotFound(_l("There is nothing of yours to take back."))
    _mine(row.place_id, by_id, on)
    if row.voided_at is not None:
        raise Refused(_l("That was taken back already."))
    change = update(_TALLY).where(_TALLY.c.id == tally_id).values(voided_at=clock.now())
    on.execute(change.execution_options(**scope.CENTRE))


def finish(place_id: int, *, by_id: int, on: Connection) -> str:
    """End the round: hold each line against the ledger; return what the place is now.

    What lies there by the ledger and was not counted, was counted as nothing. Records
    CountChanged where the count came further by it.
    """
    place, row = _mine(place_id, by_id, on)
    _note_missing(place, on)
    for line in _to_compare(place, on):
        _compare(place, line, row, on)
    ended = update(_ROUND).where(_ROUND.c.id == row.id).values(ended_at=clock.now())
    on.execute(ended)
    status = standing.settle_place(place, on)
    standing.settle(place.count_id, by_id=by_id, on=on)
    return status


def give_up(place_id: int, *, by_id: int, on: Connection) -> None:
    """Forget a round that lasts (its counter was called away), so that another can begin it.

    Raises Refused where nobody is counting.
    """
    place = standing.place(place_id, on)
    row = _round(place, on)
    if row is None:
        raise Refused(_l("Nobody is counting this place."))
    lines = select(_LINE.c.id).where(_LINE.c.place_id == place.id)
    gone = update(_TALLY).where(_TALLY.c.line_id.in_(lines), _TALLY.c.round == place.round)
    gone = gone.where(_TALLY.c.voided_at.is_(None)).values(voided_at=clock.now())
    on.execute(gone.execution_options(**scope.CENTRE))
    on.execute(_ROUND.delete().where(_ROUND.c.id == row.id))
    status = "open" if place.round == 1 else "recount"
    standing.set_place(place.id, on, status=status)
    standing.settle(place.count_id, by_id=by_id, on=on)


def book(location_id: int, lot: Any, on: Connection) -> Decimal:
    """Return how much of a lot lies at a location by the ledger, in any status and unit."""
    b = _BALANCE.c
    wanted = select(func.coalesce(func.sum(b.on_hand), 0, type_=b.on_hand.type)).where(
        b.company_id == lot.company_id,
        b.sku_id == lot.sku_id,
        b.lot_id == lot.id,
        b.location_id == location_id,
    )
    return on.scalar(wanted.execution_options(**scope.of(lot.company_id))) or NOTHING


def _round(place: Any, on: Connection) -> Any:
    """Return the round of a place that lasts, or None."""
    wanted = select(_ROUND).where(
        _ROUND.c.place_id == place.id,
        _ROUND.c.number == place.round,
        _ROUND.c.ended_at.is_(None),
    )
    return on.execute(wanted).first()


def _counted_by(place_id: int, on: Connection) -> set[int]:
    wanted = select(_ROUND.c.person_id).where(_ROUND.c.place_id == place_id)
    return set(on.execute(wanted).scalars())


def _mine(place_id: int, by_id: int, on: Connection) -> tuple[Any, Any]:
    """Return a place and the round that ``by_id`` does there; raises Refused without one."""
    place = standing.place(place_id, on)
    row = _round(place, on)
    if row is None or row.person_id != by_id:
        raise Refused(_l("Scan the location first: you are not counting it."))
    return place, row


def _line(place: Any, lot: Any, on: Connection) -> int:
    known = select(_LINE.c.id).where(
        _LINE.c.place_id == place.id, _LINE.c.sku_id == lot.sku_id, _LINE.c.lot_id == lot.id
    )
    found = on.scalar(known.execution_options(**scope.CENTRE))
    if found is not None:
        return int(found)
    row = {
        "company_id": lot.company_id,
        "place_id": place.id,
        "sku_id": lot.sku_id,
        "lot_id": lot.id,
        "status": "counting",
    }
    return int(on.scalar(insert(_LINE).values(**row).returning(_LINE.c.id)) or 0)


def _note_missing(place: Any, on: Connection) -> None:
    """Make a line of what lies there by the ledger and nobody counted, in the first round."""
    if place.round > 1:
        return
    b = _BALANCE.c
    lies = select(b.company_id, b.sku_id, b.lot_id.label("id")).where(
        b.location_id == place.location_id, b.on_hand > 0
    )
    if place.only_skus is not None:
        lies = lies.where(b.sku_id.in_(place.only_skus))
    for lot in on.execute(lies.distinct().execution_options(**scope.CENTRE)).all():
        _line(place, lot, on)


def _to_compare(place: Any, on: Connection) -> list[Any]:
    """Return the lines that this round is about, with the unit of their goods."""
    wanted = select(_LINE, _SKU.c.unit).join_from(_LINE, _SKU, _SKU.c.id == _LINE.c.sku_id)
    wanted = wanted.where(_LINE.c.place_id == place.id, _LINE.c.status.in_(("counting", "recount")))
    return list(on.execute(wanted.order_by(_LINE.c.id).execution_options(**scope.CENTRE)))


def _compare(place: Any, line: Any, row: Any, on: Connection) -> None:
    """Hold one line against the ledger, and keep what came of it."""
    tallies = _tallies(line.id, place.round, on)
    counted = sum((each.quantity for each in tallies), NOTHING)
    lot = _Lot(line.company_id, line.sku_id, line.lot_id)
    now = book(place.location_id, lot, on)
    since = tallies[0].at if tallies else row.began_at
    came = _came_since(place.location_id, lot, since, on)
    result = rules.compare(
        counted,
        tallies[0].book if tallies else now - sum(came, NOTHING),
        now,
        unit=line.unit,
        round_=place.round,
        moved=bool(came),
    )
    values: dict[str, Any] = {
        "counted": result.counted,
        "expected": result.expected,
        "moved": result.moved,
        "status": result.status,
    }
    if line.first_at is None:
        values |= _first(result, clock.now())
    change = update(_LINE).where(_LINE.c.id == line.id).values(**values)
    on.execute(change.execution_options(**scope.CENTRE))


def _first(result: rules.Compared, at: datetime) -> dict[str, Any]:
    return {
        "first_at": at,
        "first_counted": result.counted,
        "first_expected": result.expected,
        "first_right": result.status == "right",
    }


def _tallies(line_id: int, round_: int, on: Connection) -> list[Any]:
    """Return what was counted of a line in a round and not taken back, the first first."""
    c = _TALLY.c
    wanted = select(c.quantity, c.book, c.at).where(
        c.line_id == line_id, c.round == round_, c.voided_at.is_(None)
    )
    return list(on.execute(wanted.order_by(c.id).execution_options(**scope.CENTRE)))


def _came_since(location_id: int, lot: Any, since: datetime, on: Connection) -> list[Decimal]:
    """Return the ± entries of a lot at a location from an instant on."""
    e = _ENTRY.c
    wanted = select(e.quantity).where(
        e.company_id == lot.company_id,
        e.sku_id == lot.sku_id,
        e.at >= since,
        e.lot_id == lot.id,
        e.location_id == location_id,
    )
    return list(on.execute(wanted.execution_options(**scope.of(lot.company_id))).scalars())
