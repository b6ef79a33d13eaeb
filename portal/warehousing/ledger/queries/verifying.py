"""The proof of the ledger: everything that is kept beside the entries, made anew and compared."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Connection, case, func, literal, select, union_all

from portal.core import scope
from portal.core.quantities import Quantity, written
from portal.warehousing.goods.models import Sku
from portal.warehousing.ledger.models import (
    Allocation,
    Balance,
    Lot,
    Movement,
    StockEntry,
    StockTotal,
)
from portal.warehousing.ledger.queries.snapshots import differing as snapshots
from portal.warehousing.ledger.rules import APPROVED, EDGES
from portal.warehousing.sites.models import Location

_B, _E, _M, _TOTAL = (each.__table__ for each in (Balance, StockEntry, Movement, StockTotal))
_ALLOCATION, _SKU, _LOT, _PLACE = (each.__table__ for each in (Allocation, Sku, Lot, Location))
_KEY = ("sku_id", "lot_id", "location_id", "status", "handling_unit_id")


def differences(on: Connection) -> Iterator[str]:
    """Yield a sentence for each thing that is not as the entries say it must be."""
    for check in CHECKS:
        yield from check(on)


def _run(query: Any, on: Connection) -> Any:
    return on.execute(query.execution_options(**scope.CENTRE))


def _sum(column: Any) -> Any:
    return func.sum(column, type_=Quantity())


def balances(on: Connection) -> Iterator[str]:
    """Compare each balance with the sum of its entries."""
    columns = [literal(0).label("kept"), literal(0).label("said")]
    kept = select(*(_B.c[name] for name in _KEY), _B.c.on_hand.label("kept"), columns[1])
    said = select(*(_E.c[name] for name in _KEY), columns[0], _E.c.quantity.label("said"))
    both = union_all(kept, said).subquery()
    key = [both.c[name] for name in _KEY]
    summed = (
        select(*key, _sum(both.c.kept).label("kept"), _sum(both.c.said).label("said"))
        .group_by(*key)
        .having(func.sum(both.c.kept) != func.sum(both.c.said))
        .subquery()
    )
    named = (
        select(summed, _SKU.c.code.label("sku"), _LOT.c.code.label("lot"), _PLACE.c.code)
        .join(_SKU, _SKU.c.id == summed.c.sku_id)
        .join(_LOT, _LOT.c.id == summed.c.lot_id)
        .join(_PLACE, _PLACE.c.id == summed.c.location_id)
        .order_by(*(summed.c[name] for name in _KEY[:4]))
    )
    for row in _run(named, on):
        lot = f" lot {row.lot}" if row.lot else ""
        yield (
            f"balance of {row.sku}{lot} at {row.code}, {row.status}: "
            f"{written(row.kept)}, its entries say {written(row.said)}"
        )


def totals(on: Connection) -> Iterator[str]:
    """Compare the totals with the balances."""
    names = ("on_hand", "allocated", "on_hold")
    key = ("company_id", "sku_id", "warehouse_id")
    held = case((_B.c.status == APPROVED, 0), else_=_B.c.on_hand)
    kept = select(*(_TOTAL.c[each] for each in key), *(_TOTAL.c[each] for each in names))
    found = select(*(_B.c[each] for each in key), -_B.c.on_hand, -_B.c.allocated, -held)
    both = union_all(kept, found).subquery()
    sums = [_sum(both.c[each]).label(each) for each in names]
    summed = select(*(both.c[each] for each in key), *sums).group_by(
        *(both.c[each] for each in key)
    )
    wrong = summed.subquery()
    named = select(wrong, _SKU.c.code).join(_SKU, _SKU.c.id == wrong.c.sku_id)
    for name in names:
        for row in _run(named.where(wrong.c[name] != 0).order_by(wrong.c.sku_id), on):
            more = written(getattr(row, name))
            yield (
                f"total of {row.code} in warehouse {row.warehouse_id}, {name}: "
                f"{more} more than its balances"
            )


def allocations(on: Connection) -> Iterator[str]:
    """Compare what balances have promised with the allocations of them."""
    summed = (
        select(_ALLOCATION.c.balance_id, _sum(_ALLOCATION.c.quantity).label("quantity"))
        .group_by(_ALLOCATION.c.balance_id)
        .subquery()
    )
    said = func.coalesce(summed.c.quantity, 0)
    wanted = (
        select(_B.c.id, _B.c.allocated, summed.c.quantity, _SKU.c.code)
        .join_from(_B, _SKU, _SKU.c.id == _B.c.sku_id)
        .outerjoin(summed, summed.c.balance_id == _B.c.id)
        .where(_B.c.allocated != said)
        .order_by(_B.c.id)
    )
    for row in _run(wanted, on):
        yield (
            f"balance {row.id} of {row.code} has promised {written(row.allocated)}, "
            f"its allocations say {written(row.quantity or 0)}"
        )


def movements(on: Connection) -> Iterator[str]:
    """Name movements whose entries do not sum to zero though nothing came or went."""
    wanted = (
        select(_M.c.id, _M.c.kind, _SKU.c.code, _sum(_E.c.quantity).label("quantity"))
        .join_from(_M, _E, _E.c.movement_id == _M.c.id)
        .join(_SKU, _SKU.c.id == _E.c.sku_id)
        .where(_M.c.kind.not_in(sorted(EDGES)))
        .group_by(_M.c.id, _M.c.kind, _E.c.sku_id, _E.c.lot_id, _SKU.c.code)
        .having(func.sum(_E.c.quantity) != 0)
        .order_by(_M.c.id)
    )
    for row in _run(wanted, on):
        yield f"movement {row.id} ({row.kind}) of {row.code} sums to {written(row.quantity)}"


def counter_entries(on: Connection) -> Iterator[str]:
    """Name movements that undo another one and are not its exact opposite."""
    made = select(_M.c.id.label("of"), *(_E.c[each] for each in _KEY), _E.c.quantity)
    made = made.join_from(_M, _E, _E.c.movement_id == _M.c.id).where(_M.c.reverses_id.is_not(None))
    first = select(_M.c.id.label("of"), *(_E.c[each] for each in _KEY), _E.c.quantity)
    first = first.join_from(_M, _E, _E.c.movement_id == _M.c.reverses_id)
    both = union_all(made, first).subquery()
    key = [both.c[each] for each in ("of", *_KEY)]
    wanted = select(both.c.of).group_by(*key).having(func.sum(both.c.quantity) != 0).distinct()
    for row in _run(wanted.order_by(both.c.of), on):
        yield f"movement {row.of} does not undo what it says it undoes"


def belonging(on: Connection) -> Iterator[str]:
    """Name entries that say otherwise than their movement, SKU, lot or place."""
    wanted = (
        select(_E.c.id)
        .join_from(_E, _M, _M.c.id == _E.c.movement_id)
        .join(_SKU, _SKU.c.id == _E.c.sku_id)
        .join(_LOT, _LOT.c.id == _E.c.lot_id)
        .join(_PLACE, _PLACE.c.id == _E.c.location_id)
        .where(
            (_M.c.company_id != _E.c.company_id)
            | (_M.c.warehouse_id != _E.c.warehouse_id)
            | (_M.c.at != _E.c.at)
            | (_SKU.c.company_id != _E.c.company_id)
            | (_LOT.c.sku_id != _E.c.sku_id)
            | (_PLACE.c.warehouse_id != _E.c.warehouse_id)
        )
        .order_by(_E.c.id)
    )
    for row in _run(wanted, on):
        yield f"entry {row.id} says otherwise than its movement, goods, lot or place"


def empty_movements(on: Connection) -> Iterator[str]:
    """Name movements without an entry."""
    has_any = select(literal(1)).where(_E.c.movement_id == _M.c.id).exists()
    for row in _run(select(_M.c.id).where(~has_any).order_by(_M.c.id), on):
        yield f"movement {row.id} has no entries"


CHECKS: tuple[Callable[[Connection], Iterator[str]], ...] = (
    balances,
    totals,
    allocations,
    movements,
    counter_entries,
    belonging,
    empty_movements,
    snapshots,
)
