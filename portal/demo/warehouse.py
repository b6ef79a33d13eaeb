"""The demo centre's warehousing: goods, houses, ninety days of stock, and what is under way.

Goods and places come first, then the history of the ledger and its closed days; what happens in
the present is entered by the verbs that everybody uses.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from portal.accounts.models import Company, Person
from portal.core import scope
from portal.core.db import db, transaction
from portal.core.quantities import of_thousandths
from portal.demo import (
    warehouse_care,
    warehouse_floor,
    warehouse_goods,
    warehouse_history,
    warehouse_inbound,
    warehouse_kits,
    warehouse_moves,
    warehouse_outbound,
    warehouse_sites,
)
from portal.demo.warehouse_goods import OWNERS
from portal.demo.warehouse_history import Places
from portal.warehousing.goods.models import Sku
from portal.warehousing.ledger.models import StockEntry, StockTotal
from portal.warehousing.ledger.service import snapshots
from portal.warehousing.sites.models import Location, Zone
from portal.warehousing.stock.models import StockWish
from portal.warehousing.stock.service import alerting

WORKER = "warehouse@quayside.example"
READER = "ops@huadong-home.example"  # gets the alerts by mail
OPENED = timedelta(days=200)  # the first goods were entered this long ago
_SKU, _TOTAL, _ENTRY = Sku.__table__, StockTotal.__table__, StockEntry.__table__


def load(seed: int, now: datetime) -> None:
    """Fill the warehouses; the demo's companies and people are there already.

    The days are closed last: stories of the past are told at their own instants.
    """
    rng = Random(seed)  # noqa: S311 - content to look at
    with transaction():
        on = db.session.connection()
        warehouse_goods.fill(OWNERS, at=now - OPENED, on=on)
        houses = warehouse_sites.fill(on)
        _history(houses, rng, now, on)
    with transaction():
        on = db.session.connection()
        warehouse_inbound.fill(houses, now, on)
        warehouse_moves.fill(houses, on)
        warehouse_outbound.fill(houses, now, on)
        warehouse_kits.fill(at=now, on=on)
        warehouse_floor.fill(houses, now, on)
        warehouse_care.fill(houses, now, on)
        _watch(on)
        _in_order(on)
    while snapshots.run():
        pass
    alerting.run()


def _owners(on: Connection) -> list[int]:
    """Return the owners of goods, in the order of OWNERS."""
    found = on.execute(select(Company.id, Company.name).where(Company.name.in_(OWNERS))).all()
    return [row.id for row in sorted(found, key=lambda row: OWNERS.index(row.name))]


def _worker(on: Connection) -> int:
    return int(on.execute(select(Person.id).where(Person.email == WORKER)).scalar_one())


def _history(houses: Any, rng: Random, now: datetime, on: Connection) -> None:
    goods = _goods(on)
    places = places_of(houses.main, on)
    warehouse_history.fill(goods, places, rng, now, on=on)


def _goods(on: Connection) -> Sequence[Any]:
    """Return the goods that have a history: told apart by lots, or not at all."""
    wanted = select(_SKU).where(_SKU.c.lot_policy != "serial", _SKU.c.active).order_by(_SKU.c.id)
    return on.execute(wanted.execution_options(**scope.CENTRE)).all()


def places_of(house: Any, on: Connection) -> Places:
    """Return where the history of a house happens, and who does it."""
    found = {
        kind: [row.id for row in warehouse_sites.locations_of(house, kind, on)]
        for kind in ("receive", "hold")
    }
    shelves = [*_shelves(house, "pick", on), *_shelves(house, "reserve", on)]
    return Places(house.id, found["receive"], shelves, found["hold"], [_worker(on)])


def _shelves(house: Any, kind: str, on: Connection) -> Sequence[Any]:
    place, zone = Location.__table__, Zone.__table__
    columns = (place.c.id, place.c.most_weight_g, place.c.most_volume_mm3, zone.c.storage_class)
    wanted = (
        select(*columns)
        .join_from(place, zone, zone.c.id == place.c.zone_id)
        .where(place.c.warehouse_id == house.id, place.c.kind == kind, place.c.blocked.is_(None))
        .order_by(place.c.walk)
    )
    return on.execute(wanted).all()


def _in_order(on: Connection) -> None:
    """Number the entries as they happened: each story was told by itself, one after the other."""
    rows = on.execute(select(_ENTRY.c.id, _ENTRY.c.at).execution_options(**scope.CENTRE)).all()
    before = sorted(row.id for row in rows)
    ordered = sorted(rows, key=lambda row: (row.at, row.id))
    moves = [{"old": row.id, "new": -new} for row, new in zip(ordered, before, strict=True)]
    moves = [move for move in moves if move["old"] != -move["new"]]
    if not moves:
        return
    one = update(_ENTRY).where(_ENTRY.c.id == bindparam("old")).values(id=bindparam("new"))
    on.execute(one.execution_options(**scope.CENTRE), moves)
    all_ = update(_ENTRY).where(_ENTRY.c.id < 0).values(id=-_ENTRY.c.id)
    on.execute(all_.execution_options(**scope.CENTRE))


def _watch(on: Connection) -> None:
    """Let owners watch some of their goods, and one of them have the alerts by mail."""
    free = _TOTAL.c.on_hand - _TOTAL.c.on_hold
    rows = on.execute(select(_TOTAL.c.sku_id, free).execution_options(**scope.CENTRE)).all()
    for number, (sku_id, thousandths) in enumerate(sorted(rows)):
        left = of_thousandths(int(thousandths))
        told = {"low_cover_days": 10} if number % 3 else {"low_stock": Decimal(int(left * 6 // 5))}
        if number % 3 == 0 and number % 9:
            told = {"low_stock": Decimal(int(left * 2 // 5))}
        change = update(_SKU).where(_SKU.c.id == sku_id).values(**told)
        on.execute(change.execution_options(**scope.CENTRE))
    reader = on.scalar(select(Person.id).where(Person.email == READER))
    if reader is not None and rows:
        company = _owners(on)[0]
        on.execute(insert(StockWish.__table__).values(person_id=reader, company_id=company))
