"""Orders follow their consignments: one that is delivered closes its order.

Read from the state of the consignments, not from single events: after a stop of any length the
next look brings all orders to where they belong, each once.
"""

from functools import partial
from typing import Any

from sqlalchemy import Connection, update

from portal.core import clock, scope
from portal.core.db import db, write
from portal.fulfilment import queries
from portal.fulfilment.models import Shipment
from portal.warehousing.outbound.rules import orders as rules
from portal.warehousing.outbound.service import states

AT_ONCE = 100
CLOSING = ("delivered", "closed")
_SHIPMENT = Shipment.__table__


def follow() -> int:
    """End the shipments whose consignments have come to their end; return how many.

    Records OutboundMoved.
    """
    found = queries.under_way(AT_ONCE)
    db.session.commit()
    return sum(write(partial(_end, shipment)) for shipment in found)


def _end(shipment: Any, on: Connection) -> int:
    return int(end(shipment, shipment.status, on=on))


def end(shipment: Any, outcome: str, *, on: Connection) -> bool:
    """End a shipment (``id, order_id, company_id``) once; return whether it had not ended yet.

    An order whose consignment was delivered is closed; one whose consignment was cancelled stays
    shipped, since its goods are not here: people decide. Records OutboundMoved.
    """
    order = states.locked(shipment.order_id, shipment.company_id, on=on)
    ended = (
        update(_SHIPMENT)
        .where(_SHIPMENT.c.id == shipment.id, _SHIPMENT.c.ended_at.is_(None))
        .values(ended_at=clock.now(), outcome=outcome)
        .returning(_SHIPMENT.c.id)
    )
    if on.scalar(ended.execution_options(**scope.of(shipment.company_id))) is None:
        return False
    if outcome in CLOSING and order.status == rules.SHIPPED:
        states.advance(order, rules.CLOSED, by=None, on=on)
    return True
