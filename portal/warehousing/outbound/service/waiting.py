"""Back-orders: orders that wait for stock, and are promised it as it comes, the oldest first."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, Select, bindparam, exists, select

from portal.core import clock, scope
from portal.core.db import db
from portal.core.prepared import Prepared
from portal.core.working import Hours
from portal.warehousing.ledger.models import Balance, Lot
from portal.warehousing.outbound.models import OutboundLine, OutboundOrder
from portal.warehousing.outbound.promisable import PROMISABLE
from portal.warehousing.outbound.rules import orders as rules
from portal.warehousing.outbound.rules import promise
from portal.warehousing.outbound.service import allocating, states
from portal.warehousing.sites.models import Location, Warehouse

_ORDER, _LINE, _BALANCE, _LOT, _LOCATION, _WAREHOUSE = (
    m.__table__ for m in (OutboundOrder, OutboundLine, Balance, Lot, Location, Warehouse)
)
#: The oldest promise first; what is urgent before all else.
_OLDEST = (_ORDER.c.priority.desc(), _ORDER.c.ship_by, _ORDER.c.id)
AT_ONCE = 20  # orders served in one transaction


def _waiting() -> Select[Any]:
    """Return the select of waiting orders for which something may be free."""
    free = (
        exists()
        .where(
            _BALANCE.c.company_id == _LINE.c.company_id,
            _BALANCE.c.sku_id == _LINE.c.sku_id,
            _BALANCE.c.warehouse_id == _ORDER.c.warehouse_id,
            _LOT.c.id == _BALANCE.c.lot_id,
            _LOCATION.c.id == _BALANCE.c.location_id,
            *PROMISABLE,
        )
        .correlate(_LINE, _ORDER)
    )
    lines = (
        select(_LINE.c.id)
        .where(_LINE.c.order_id == _ORDER.c.id, _LINE.c.backordered > 0, free)
        .correlate(_ORDER)
    )
    return select(_ORDER.c.id, _ORDER.c.company_id).where(
        _ORDER.c.status == rules.BACKORDERED, exists(lines.with_only_columns(_LINE.c.id))
    )


_BEFORE = Prepared(
    _waiting()
    .where(
        _ORDER.c.company_id == bindparam("company"),
        _ORDER.c.warehouse_id == bindparam("warehouse"),
        _ORDER.c.id != bindparam("order"),
    )
    .order_by(*_OLDEST)
    .limit(AT_ONCE)
    .execution_options(**scope.BOUND)
)


def serve_before(order: Any, *, on: Connection) -> None:
    """Promise what has come to the orders of the same owner that wait, before a new one asks.

    Records what ``allocating.allocate`` records.
    """
    values = {
        "company": order.company_id,
        "warehouse": order.warehouse_id,
        "order": order.id,
    }
    for each in _BEFORE.all(on, values):
        with suppress(allocating.NotEnough):  # it waits for all of it
            allocating.allocate(each.id, each.company_id, on=on)


def found() -> Sequence[Any]:
    """Return waiting orders (id, company_id) for which something may be free, oldest first."""
    wanted = _waiting().order_by(*_OLDEST).limit(AT_ONCE)
    return db.session.execute(wanted.execution_options(**scope.CENTRE)).all()


def serve(order_id: int, company_id: int, *, hours: Hours, on: Connection) -> bool:
    """Promise a waiting order what has come; return whether it got anything.

    Once it has all, it is promised anew by when it leaves. Records OutboundMoved or
    OutboundChanged.
    """
    order = states.locked(order_id, company_id, on=on)
    if order.status != rules.BACKORDERED:
        return False
    before = sum(line.backordered for line in states.lines_of(order, on=on))
    try:
        outcome = allocating.allocate(order_id, company_id, on=on)
    except allocating.NotEnough:  # it waits for all of it
        return False
    if outcome.order.status == rules.ALLOCATED:
        states.promise_anew(outcome.order, _leaves(outcome.order, hours, on), on=on)
    return bool(sum(outcome.missing.values()) < before)


def _leaves(order: Any, hours: Hours, on: Connection) -> Any:
    cut_off = on.scalar(select(_WAREHOUSE.c.cut_off).where(_WAREHOUSE.c.id == order.warehouse_id))
    at = promise.cut_off_of(cut_off or "15:00")
    return promise.ship_by(clock.now(), at, hours, order.wished_on)
