"""Cartons as all hands on them share them: found, changed, told of, looked into."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from portal.core import events, scope
from portal.core.db import AnyRow
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.core.quantities import NOTHING
from portal.warehousing.goods.models import Sku
from portal.warehousing.outbound.events import CartonMoved
from portal.warehousing.outbound.models import Carton, CartonContent, CartonType
from portal.warehousing.outbound.rules.cartons import Box, Item
from portal.warehousing.outbound.service import handling, states
from portal.warehousing.outbound.service.handling import Hand

_CARTON, _CONTENT, _TYPE, _SKU = (m.__table__ for m in (Carton, CartonContent, CartonType, Sku))


def get(order: Any, carton_id: int, *, on: Connection) -> AnyRow:
    """Return a carton of an order, locked; raises NotFound for any other."""
    c = _CARTON.c
    mine = select(_CARTON).where(c.company_id == order.company_id, c.id == carton_id)
    mine = mine.where(c.order_id == order.id).with_for_update()
    found = on.execute(mine.execution_options(**scope.of(order.company_id))).first()
    if found is None:
        raise NotFound(_l("This order has no such carton."))
    return found


def all_of(order: Any, *, on: Connection) -> Sequence[AnyRow]:
    """Return the cartons of an order that are not emptied, by number."""
    c = _CARTON.c
    mine = select(_CARTON).where(c.company_id == order.company_id, c.order_id == order.id)
    mine = mine.where(c.status != "emptied").order_by(c.number)
    return on.execute(mine.execution_options(**scope.of(order.company_id))).all()


def change(carton: Any, values: dict[str, Any], *, on: Connection) -> AnyRow:
    """Write columns of a carton; return its row."""
    changed = update(_CARTON).where(_CARTON.c.id == carton.id).values(values)
    options = scope.of(carton.company_id)
    return on.execute(changed.returning(*_CARTON.c).execution_options(**options)).one()


def tell(order: Any, carton: Any, hand: Hand, *, on: Connection) -> None:
    """Tell where a carton is on its way. Records CartonMoved."""
    told = CartonMoved(
        actor_id=hand.person_id,
        company_id=order.company_id,
        ref=order.ref,
        warehouse_id=order.warehouse_id,
        sscc=carton.sscc,
        number=carton.number,
        status=carton.status,
    )
    events.record(told, on=on)


def held_by(order: Any, carton: Any, *, on: Connection) -> list[Any]:
    """Return the promises of what is in a carton."""
    lines = states.lines_of(order, on=on)
    unit = carton.handling_unit_id
    return [p for p in handling.promises(order, lines, on=on) if p.handling_unit_id == unit]


def is_whole(order: Any, carton: Any, *, on: Connection) -> bool:
    """Return whether all that lies in a carton is still promised to its order."""
    held = sum((each.quantity for each in held_by(order, carton, on=on)), NOTHING)
    return held == sum((item.quantity for item in items_in(carton, on=on)), NOTHING)


def reconcile(order: Any, carton: Any, *, on: Connection) -> None:
    """Let a carton hold what is promised, and nothing else: goods on hold have left the order."""
    c = _CONTENT.c
    mine = (c.company_id == carton.company_id, c.carton_id == carton.id)
    options = scope.of(carton.company_id)
    on.execute(delete(_CONTENT).where(*mine).execution_options(**options))
    held: dict[tuple[int, int, int], Decimal] = defaultdict(lambda: NOTHING)
    for each in held_by(order, carton, on=on):
        held[each.purpose_id, each.sku_id, each.lot_id] += each.quantity
    for (line, sku, lot), quantity in held.items():
        row = {"company_id": carton.company_id, "carton_id": carton.id, "line_id": line}
        row = row | {"sku_id": sku, "lot_id": lot, "quantity": quantity}
        on.execute(insert(_CONTENT).values(row))


def items_in(carton: Any, *, on: Connection) -> list[Item]:
    """Return what is in a carton, with weights and sides of the goods; ``key``: id of the SKU."""
    c, s = _CONTENT.c, _SKU.c
    wanted = (
        select(c.sku_id, c.quantity, s.weight_g, s.length_mm, s.width_mm, s.height_mm)
        .join_from(_CONTENT, _SKU, s.id == c.sku_id)
        .where(c.company_id == carton.company_id, c.carton_id == carton.id)
        .order_by(c.id)
    )
    rows = on.execute(wanted.execution_options(**scope.of(carton.company_id)))
    return [item_of(row) for row in rows]


def item_of(row: Any) -> Item:
    """Return a row with ``sku_id, quantity, weight_g, length_mm …`` as the rules take it."""
    sides = (row.length_mm, row.width_mm, row.height_mm)
    known = None if None in sides else (int(sides[0]), int(sides[1]), int(sides[2]))
    return Item(key=row.sku_id, quantity=row.quantity, weight_g=row.weight_g, sides=known)


def box_of(row: Any) -> Box:
    """Return a row of ``carton_type`` as the rules take it."""
    return Box(
        id=row.id,
        code=row.code,
        sides=(row.length_mm, row.width_mm, row.height_mm),
        tare_g=row.tare_g,
        most_weight_g=row.most_weight_g,
    )


def boxes(*, on: Connection) -> list[Box]:
    """Return the kinds of cartons that are used."""
    used = select(_TYPE).where(_TYPE.c.active).order_by(_TYPE.c.id)
    return [box_of(row) for row in on.execute(used)]
