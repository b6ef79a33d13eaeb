"""What belongs to one order: its lines, where their goods lie, its steps, its rests."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from portal.accounts.models import Person
from portal.core import scope
from portal.core.db import AnyRow, db
from portal.warehousing.goods.models import Sku
from portal.warehousing.ledger.models import Allocation, Balance, Lot
from portal.warehousing.outbound.models import OutboundLine, OutboundOrder, OutboundStep
from portal.warehousing.outbound.rules.orders import PURPOSE
from portal.warehousing.sites.models import Location

_ORDER, _LINE, _STEP, _SKU, _LOT, _ALLOCATION, _BALANCE, _LOCATION, _PERSON = (
    m.__table__
    for m in (
        OutboundOrder,
        OutboundLine,
        OutboundStep,
        Sku,
        Lot,
        Allocation,
        Balance,
        Location,
        Person,
    )
)


def lines_of(order: Any) -> Sequence[AnyRow]:
    """Return the lines of an order that was found for who asks, by position.

    All columns, ``sku, name, names, unit`` of the goods, and ``lot``, the code of the named one.
    """
    goods = (_SKU.c.code.label("sku"), _SKU.c.code, _SKU.c.name, _SKU.c.names, _SKU.c.unit)
    wanted = (
        select(_LINE, *goods, _LOT.c.code.label("lot"))
        .join_from(_LINE, _SKU, _SKU.c.id == _LINE.c.sku_id)
        .outerjoin(_LOT, _LOT.c.id == _LINE.c.lot_id)
        .where(_LINE.c.company_id == order.company_id, _LINE.c.order_id == order.id)
        .order_by(_LINE.c.position)
    )
    return db.session.execute(wanted.execution_options(**scope.of(order.company_id))).all()


def promised_of(order: Any) -> dict[int, list[AnyRow]]:
    """Return line id → what is promised to it now.

    ``quantity, picked, lot, expires_on, location, kind`` in walking order.
    """
    a, b = _ALLOCATION.c, _BALANCE.c
    wanted = (
        select(a.purpose_id, a.quantity, a.picked, _LOT.c.code.label("lot"), _LOT.c.expires_on)
        .add_columns(_LOCATION.c.code.label("location"), _LOCATION.c.kind)
        .join_from(_LINE, _ALLOCATION, (a.purpose_id == _LINE.c.id) & (a.purpose == PURPOSE))
        .join(_BALANCE, b.id == a.balance_id)
        .join(_LOT, _LOT.c.id == b.lot_id)
        .join(_LOCATION, _LOCATION.c.id == b.location_id)
        .where(_LINE.c.company_id == order.company_id, _LINE.c.order_id == order.id)
        .where(a.quantity > 0)
        .order_by(_LOCATION.c.walk, a.id)
    )
    found: dict[int, list[AnyRow]] = defaultdict(list)
    for row in db.session.execute(wanted.execution_options(**scope.of(order.company_id))):
        found[row.purpose_id].append(row)
    return found


def steps_of(order: Any) -> Sequence[AnyRow]:
    """Return the statuses that an order took, the oldest first.

    ``status, note, at``, and who of the people it was (``person``; None: the portal itself), with
    ``is_staff`` whether he is of the centre.
    """
    wanted = (
        select(_STEP.c.id, _STEP.c.status, _STEP.c.note, _STEP.c.at)
        .add_columns(_PERSON.c.name.label("person"), _PERSON.c.staff_role)
        .outerjoin_from(_STEP, _PERSON, _PERSON.c.id == _STEP.c.actor_id)
        .where(_STEP.c.company_id == order.company_id, _STEP.c.order_id == order.id)
        .order_by(_STEP.c.id)
    )
    return db.session.execute(wanted.execution_options(**scope.of(order.company_id))).all()


def related_to(order: Any) -> Sequence[AnyRow]:
    """Return the orders that wait for what this one lacked, and the one that it waits for.

    ``ref, order_ref, status, rest_of_id``, by id.
    """
    first = order.rest_of_id or order.id
    c = _ORDER.c
    wanted = select(c.id, c.ref, c.order_ref, c.status, c.rest_of_id).where(
        c.company_id == order.company_id,
        (c.rest_of_id == first) | (c.id == first),
        c.id != order.id,
    )
    wanted = wanted.order_by(c.id).execution_options(**scope.of(order.company_id))
    return db.session.execute(wanted).all()
