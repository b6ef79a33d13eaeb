"""Whether the daily snapshots are what the entries before them sum to."""

from collections import defaultdict
from collections.abc import Generator, Iterator
from contextlib import closing
from typing import Any

from sqlalchemy import Connection, select

from portal.core import scope
from portal.warehousing.goods.models import Sku
from portal.warehousing.ledger import history
from portal.warehousing.ledger.models import StockEntry, StockSnapshot

_E, _S, _SKU = StockEntry.__table__, StockSnapshot.__table__, Sku.__table__
AT_ONCE = 5000  # rows read at a time


def differing(on: Connection) -> Iterator[str]:
    """Compare every snapshot with the entries before it; both are read once, side by side."""
    with closing(_entries(on)) as entries:
        yield from _compared(on, entries)


def _compared(on: Connection, entries: Iterator[Any]) -> Iterator[str]:
    row: Any = None
    summed: dict[Any, Any] = {}
    sku_id = None
    for snapshot in _snapshots(on):
        if snapshot.sku_id != sku_id:
            sku_id, summed = snapshot.sku_id, defaultdict(int)
        row = next(entries, None) if row is None else row
        while row is not None and (row.sku_id, row.at) < (sku_id, snapshot.until):
            if row.sku_id == sku_id:
                place = (row.warehouse_id, row.location_id, row.lot_id, row.handling_unit_id)
                summed[*place, row.status] += row.quantity
            row = next(entries, None)
        right = history.closed(summed) == snapshot.rows
        if not right or sum(summed.values()) != snapshot.on_hand:
            until = f"{snapshot.until:%Y-%m-%d %H:%M} UTC"
            yield f"snapshot of {snapshot.code} until {until} is not what its entries sum to"


def _snapshots(on: Connection) -> Iterator[Any]:
    wanted = (
        select(_S.c.sku_id, _S.c.until, _S.c.rows, _S.c.on_hand, _SKU.c.code)
        .join_from(_S, _SKU, _SKU.c.id == _S.c.sku_id)
        .order_by(_S.c.sku_id, _S.c.until)
    )
    yield from _streamed(wanted, on)


def _entries(on: Connection) -> Generator[Any, None, None]:
    names = ("sku_id", "at", "warehouse_id", "location_id", "lot_id", "handling_unit_id")
    wanted = select(*(_E.c[name] for name in names), _E.c.status, _E.c.quantity)
    yield from _streamed(wanted.order_by(_E.c.sku_id, _E.c.at, _E.c.id), on)


def _streamed(query: Any, on: Connection) -> Generator[Any, None, None]:
    options = {**scope.CENTRE, "yield_per": AT_ONCE}
    with on.execute(query.execution_options(**options)) as rows:
        yield from rows
