"""What there was of each SKU at the end of each day on which it moved, kept for good.

A day is closed some time after it has ended, so that a movement that was begun before midnight
and committed after it is in it. The row of ``stock_day`` comes last: where there is one, the day
is done, and a process that died in the middle begins it again without doubling anything.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from portal.core import clock, scope
from portal.core.db import db, is_sqlite, write
from portal.core.quantities import NOTHING
from portal.warehousing.goods.models import Sku
from portal.warehousing.ledger import history
from portal.warehousing.ledger.models import Movement, StockDay, StockEntry, StockSnapshot
from portal.warehousing.sites.models import Warehouse

SETTLED = timedelta(minutes=30)  # after midnight, until the day before is closed
AT_ONCE = 200  # SKUs in one transaction
MOST_DAYS = 40  # in one call; the rest follows in the next
_E, _M, _S, _DAY = (each.__table__ for each in (StockEntry, Movement, StockSnapshot, StockDay))
_SKU, _WAREHOUSE = Sku.__table__, Warehouse.__table__
#: With it the index of movements by warehouse and instant serves a day of all of them.
_ANYWHERE = _M.c.warehouse_id.in_(select(_WAREHOUSE.c.id))


def run() -> int:
    """Close the days that have ended and are not closed yet; return how many snapshots."""
    made = 0
    for _ in range(MOST_DAYS):
        day = due(clock.now())
        if day is None:
            break
        made += close(day)
        clock.breathe()
    return made


def due(now: datetime) -> date | None:
    """Return the earliest day to close on which something moved; None: they are closed."""
    zone = clock.zone()
    last = (now - SETTLED).astimezone(zone).date() - timedelta(days=1)
    with db.engine.connect() as on:
        done = on.scalar(select(func.max(_DAY.c.day)).execution_options(**scope.CENTRE))
        after = history.BEGINNING if done is None else end_of(done)
        here = _M.c.warehouse_id == _WAREHOUSE.c.id
        first = select(func.min(_M.c.at)).where(here, _M.c.at >= after).correlate(_WAREHOUSE)
        earliest = select(func.min(first.scalar_subquery())).select_from(_WAREHOUSE)
        begun = on.scalar(earliest.execution_options(**scope.CENTRE))
    day = None if begun is None else begun.astimezone(zone).date()
    return day if day is not None and day <= last else None


def end_of(day: date) -> datetime:
    """Return the instant at which a day of the centre ends."""
    midnight = datetime.combine(day + timedelta(days=1), time.min, clock.zone())
    return midnight.astimezone(UTC)


def begin_of(day: date) -> datetime:
    """Return the instant at which a day of the centre begins."""
    return end_of(day - timedelta(days=1))


def close(day: date) -> int:
    """Take the snapshots of a day, then note that it is done; return how many."""
    skus = write(lambda on: moved_on(day, on))
    parts = [skus[start : start + AT_ONCE] for start in range(0, len(skus), AT_ONCE)]
    made = 0
    for part in parts:
        made += write(partial(take, part, day))
    write(lambda on: _add_up(day, on))
    return made


def moved_on(day: date, on: Connection) -> list[int]:
    """Return the SKUs that moved on a day."""
    wanted = (
        select(_E.c.sku_id)
        .join_from(_M, _E, _E.c.movement_id == _M.c.id)
        .where(_ANYWHERE, _M.c.at >= begin_of(day), _M.c.at < end_of(day))
        .distinct()
        .order_by(_E.c.sku_id)
    )
    return list(on.execute(wanted.execution_options(**scope.CENTRE)).scalars())


def take(sku_ids: Sequence[int], day: date, on: Connection) -> int:
    """Take the snapshots of some SKUs at the end of a day; those there are stay as they are."""
    until = end_of(day)
    before = until - timedelta(microseconds=1)
    summed, owners = history.summed_many(sku_ids, None, before, on), _owners(sku_ids, on)
    figures: dict[int, list[Decimal]] = defaultdict(lambda: [NOTHING, NOTHING])
    for row in _moved(sku_ids, day, on):
        figures[row.sku_id][0 if row.kind == "receive" else 1] += row.quantity
    rows = [
        {
            "sku_id": sku_id,
            "until": until,
            "company_id": owners[sku_id],
            "rows": history.closed(summed[sku_id]),
            "on_hand": sum(summed[sku_id].values(), NOTHING),
            "came": figures[sku_id][0],
            "went": -figures[sku_id][1],
        }
        for sku_id in sku_ids
    ]
    new = sqlite_insert if is_sqlite(on) else postgresql_insert
    if rows:
        on.execute(new(_S).on_conflict_do_nothing(), rows)
    return len(rows)


def _owners(sku_ids: Sequence[int], on: Connection) -> dict[int, int]:
    wanted = select(_SKU.c.id, _SKU.c.company_id).where(_SKU.c.id.in_(sku_ids))
    return {row.id: row.company_id for row in on.execute(wanted.execution_options(**scope.CENTRE))}


def _moved(sku_ids: Sequence[int], day: date, on: Connection) -> Iterable[Any]:
    """Return what was received and issued of each SKU on a day."""
    wanted = (
        select(_E.c.sku_id, _M.c.kind, func.sum(_E.c.quantity).label("quantity"))
        .join_from(_E, _M, _M.c.id == _E.c.movement_id)
        .where(_E.c.sku_id.in_(sku_ids), _M.c.kind.in_(("receive", "issue")))
        .where(_E.c.at >= begin_of(day), _E.c.at < end_of(day))
        .group_by(_E.c.sku_id, _M.c.kind)
    )
    return on.execute(wanted.execution_options(**scope.CENTRE))


def _add_up(day: date, on: Connection) -> None:
    """Write the day's figures of every owner and warehouse where something moved."""
    figures: dict[tuple[int, int], dict[str, Any]] = {}
    for row in _by_owner(day, on):
        at = figures.setdefault(
            (row.company_id, row.warehouse_id),
            {"came": NOTHING, "went": NOTHING, "change": NOTHING, "movements": 0},
        )
        at["change"] += row.quantity
        at["movements"] += row.movements
        if row.kind in ("receive", "issue"):
            name, sign = ("came", 1) if row.kind == "receive" else ("went", -1)
            at[name] += sign * row.quantity
    rows = []
    for (company_id, warehouse_id), at in sorted(figures.items()):
        on_hand = _last(company_id, warehouse_id, day, on) + at.pop("change")
        key = {"company_id": company_id, "warehouse_id": warehouse_id, "day": day}
        rows.append({**key, **at, "on_hand": on_hand})
    if rows:
        on.execute(insert(_DAY), rows)


def _by_owner(day: date, on: Connection) -> Iterable[Any]:
    wanted = (
        select(
            _M.c.company_id,
            _M.c.warehouse_id,
            _M.c.kind,
            func.sum(_E.c.quantity).label("quantity"),
            func.count(_M.c.id.distinct()).label("movements"),
        )
        .join_from(_M, _E, _E.c.movement_id == _M.c.id)
        .where(_ANYWHERE, _M.c.at >= begin_of(day), _M.c.at < end_of(day))
        .group_by(_M.c.company_id, _M.c.warehouse_id, _M.c.kind)
    )
    return on.execute(wanted.execution_options(**scope.CENTRE))


def _last(company_id: int, warehouse_id: int, day: date, on: Connection) -> Decimal:
    """Return what an owner had in a warehouse at the end of the last day before ``day``."""
    wanted = (
        select(_DAY.c.on_hand)
        .where(_DAY.c.company_id == company_id, _DAY.c.warehouse_id == warehouse_id)
        .where(_DAY.c.day < day)
        .order_by(_DAY.c.day.desc())
        .limit(1)
    )
    return on.scalar(wanted.execution_options(**scope.of(company_id))) or NOTHING
