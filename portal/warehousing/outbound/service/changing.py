"""What may still happen to an order that was handed in: hold, change, redirect, cancel.

What is allowed at which stage stands in ``rules.orders``. Every function takes the row of the
order that was found for who asks, and locks it itself.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, select, update

from portal.core import scope
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.core.quantities import NOTHING
from portal.warehousing.outbound.models import OutboundLine, OutboundOrder, PickTask
from portal.warehousing.outbound.rules import orders as rules
from portal.warehousing.outbound.rules.asked import NewLine
from portal.warehousing.outbound.service import (
    allocating,
    orders,
    picking,
    restocking,
    states,
)
from portal.warehousing.outbound.service.handling import Hand

_ORDER, _LINE, _TASK = (m.__table__ for m in (OutboundOrder, OutboundLine, PickTask))


def cancel(order: Any, *, by: int | None, note: str | None = None, on: Connection) -> Any:
    """Cancel an order: what was promised is free again, what was picked has to be put back.

    Raises Refused once it has left, or was cancelled before. Records OutboundMoved, RestockOwed.
    """
    order = states.locked(order.id, order.company_id, on=on)
    rules.check_cancel(order.status)
    restocking.put_back(order, Hand(by), reason="cancelled", on=on)
    allocating.take_back(order, states.lines_of(order, on=on), on=on)
    picking.close_task(order, on=on)
    return states.advance(order, rules.CANCELLED, by=by, note=note, on=on, hold_reason=None)


def hold(order: Any, reason: str, *, by: int | None, note: str | None, on: Connection) -> Any:
    """Put an order on hold; it keeps what it was promised, and leaves its wave.

    Raises Refused once it is being picked. Records OutboundMoved.
    """
    order = states.locked(order.id, order.company_id, on=on)
    status = rules.hold(order.status, reason)
    held = {"hold_reason": reason, "hold_note": note, "held_status": order.status}
    return states.advance(order, status, by=by, note=note, on=on, wave_id=None, **held)


def resume(order: Any, *, by: int | None, note: str | None = None, on: Connection) -> Any:
    """Let an order go on that was on hold; one that was never promised stock is now.

    Raises Refused unless it is on hold, and NotEnough by its policy. Records OutboundMoved.
    """
    order = states.locked(order.id, order.company_id, on=on)
    if order.status != rules.ON_HOLD:
        raise Refused(_l("This order is not on hold."))
    back = rules.resumed(order.held_status)
    free = {"hold_reason": None, "hold_note": None, "held_status": None}
    order = states.advance(order, back, by=by, note=note, on=on, **free)
    if order.status == rules.SUBMITTED:
        order = states.advance(order, rules.ACCEPTED, by=None, on=on)
    if order.status == rules.ACCEPTED:
        return allocating.allocate(order.id, order.company_id, by=None, on=on).order
    return order


def change_lines(
    order: Any, lines: Sequence[NewLine], *, seen: int, by: int | None, on: Connection
) -> Any:
    """Replace the lines of an order; what it was promised is given back and promised anew.

    ``seen``: the version of the order that was on the screen. Raises Refused once it is released
    to the floor, and where somebody else changed it meanwhile; NotEnough by its policy. Records
    OutboundChanged, OutboundMoved.
    """
    order = _unchanged(order, seen, on)
    rules.check_change(order.status)
    if not lines:
        raise Refused(_l("An order without lines is cancelled instead."))
    _check_never_picked(order, on)
    allocating.take_back(order, states.lines_of(order, on=on), on=on)
    mine = (_LINE.c.company_id == order.company_id, _LINE.c.order_id == order.id)
    on.execute(delete(_LINE).where(*mine).execution_options(**scope.of(order.company_id)))
    orders.write_lines(order, lines, on=on)
    order = _written(order, {"line_count": len(lines)}, on)
    states.changed(order, "lines", by=by, on=on)
    return _promised_anew(order, by, on)


def _check_never_picked(order: Any, on: Connection) -> None:
    """Raise Refused for an order that was on the floor: what happened there names its lines."""
    begun = select(_TASK.c.id).where(
        _TASK.c.company_id == order.company_id, _TASK.c.order_id == order.id
    )
    if on.scalar(begun.limit(1).execution_options(**scope.of(order.company_id))) is not None:
        raise Refused(_l("This order was on the floor already. Cancel it, and order anew."))


def _promised_anew(order: Any, by: int | None, on: Connection) -> Any:
    """Promise stock to an order that had been promised some, or waited for it."""
    if order.status == rules.ON_HOLD:
        return states.resume_to(order, rules.ACCEPTED, on=on)
    if order.status == rules.DRAFT:
        return order
    if order.status != rules.ACCEPTED:
        order = states.advance(order, rules.ACCEPTED, by=by, on=on, wave_id=None)
    return allocating.allocate(order.id, order.company_id, by=None, on=on).order


def redirect(
    order: Any, columns: Mapping[str, Any], *, seen: int, by: int | None, on: Connection
) -> Any:
    """Send an order to another consignee, or by another service; return its row.

    ``columns``: of the order, those of the consignee, service, note, priority or wished_on.
    Raises Refused once it is packed, and where somebody else changed it meanwhile. Records
    OutboundChanged.
    """
    order = _unchanged(order, seen, on)
    rules.check_redirect(order.status)
    changes = {name: value for name, value in columns.items() if getattr(order, name) != value}
    if not changes:
        return order
    order = _written(order, changes, on)
    told = sorted({"consignee" if name in orders.CONSIGNEE else name for name in changes})
    states.changed(order, *told, by=by, on=on)
    return order


def send_short(order: Any, *, by: int | None, on: Connection) -> Any:
    """Send an order without what it waits for; nothing more of it will come.

    Raises Refused for one that does not wait, or has nothing yet. Records OutboundMoved.
    """
    order = states.locked(order.id, order.company_id, on=on)
    lines = states.lines_of(order, on=on)
    if order.status != rules.BACKORDERED:
        raise Refused(_l("This order does not wait for stock."))
    if not any(line.allocated > 0 for line in lines):
        raise Refused(_l("Nothing of this order has come yet."))
    for line in lines:
        if line.backordered > 0:
            short = line.short + line.backordered
            allocating.set_figures(line, short=short, backordered=NOTHING, on=on)
    return states.advance(order, rules.ALLOCATED, by=by, on=on)


def _unchanged(order: Any, seen: int, on: Connection) -> Any:
    found = states.locked(order.id, order.company_id, on=on)
    if found.version != seen:
        raise Refused(_l("Somebody else has changed this order since. Look at it again."))
    return found


def _written(order: Any, values: Mapping[str, Any], on: Connection) -> Any:
    mine = (_ORDER.c.company_id == order.company_id, _ORDER.c.id == order.id)
    changing = update(_ORDER).where(*mine).values(**values, version=order.version + 1)
    changing = changing.returning(*_ORDER.c)
    return on.execute(changing.execution_options(**scope.of(order.company_id))).one()
