"""Promising goods to orders of kits, and taking promises back."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select, update

from portal.core import clock, scope
from portal.core.quantities import NOTHING
from portal.warehousing.kits import rows, rules
from portal.warehousing.kits.models import KitLine, KitOrder
from portal.warehousing.kits.rules import PURPOSE, Lying
from portal.warehousing.ledger.models import Balance, Lot
from portal.warehousing.ledger.rules import APPROVED
from portal.warehousing.ledger.service import reserving
from portal.warehousing.ledger.service.losing import Lost
from portal.warehousing.ledger.service.reserving import For
from portal.warehousing.sites.models import Location
from portal.warehousing.sites.rules import ALLOCATABLE

_BALANCE, _LOT, _LOCATION = Balance.__table__, Lot.__table__, Location.__table__
_LINE, _ORDER = KitLine.__table__, KitOrder.__table__


def promise(order: Any, lines: Sequence[Any], on: Connection) -> dict[int, Decimal]:
    """Promise what the lines still need, as far as it is free; return SKU id → what is missing."""
    held = rows.promised_by_line(order, lines, on)
    needed = {line.id: _needed(order, line) - _sum(held[line.id]) for line in lines}
    today = clock.now().astimezone(clock.zone()).date()
    missing: dict[int, Decimal] = {}
    for line in sorted(lines, key=lambda each: int(each.sku_id)):
        left = needed[line.id]
        if left <= NOTHING:
            continue
        for each, many in rules.choose(left, _lying(order, line.sku_id, on), today):
            for_ = For(order.company_id, PURPOSE, line.id)
            if reserving.reserve(each.balance_id, many, for_, on=on) is not None:
                left -= many
        if left > NOTHING:
            missing[line.sku_id] = left
    return missing


def release_all(order: Any, lines: Sequence[Any], on: Connection) -> None:
    """Take back everything that is promised to an order."""
    for held in rows.promised_by_line(order, lines, on).values():
        for row in held:
            reserving.release(row.id, row.quantity, order.company_id, on=on)


def _needed(order: Any, line: Any) -> Decimal:
    """Return what a line still uses up for the sets that are to be done."""
    needed: Decimal = line.per_kit * (order.quantity - order.done)
    return needed


def _sum(rows: Sequence[Any]) -> Decimal:
    return sum((row.quantity for row in rows), NOTHING)


def _lying(order: Any, sku_id: int, on: Connection) -> list[Lying]:
    """Return the balances of a SKU of which something may be promised, in the order of locks."""
    b, place = _BALANCE.c, _LOCATION.c
    wanted = (
        select(b.id, b.sku_id, b.lot_id, b.location_id, b.on_hand, b.allocated, b.since)
        .add_columns(_LOT.c.expires_on, place.kind, place.walk)
        .join_from(_BALANCE, _LOT, _LOT.c.id == b.lot_id)
        .join(_LOCATION, place.id == b.location_id)
        .where(b.company_id == order.company_id, b.sku_id == sku_id, b.status == APPROVED)
        .where(b.warehouse_id == order.warehouse_id, b.on_hand > b.allocated)
        .where(place.kind.in_(ALLOCATABLE), place.blocked.is_(None), _LOT.c.status == APPROVED)
        .order_by(b.sku_id, b.lot_id, b.location_id)
    )
    rows = on.execute(wanted.execution_options(**scope.of(order.company_id)))
    return [
        Lying(
            row.id, row.sku_id, row.lot_id, row.location_id, row.on_hand - row.allocated,
            row.since, row.expires_on, row.kind, row.walk,
        )
        for row in rows
    ]  # fmt: skip


def lost(company_id: int, lines: Sequence[Lost], _by: int | None, on: Connection) -> None:
    """Let orders whose goods were held or broke wait for others."""
    ids = {each.purpose_id for each in lines}
    mine = select(_LINE.c.order_id).where(_LINE.c.company_id == company_id, _LINE.c.id.in_(ids))
    waiting = update(_ORDER).where(
        _ORDER.c.company_id == company_id, _ORDER.c.id.in_(mine), _ORDER.c.status == "ready"
    )
    values = waiting.values(status="waiting", changed_at=clock.now())
    on.execute(values.execution_options(**scope.of(company_id)))


def names(lines: Sequence[int], company_id: int, on: Connection) -> Sequence[str]:
    """Return the references of the orders that lines belong to."""
    wanted = (
        select(_ORDER.c.ref)
        .join_from(_ORDER, _LINE, _LINE.c.order_id == _ORDER.c.id)
        .where(_LINE.c.company_id == company_id, _LINE.c.id.in_(list(lines)))
        .distinct()
    )
    return list(on.scalars(wanted.execution_options(**scope.of(company_id))))
