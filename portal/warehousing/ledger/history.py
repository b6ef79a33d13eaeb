"""What there was at a moment: the last snapshot before it, and the entries since.

However long the history before that snapshot is, none of it is read.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, bindparam, func, literal, select
from sqlalchemy.orm import aliased

from portal.core import scope
from portal.core.db import Instant
from portal.core.prepared import Prepared
from portal.core.quantities import NOTHING, of_thousandths, thousandths
from portal.warehousing.ledger.models import StockEntry, StockSnapshot

_E, _S = StockEntry.__table__, StockSnapshot.__table__
BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
AT_ONCE = 500  # SKUs in one statement
#: (warehouse, location, lot, handling unit or None, status)
Place = tuple[int, int, int, int | None, str]
LAST = Prepared(
    select(_S.c.until, _S.c.rows)
    .where(_S.c.sku_id == bindparam("sku"), _S.c.until <= bindparam("at", type_=Instant()))
    .order_by(_S.c.until.desc())
    .limit(1)
    .execution_options(**scope.CENTRE)
)
_KEY = ("warehouse_id", "location_id", "lot_id", "handling_unit_id", "status")
SINCE = Prepared(
    select(*(_E.c[name] for name in _KEY), _E.c.quantity)
    .where(
        _E.c.sku_id == bindparam("sku"),
        _E.c.at >= bindparam("since", type_=Instant()),
        _E.c.at <= bindparam("at", type_=Instant()),
    )
    .execution_options(**scope.CENTRE)
)


@dataclass(frozen=True)
class Held:
    """So much of a SKU, at one place, in one status, at the moment asked for."""

    warehouse_id: int
    location_id: int
    lot_id: int
    handling_unit_id: int | None
    status: str
    quantity: Decimal


def as_of(sku_id: int, at: datetime, on: Connection) -> list[Held]:
    """Return what there was of a SKU at ``at`` (what happened in that instant is in it).

    Whoever asks has made sure that the SKU is one that may be seen.
    """
    last = LAST.first(on, {"sku": sku_id, "at": at})
    since, rows = (BEGINNING, []) if last is None else (last.until, last.rows)
    summed = opened(rows)
    for row in SINCE.all(on, {"sku": sku_id, "since": since, "at": at}):
        summed[tuple(row[:5])] += row.quantity
    return held(summed)


def as_of_many(
    sku_ids: Iterable[int], company_id: int | None, at: datetime, on: Connection
) -> dict[int, list[Held]]:
    """Return SKU → what there was of it at ``at``; ``company_id`` None: of the whole centre."""
    summed = summed_many(sku_ids, company_id, at, on)
    return {sku_id: held(places) for sku_id, places in summed.items()}


def summed_many(
    sku_ids: Iterable[int], company_id: int | None, at: datetime, on: Connection
) -> dict[int, defaultdict[Any, Decimal]]:
    """Return SKU → sums by place at ``at``."""
    found: dict[int, defaultdict[Any, Decimal]] = {}
    ids = sorted(set(sku_ids))
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        summed = {each: opened(()) for each in some}
        for row in _last_of(some, company_id, at, on):
            summed[row.sku_id] = opened(row.rows)
        for row in _since_of(some, company_id, at, on):
            summed[row.sku_id][tuple(row[1:6])] += row.quantity
        found |= summed
    return found


def _scope(company_id: int | None) -> dict[str, Any]:
    return scope.CENTRE if company_id is None else scope.of(company_id)


def _last_of(some: Sequence[int], company_id: int | None, at: datetime, on: Connection) -> Any:
    older = aliased(_S)
    latest = (
        select(func.max(older.c.until))
        .where(older.c.sku_id == _S.c.sku_id, older.c.until <= at)
        .scalar_subquery()
    )
    wanted = select(_S.c.sku_id, _S.c.rows).where(_S.c.sku_id.in_(some), _S.c.until == latest)
    return on.execute(wanted.execution_options(**_scope(company_id)))


def _since_of(
    some: Sequence[int], company_id: int | None, at: datetime, on: Connection
) -> Iterator[Any]:
    """Yield the entries of each SKU since its own last snapshot."""
    goods = (
        select(_S.c.sku_id, func.max(_S.c.until).label("until"))
        .where(_S.c.sku_id.in_(some), _S.c.until <= at)
        .group_by(_S.c.sku_id)
        .subquery()
    )
    columns = (_E.c.sku_id, *(_E.c[name] for name in _KEY))
    begun = (
        select(*columns, _E.c.quantity)
        .join_from(goods, _E, (_E.c.sku_id == goods.c.sku_id) & (_E.c.at >= goods.c.until))
        .where(_E.c.at <= at)
    )
    unseen = (
        select(*columns, _E.c.quantity)
        .where(_E.c.sku_id.in_(some), _E.c.at <= at)
        .where(~select(literal(1)).where(goods.c.sku_id == _E.c.sku_id).exists())
    )
    for wanted in (begun, unseen):
        yield from on.execute(wanted.execution_options(**_scope(company_id)))


def opened(rows: Iterable[Sequence[Any]]) -> defaultdict[Any, Decimal]:
    """Return the rows of a snapshot as sums by place, ready to be added to."""
    summed: defaultdict[Any, Decimal] = defaultdict(lambda: NOTHING)
    for *place, amount in rows:
        summed[tuple(place)] = of_thousandths(amount)
    return summed


def closed(summed: dict[Any, Decimal]) -> list[list[Any]]:
    """Return sums by place as the rows of a snapshot, in one order."""
    rows = [[*place, thousandths(quantity)] for place, quantity in summed.items() if quantity]
    return sorted(rows, key=lambda row: [each or 0 for each in row[:4]] + [row[4]])


def held(summed: dict[Any, Decimal]) -> list[Held]:
    """Return what is left of sums by place."""
    places = sorted(summed, key=lambda place: [each or 0 for each in place[:4]] + [place[4]])
    return [Held(*(*place, summed[place])) for place in places if summed[place]]
