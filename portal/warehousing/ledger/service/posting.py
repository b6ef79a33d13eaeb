"""The one door into the ledger: a movement, its entries, the balances that follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, case, func, insert, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from portal.core import clock, events, scope
from portal.core.db import is_sqlite
from portal.core.errors import NotFound, Refused
from portal.core.i18n import lazy as _l
from portal.core.prepared import Prepared
from portal.core.quantities import Quantity
from portal.warehousing.ledger import rules
from portal.warehousing.ledger.events import StockMoved
from portal.warehousing.ledger.models import Balance, Movement, StockEntry
from portal.warehousing.ledger.rules import Leg, Posting
from portal.warehousing.ledger.service import checking, totals

_BALANCE, _MOVEMENT, _ENTRY = Balance.__table__, Movement.__table__, StockEntry.__table__
_KEY = text("sku_id, lot_id, location_id, status, coalesce(handling_unit_id, 0)")
_MOVE = Prepared(insert(_MOVEMENT).returning(_MOVEMENT.c.id))
_ENTER = Prepared(insert(_ENTRY))
_LESS_BY = bindparam("taken", type_=Quantity())
_PROMISED = bindparam("promised", type_=Quantity())
_TAKE = Prepared(
    update(_BALANCE)
    .where(
        _BALANCE.c.company_id == bindparam("company"),
        _BALANCE.c.sku_id == bindparam("sku"),
        _BALANCE.c.lot_id == bindparam("lot"),
        _BALANCE.c.location_id == bindparam("location"),
        _BALANCE.c.status == bindparam("stock_status"),
        checking.unit_key == bindparam("unit_key"),
        _BALANCE.c.allocated >= _PROMISED,
        _BALANCE.c.on_hand - _LESS_BY >= _BALANCE.c.allocated - _PROMISED,
    )
    .values(
        on_hand=_BALANCE.c.on_hand - _LESS_BY,
        allocated=_BALANCE.c.allocated - _PROMISED,
        changed_at=bindparam("at"),
    )
    .returning(_BALANCE.c.id, _BALANCE.c.since)
    .execution_options(**scope.BOUND)
)


@dataclass(frozen=True)
class Posted:
    """A movement that is in the ledger now; ``balances``: ids, one for each leg, in their order."""

    id: int
    at: datetime
    balances: Sequence[int]


def post(posting: Posting, *, on: Connection) -> Posted:
    """Record a movement and change the balances it concerns.

    Balances are taken in the order (SKU, lot, location), so that writers never wait for each
    other in a circle. Raises Refused where there is not enough that is free, NotFound for goods
    that are not the owner's, and ValueError for what the program must not ask. Records StockMoved.
    """
    rules.check(posting)
    codes = checking.codes(posting, on)
    checking.check_places(posting, on)
    checking.lock(posting, on)
    at = clock.now()
    id_ = _move(posting, at, on)
    balances = _settle(posting, at, on)
    _ENTER.run_many(on, [_entry(id_, leg, posting, at) for leg in posting.legs])
    events.record(
        StockMoved(
            actor_id=posting.actor_id,
            company_id=posting.company_id,
            movement=id_,
            kind=posting.kind,
            warehouse_id=posting.warehouse_id,
            document=posting.document,
            skus=codes,
        ),
        on=on,
    )
    return Posted(id_, at, balances)


def _move(posting: Posting, at: datetime, on: Connection) -> int:
    row = {
        "company_id": posting.company_id,
        "warehouse_id": posting.warehouse_id,
        "kind": posting.kind,
        "document": posting.document,
        "reason": posting.reason,
        "note": posting.note,
        "actor_id": posting.actor_id,
        "reverses_id": posting.reverses_id,
        "picture_key": posting.picture_key,
        "said_at": posting.said_at,
        "at": at,
    }
    return int(_MOVE.first(on, row).id)


def _settle(posting: Posting, at: datetime, on: Connection) -> list[int]:
    """Change the balances; return their ids, one for each leg."""
    order = sorted(range(len(posting.legs)), key=lambda i: _turn(posting.legs[i]))
    ids = [0] * len(order)
    since: dict[tuple[int, int], datetime] = {}
    for i in order:
        leg = posting.legs[i]
        goods = (leg.sku_id, leg.lot_id)
        if leg.quantity < 0:
            ids[i], came = _taken(leg, posting, at, on)
            since[goods] = min(since.get(goods, came), came)
        else:
            ids[i] = _put(leg, posting, at, leg.since or since.get(goods, at), on)
        key = (posting.company_id, leg.sku_id, posting.warehouse_id)
        totals.moved(key, leg.quantity, leg.allocated, leg.status, on=on)
    return ids


def _turn(leg: Leg) -> tuple[Any, ...]:
    """Return the turn of a line: what loses says since when the goods that gain are here."""
    return (leg.quantity > 0, *checking.place(leg))


def _taken(leg: Leg, posting: Posting, at: datetime, on: Connection) -> tuple[int, datetime]:
    values = {
        "company": posting.company_id,
        "sku": leg.sku_id,
        "lot": leg.lot_id,
        "location": leg.location_id,
        "stock_status": leg.status,
        "unit_key": leg.unit_id or 0,
        "taken": -leg.quantity,
        "promised": -leg.allocated,
        "at": at,
    }
    found = _TAKE.first(on, values)
    if found is None:
        raise rules.too_little()
    return int(found.id), found.since


def _put(leg: Leg, posting: Posting, at: datetime, since: datetime, on: Connection) -> int:
    row = {
        "company_id": posting.company_id,
        "sku_id": leg.sku_id,
        "lot_id": leg.lot_id,
        "handling_unit_id": leg.unit_id,
        "warehouse_id": posting.warehouse_id,
        "location_id": leg.location_id,
        "status": leg.status,
        "on_hand": leg.quantity,
        "allocated": leg.allocated,
        "since": since,
        "changed_at": at,
    }
    return int((_PUT_SQLITE if is_sqlite(on) else _PUT_POSTGRESQL).first(on, row).id)


def _putting(new: Any) -> Prepared:
    """Return the statement that adds to a balance, or begins it."""
    added, old = new.excluded, _BALANCE.c
    is_older = or_(old.on_hand == 0, added.since < old.since)
    adding = new.on_conflict_do_update(
        index_elements=[_KEY],
        set_={
            "on_hand": old.on_hand + added.on_hand,
            "allocated": old.allocated + added.allocated,
            "since": case((is_older, added.since), else_=old.since),
            "changed_at": added.changed_at,
        },
    )
    return Prepared(adding.returning(_BALANCE.c.id))


_PUT_SQLITE = _putting(sqlite_insert(_BALANCE))
_PUT_POSTGRESQL = _putting(postgresql_insert(_BALANCE))


def _entry(movement_id: int, leg: Leg, posting: Posting, at: datetime) -> dict[str, Any]:
    return {
        "movement_id": movement_id,
        "company_id": posting.company_id,
        "sku_id": leg.sku_id,
        "lot_id": leg.lot_id,
        "handling_unit_id": leg.unit_id,
        "warehouse_id": posting.warehouse_id,
        "location_id": leg.location_id,
        "status": leg.status,
        "quantity": leg.quantity,
        "at": at,
    }


def reverse(
    movement_id: int, company_id: int, *, by: int | None, note: str, on: Connection
) -> Posted:
    """Undo a movement by its counter-entries; what was promised of it is not touched.

    Raises Refused where it was undone before, or where the goods have gone elsewhere since, and
    NotFound where the owner has no such movement. Records StockMoved.
    """
    found = _held(movement_id, company_id, on)
    entries = select(_ENTRY).where(_ENTRY.c.movement_id == movement_id).order_by(_ENTRY.c.id)
    rows = on.execute(entries.execution_options(**scope.of(company_id))).all()
    posting = Posting(
        kind=found.kind,
        company_id=company_id,
        warehouse_id=found.warehouse_id,
        legs=[_against(row, _since(row, on)) for row in rows],
        actor_id=by,
        document=found.document,
        reason="mistake",
        note=note,
        reverses_id=movement_id,
    )
    return post(posting, on=on)


def _held(movement_id: int, company_id: int, on: Connection) -> Any:
    """Return a movement that may be undone, held until the end: two cannot undo it at once."""
    mine, table = scope.of(company_id), _MOVEMENT
    owned = (table.c.company_id == company_id, table.c.id == movement_id)
    wanted = select(table).where(*owned).with_for_update()
    found = on.execute(wanted.execution_options(**mine)).first()
    if found is None:
        raise NotFound(_l("There is no such movement."))
    if found.reverses_id is not None:
        raise Refused(_l("This is a counter-entry itself. Record what happened anew."))
    done = select(table.c.id).where(table.c.reverses_id == movement_id)
    if on.scalar(done.execution_options(**mine)) is not None:
        raise Refused(_l("This movement has been undone already."))
    return found


def _since(entry: Any, on: Connection) -> datetime | None:
    """Return when goods that come back had come: their place in the queue is not lost."""
    if entry.quantity > 0:
        return None
    columns = ("sku_id", "lot_id", "location_id", "status")
    same = [_BALANCE.c[name] == getattr(entry, name) for name in columns]
    unit = func.coalesce(_BALANCE.c.handling_unit_id, 0) == (entry.handling_unit_id or 0)
    wanted = select(_BALANCE.c.since).where(*same, unit, _BALANCE.c.company_id == entry.company_id)
    return on.scalar(wanted.execution_options(**scope.of(entry.company_id)))


def _against(entry: Any, since: datetime | None) -> Leg:
    return Leg(
        sku_id=entry.sku_id,
        lot_id=entry.lot_id,
        location_id=entry.location_id,
        quantity=-entry.quantity,
        status=entry.status,
        unit_id=entry.handling_unit_id,
        since=since,
    )
