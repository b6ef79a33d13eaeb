"""What an order is sent without and its owner still wants: an order of its own that waits."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from portal.core import scope
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.warehousing.outbound.models import OutboundLine, OutboundOrder
from portal.warehousing.outbound.rules import orders as rules
from portal.warehousing.outbound.rules.asked import MOST_REF, NewLine
from portal.warehousing.outbound.service import allocating, orders, states
from portal.warehousing.outbound.service.orders import CONSIGNEE, SAID, NewOrder
from portal.warehousing.sites import queries as sites

_ORDER, _LINE = OutboundOrder.__table__, OutboundLine.__table__
#: Statuses with which an order leaves behind what it still waits for.
PARTING = frozenset({rules.PICKED, rules.CHECKED, rules.PACKED, rules.SHIPPED})


def part(order: Any, *, by: int | None, on: Connection) -> Any | None:
    """Let what an order (a locked row) waits for go on as an order of its own; return that one.

    Of the first one it is short from now on. None where it waits for nothing. Records
    OutboundOrdered, OutboundMoved.
    """
    waiting = [line for line in states.lines_of(order, on=on) if line.backordered > 0]
    if not waiting:
        return None
    for line in waiting:
        allocating.set_figures(
            line, short=line.short + line.backordered, backordered=line.backordered * 0, on=on
        )
    made = orders.create(_rest_of(order, waiting, on), by=by, on=on)
    made = _waits(made, order, on)
    for line in states.lines_of(made, on=on):
        allocating.set_figures(line, backordered=line.quantity, on=on)
    return made


def _rest_of(order: Any, waiting: Sequence[Any], on: Connection) -> NewOrder:
    columns = {name: getattr(order, name) for name in (*SAID, *CONSIGNEE)}
    columns |= {"policy": "backorder", "order_ref": _number(order, on)}
    return NewOrder(
        company_id=order.company_id,
        warehouse=sites.warehouse_of(order.warehouse_id, on=on),
        columns=columns,
        lines=[
            NewLine(sku_id=line.sku_id, quantity=line.backordered, lot_id=line.lot_id)
            for line in waiting
        ],
        rest_of_id=order.rest_of_id or order.id,
    )


def _number(order: Any, on: Connection) -> str:
    """Return the order's own number with the number of its part: ``SO-1/2``."""
    first = order.rest_of_id or order.id
    wanted = select(func.count()).select_from(_ORDER).where(_ORDER.c.rest_of_id == first)
    wanted = wanted.where(_ORDER.c.company_id == order.company_id)
    parts = int(on.scalar(wanted.execution_options(**scope.of(order.company_id))) or 0)
    own = order.order_ref.rpartition("/")[0] if order.rest_of_id else order.order_ref
    return f"{own[: MOST_REF - 4]}/{parts + 2}"


def _waits(made: Any, order: Any, on: Connection) -> Any:
    """Bring the new order to where it waits, in the place that the first one has."""
    said = {"submitted_at": order.submitted_at, "ship_by": order.ship_by}
    for status in (rules.SUBMITTED, rules.ACCEPTED, rules.BACKORDERED):
        made = states.advance(made, status, by=None, on=on, **said)
    return made


def send_now(order: Any, *, by: int | None, on: Connection) -> Any:
    """Let a waiting order (a locked row) go with what it has; the rest goes on by itself.

    Returns the order. Raises Refused for one that does not wait, or has nothing yet. Records
    OutboundOrdered, OutboundMoved.
    """
    if order.status != rules.BACKORDERED:
        raise Refused(_l("This order does not wait for stock."))
    if not any(line.allocated > 0 for line in states.lines_of(order, on=on)):
        raise Refused(_l("Nothing of this order has come yet."))
    part(order, by=by, on=on)
    return states.advance(order, rules.ALLOCATED, by=by, on=on)


def note_parted(order: Any, by: int | None, on: Connection) -> None:
    """Part an order that has gone on without all that its owner wants (``states.provide``)."""
    if order.status in PARTING:
        part(order, by=by, on=on)
