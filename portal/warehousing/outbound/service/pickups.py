"""The slot at a dock at which an order is fetched, by its owner or a carrier."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from portal.core import clock, scope
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.warehousing.outbound.models import OutboundOrder
from portal.warehousing.outbound.rules import orders as rules
from portal.warehousing.outbound.service import states
from portal.warehousing.sites.queries import bookings_of
from portal.warehousing.sites.service import docks

_ORDER = OutboundOrder.__table__
KIND = "out"  # of docks


def check(order: Any) -> None:
    """Raise Refused unless an order may be given a slot: once it is placed, until it has left."""
    if order.status not in rules.OPEN:
        raise Refused(_l("A slot can be chosen once an order is placed, until it has left."))


def schedule(ref: str, slot: str, *, by: int | None, on: Connection) -> Any:
    """Book the slot (``Slot.value``) for an order, instead of the one it has; return the booking.

    Raises Refused where the slot is taken or the order is not to be fetched any more: then it
    keeps what it has. Records DockBooked or DockMoved, OutboundChanged.
    """
    order = _locked(ref, on)
    check(order)
    old = _coming(order, on, after=clock.now())
    if old:
        booking = docks.retake(old[-1].id, KIND, slot, order.company_id, by=by, on=on)
    else:
        house = order.warehouse_id
        booking = docks.take(
            slot, order.ref, order.company_id, warehouse_id=house, kind=KIND, by=by, on=on
        )
    states.changed(order, "slot", by=by, on=on)
    return booking


def give_up(ref: str, *, by: int | None, on: Connection) -> None:
    """Give the slot of an order back. Records DockCancelled, OutboundChanged."""
    order = _locked(ref, on)
    if docks.cancel_all(order.ref, order.company_id, by=by, on=on) == 0:
        raise Refused(_l("This order has no slot that could be given back."))
    states.changed(order, "slot", by=by, on=on)


def follow(order: Any, by: int | None, on: Connection) -> None:
    """Free the slot of an order that is cancelled, and one that left before its slot began."""
    if order.status == rules.CANCELLED:
        docks.cancel_all(order.ref, order.company_id, by=by, on=on)
    elif order.status == rules.SHIPPED:
        for booking in _coming(order, on, after=clock.now()):
            if booking.starts_at > clock.now():
                docks.cancel(booking.id, order.company_id, by=by, on=on)


def _coming(order: Any, on: Connection, *, after: datetime) -> list[Any]:
    found = bookings_of([order.ref], order.company_id, on).get(order.ref, [])
    return [booking for booking in found if booking.ends_at > after]


def _locked(ref: str, on: Connection) -> Any:
    c = _ORDER.c
    known = select(c.id, c.company_id).where(c.ref == ref).execution_options(**scope.CENTRE)
    found = on.execute(known).first()
    if found is None:
        raise rules.missing()
    return states.locked(found.id, found.company_id, on=on)
