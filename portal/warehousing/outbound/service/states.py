"""Moving an order from one status to the next, and writing down that it did.

Whoever works on an order locks its row first (``locked``): before its lines, and those before
balances.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from portal.core import clock, events, scope
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.core.prepared import Prepared
from portal.warehousing.outbound.events import OutboundChanged, OutboundMoved
from portal.warehousing.outbound.models import OutboundLine, OutboundOrder, OutboundStep
from portal.warehousing.outbound.rules import orders as rules

_ORDER, _LINE, _STEP = (m.__table__ for m in (OutboundOrder, OutboundLine, OutboundStep))
_MINE = (_ORDER.c.company_id == bindparam("company"), _ORDER.c.id == bindparam("order"))
_LOCK = Prepared(select(_ORDER).where(*_MINE).with_for_update().execution_options(**scope.BOUND))
_LINES = Prepared(
    select(_LINE)
    .where(_LINE.c.company_id == bindparam("company"), _LINE.c.order_id == bindparam("order"))
    .order_by(_LINE.c.position)
    .execution_options(**scope.BOUND)
)
#: What may change together with the status.
_ALONG = (
    "wave_id",
    "hold_reason",
    "hold_note",
    "held_status",
    "ship_by",
    "submitted_at",
    "shipped_at",
    "consignment_no",
)
_MOVE = Prepared(
    update(_ORDER)
    .where(*_MINE, _ORDER.c.status == bindparam("from_status"))
    .values(
        status=bindparam("to_status"),
        status_at=bindparam("at"),
        **{name: bindparam(f"new_{name}") for name in _ALONG},
    )
    .returning(*_ORDER.c)
    .execution_options(**scope.BOUND)
)
_PROMISE = Prepared(
    update(_ORDER).where(*_MINE).values(ship_by=bindparam("until")).execution_options(**scope.BOUND)
)
_STEPPED = Prepared(insert(_STEP))
#: What follows when an order has moved: (its row, who moved it, connection).
Following = Callable[[Any, int | None, Connection], None]
_following: list[Following] = []


def provide(follow: Following) -> None:
    """Let ``follow`` do, in the same transaction, what an order's new status brings about."""
    if follow not in _following:
        _following.append(follow)


def locked(order_id: int, company_id: int, *, on: Connection) -> Any:
    """Return the order (all columns), locked until the transaction ends.

    Raises NotFound where it is not this company's.
    """
    found = _LOCK.first(on, {"company": company_id, "order": order_id})
    if found is None:
        raise rules.missing()
    return found


def lines_of(order: Any, *, on: Connection) -> list[Any]:
    """Return the lines of an order (all columns) by position."""
    return list(_LINES.all(on, {"company": order.company_id, "order": order.id}))


def advance(
    order: Any,
    status: str,
    *,
    by: int | None,
    on: Connection,
    note: str | None = None,
    **along: Any,
) -> Any:
    """Move an order on; return its row as it is now.

    ``order`` is its row as it was read last; ``along`` are columns that change with the status:
    wave_id, hold_reason, hold_note, held_status, ship_by, submitted_at, shipped_at,
    consignment_no. Raises Refused where the rules do not allow it, and where somebody else moved
    it since. Records OutboundMoved.
    """
    rules.advance(order.status, status)
    if unknown := set(along) - set(_ALONG):
        raise TypeError(f"These columns do not change with the status: {sorted(unknown)}.")
    at = clock.now()
    values = {f"new_{name}": along.get(name, getattr(order, name)) for name in _ALONG}
    mine = {"company": order.company_id, "order": order.id, "from_status": order.status}
    moved = _MOVE.first(on, {**mine, "to_status": status, "at": at, **values})
    if moved is None:
        raise Refused(_l("Somebody else has moved this order just now. Look at it again."))
    step(moved, by=by, note=note, on=on)
    _tell(order, moved, by, on)
    for follow in _following:
        follow(moved, by, on)
    return moved


def resume_to(order: Any, status: str, *, on: Connection) -> Any:
    """Write where an order that is on hold goes on afterwards; return its row."""
    mine = (_ORDER.c.company_id == order.company_id, _ORDER.c.id == order.id)
    changing = update(_ORDER).where(*mine).values(held_status=status).returning(*_ORDER.c)
    return on.execute(changing.execution_options(**scope.of(order.company_id))).one()


def promise_anew(order: Any, until: datetime, *, on: Connection) -> None:
    """Write by when an order leaves that had to wait."""
    values = {"company": order.company_id, "order": order.id, "until": until}
    _PROMISE.run(on, values)


def step(order: Any, *, by: int | None, note: str | None, on: Connection) -> None:
    """Write down that an order took the status it has."""
    row = {
        "company_id": order.company_id,
        "order_id": order.id,
        "status": order.status,
        "note": note,
        "actor_id": by,
        "at": order.status_at,
    }
    _STEPPED.run(on, row)


def _tell(order: Any, moved: Any, by: int | None, on: Connection) -> None:
    told = OutboundMoved(
        actor_id=by,
        company_id=moved.company_id,
        ref=moved.ref,
        warehouse_id=moved.warehouse_id,
        status=moved.status,
        status_before=order.status,
        reason=moved.hold_reason,
    )
    events.record(told, on=on)


def changed(order: Any, *fields: str, by: int | None, on: Connection) -> None:
    """Tell that something of an order changed: lines, consignee, allocated, picked …

    Records OutboundChanged.
    """
    told = OutboundChanged(
        actor_id=by,
        company_id=order.company_id,
        ref=order.ref,
        warehouse_id=order.warehouse_id,
        status=order.status,
        fields=list(fields),
    )
    events.record(told, on=on)
