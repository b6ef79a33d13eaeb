"""Grading goods by how much they move, each night: it says how often they are counted."""

from collections import defaultdict
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select

from portal.core import clock, scope
from portal.warehousing.counting import rules
from portal.warehousing.counting.models import CountRhythm
from portal.warehousing.ledger.models import StockEntry, StockTotal

_RHYTHM, _ENTRY, _TOTAL = (model.__table__ for model in (CountRhythm, StockEntry, StockTotal))
AT_ONCE = 1000  # rows of one insert


def graded(*, on: Connection) -> list[dict[str, Any]]:
    """Return the grades of the goods of every warehouse as they are now, as rows to be kept."""
    now = clock.now()
    moved = _moved(on)
    total = _TOTAL.c
    lies = select(total.warehouse_id, total.sku_id, total.company_id).where(total.on_hand > 0)
    by_house: dict[int, list[Any]] = defaultdict(list)
    for row in on.execute(lies.execution_options(**scope.CENTRE)):
        by_house[row.warehouse_id].append(row)
    rows = []
    for house, goods in by_house.items():
        goods.sort(key=lambda row: (-moved.get((house, row.sku_id), 0), row.sku_id))
        for place, row in enumerate(goods):
            rows.append(
                {
                    "warehouse_id": house,
                    "sku_id": row.sku_id,
                    "company_id": row.company_id,
                    "grade": rules.grade(place, len(goods)),
                    "entries": moved.get((house, row.sku_id), 0),
                    "made_at": now,
                }
            )
    return rows


def keep(rows: list[dict[str, Any]], *, on: Connection) -> int:
    """Keep grades in place of the old ones; return how many."""
    on.execute(delete(_RHYTHM).execution_options(**scope.CENTRE))
    for start in range(0, len(rows), AT_ONCE):
        on.execute(insert(_RHYTHM), rows[start : start + AT_ONCE])
    return len(rows)


def _moved(on: Connection) -> dict[tuple[int, int], int]:
    """Return (warehouse, SKU) → entries of the ledger in the time that is looked back."""
    e = _ENTRY.c
    since = clock.now() - rules.LOOKED_BACK
    wanted = select(e.warehouse_id, e.sku_id, func.count()).where(e.at >= since)
    wanted = wanted.group_by(e.warehouse_id, e.sku_id).execution_options(**scope.CENTRE)
    return {(house, sku): int(many) for house, sku, many in on.execute(wanted)}


def is_old(*, on: Connection) -> bool:
    """Return whether the grades are of another day of the centre."""
    made = on.scalar(select(func.max(_RHYTHM.c.made_at)).execution_options(**scope.CENTRE))
    zone = clock.zone()
    return made is None or made.astimezone(zone).date() < clock.now().astimezone(zone).date()
