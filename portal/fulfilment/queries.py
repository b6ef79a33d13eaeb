"""From an order to the consignment that carries it, and back, for whoever may see both."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from portal.accounts.access import User
from portal.consignments.models import Consignment
from portal.consignments.queries.one import visible_to as consignments_visible_to
from portal.core import scope
from portal.core.db import AnyRow, db
from portal.core.errors import NotFound
from portal.fulfilment.models import Shipment
from portal.warehousing.outbound.models import OutboundOrder
from portal.warehousing.outbound.queries.packs import Box, boxes_of
from portal.warehousing.outbound.queries.visible import visible_to as orders_visible_to

_SHIPMENT, _CONSIGNMENT, _ORDER = (
    model.__table__ for model in (Shipment, Consignment, OutboundOrder)
)


@dataclass(frozen=True)
class Carried:
    """An order that a consignment carries, and its cartons."""

    order: AnyRow
    boxes: list[Box]


def carried_by(user: User, consignment: Any) -> Carried | None:
    """Return the order that left as ``consignment``; None: none did, or he may not see it."""
    if not (user.may("stock.see") or user.may("warehouse.see")):
        return None
    wanted = (
        select(_ORDER)
        .join_from(_SHIPMENT, _ORDER, _ORDER.c.id == _SHIPMENT.c.order_id)
        .where(_SHIPMENT.c.consignment_id == consignment.id)
    )
    try:
        found = db.session.execute(orders_visible_to(user, wanted)).first()
    except NotFound:
        return None
    if found is None:
        return None
    return Carried(found, boxes_of(found, on=db.session.connection()))


def consignment_of(user: User, order: Any) -> AnyRow | None:
    """Return the consignment that carries an order; None: it has not left, or he may not see it."""
    if order.consignment_no is None or not (
        user.may("consignments.see") or user.may("consignments.see_all")
    ):
        return None
    wanted = select(_CONSIGNMENT).where(_CONSIGNMENT.c.no == order.consignment_no)
    try:
        return db.session.execute(consignments_visible_to(user, wanted)).first()
    except NotFound:
        return None


def under_way(limit: int) -> list[Any]:
    """Return shipments whose consignment has come to its end since, oldest first.

    ``id, order_id, company_id, status`` of the consignment.
    """
    s = _SHIPMENT.c
    wanted = (
        select(s.id, s.order_id, s.company_id, _CONSIGNMENT.c.status)
        .join_from(_SHIPMENT, _CONSIGNMENT, _CONSIGNMENT.c.id == s.consignment_id)
        .where(s.ended_at.is_(None), _CONSIGNMENT.c.status.in_(ENDS))
        .order_by(s.id)
        .limit(limit)
    )
    return list(db.session.execute(wanted.execution_options(**scope.CENTRE)))


#: Statuses at which a consignment has come to its end, and its order with it.
ENDS = ("delivered", "closed", "cancelled")
