"""Packing: cartons are begun and filled from what was checked. ``closing`` weighs them."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from portal.core import clock, scope
from portal.core.db import AnyRow
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.core.quantities import NOTHING
from portal.warehousing.ledger.service import lots, reserving
from portal.warehousing.outbound.models import Carton, CartonContent, CartonType
from portal.warehousing.outbound.rules import cartons as rules
from portal.warehousing.outbound.rules import orders as order_rules
from portal.warehousing.outbound.rules.picking import check_quantity
from portal.warehousing.outbound.service import cartons, closing, handling, states
from portal.warehousing.outbound.service.handling import Hand

MOST_CARTONS = 500  # of one order
_CARTON, _CONTENT, _TYPE = (m.__table__ for m in (Carton, CartonContent, CartonType))


def begin(order: Any, type_id: int | None, hand: Hand, *, prefix: str, on: Connection) -> AnyRow:
    """Begin a carton of an order that is checked, with an SSCC of its own; return its row.

    ``type_id`` None: goods in their own packing. ``prefix``: GS1 company prefix of the centre.
    Raises Refused in other statuses, and for a kind that is not used any more.
    Records CartonMoved.
    """
    order = states.locked(order.id, order.company_id, on=on)
    handling.check_status(order, order_rules.CHECKED)
    if type_id is not None:
        _usable(type_id, on)
    unit = lots.new_unit(order.company_id, "carton", prefix=prefix, on=on)
    row = {
        "company_id": order.company_id,
        "order_id": order.id,
        "warehouse_id": order.warehouse_id,
        "number": _next_number(order, on),
        "handling_unit_id": unit["id"],
        "sscc": unit["sscc"],
        "type_id": type_id,
        "status": "open",
        "packed_by_id": hand.person_id,
        "opened_at": clock.now(),
    }
    carton = on.execute(insert(_CARTON).values(row).returning(*_CARTON.c)).one()
    cartons.tell(order, carton, hand, on=on)
    return carton


def _usable(type_id: int, on: Connection) -> AnyRow:
    found = on.execute(select(_TYPE).where(_TYPE.c.id == type_id, _TYPE.c.active)).first()
    if found is None:
        raise Refused(_l("This kind of carton is not used any more. Choose another one."))
    return found


def _next_number(order: Any, on: Connection) -> int:
    mine = (_CARTON.c.company_id == order.company_id, _CARTON.c.order_id == order.id)
    counted = select(func.coalesce(func.max(_CARTON.c.number), 0)).where(*mine)
    last = int(on.scalar(counted.execution_options(**scope.of(order.company_id))) or 0)
    if last >= MOST_CARTONS:
        raise Refused(_l("An order has at most %(most)s cartons.", most=MOST_CARTONS))
    return last + 1


def put_in(
    order: Any,
    carton_id: int,
    sku_id: int,
    quantity: Decimal,
    *,
    hand: Hand,
    lot_id: int | None = None,
    on: Connection,
) -> AnyRow:
    """Put so much of a SKU, of any lot or of one, into an open carton; return the carton.

    Raises Refused for goods that are not the order's, and for more than is still to be packed.
    Records StockMoved, OutboundChanged.
    """
    order = states.locked(order.id, order.company_id, on=on)
    handling.check_status(order, order_rules.CHECKED)
    carton = cartons.get(order, carton_id, on=on)
    _check_open(carton)
    lines = [line for line in states.lines_of(order, on=on) if line.sku_id == sku_id]
    if not lines:
        raise Refused(_l("These goods are not in this order. Put them back."))
    loose = _loose(order, lines, lot_id, on)
    check_quantity(quantity, sum((each.quantity for each in loose), NOTHING))
    by_id = {line.id: line for line in lines}
    left = quantity
    for each in loose:
        now = min(left, each.quantity)
        if now > 0:
            _put(order, carton, by_id[each.purpose_id], each, now, hand, on)
            left -= now
    states.changed(order, "packed", by=hand.person_id, on=on)
    return carton


def _check_open(carton: Any) -> None:
    if carton.status != "open":
        raise Refused(_l("This carton is closed. Open it again, or begin another one."))


def _loose(order: Any, lines: Iterable[Any], lot_id: int | None, on: Connection) -> list[Any]:
    """Return the promises of picked goods that are in no carton yet."""
    return [
        each
        for each in handling.promises(order, lines, on=on)
        if each.picked and each.handling_unit_id is None and lot_id in (None, each.lot_id)
    ]


def _put(
    order: Any, carton: Any, line: Any, loose: Any, quantity: Decimal, hand: Hand, on: Connection
) -> None:
    posting = handling.posting(order, "pack", hand)
    unit, to = carton.handling_unit_id, loose.location_id
    reserving.carry(loose, quantity, posting, to=to, unit_id=unit, on=on)
    handling.add(line, packed=quantity, on=on)
    _note(carton, line, loose, quantity, on)
    mine = update(_CARTON).where(_CARTON.c.id == carton.id).values(location_id=to)
    on.execute(mine.execution_options(**scope.of(order.company_id)))


def _note(carton: Any, line: Any, goods: Any, quantity: Decimal, on: Connection) -> None:
    """Add to, or (below zero) take from what the carton holds of a line and lot."""
    c = _CONTENT.c
    mine = (c.company_id == line.company_id, c.carton_id == carton.id)
    this = (*mine, c.line_id == line.id, c.lot_id == goods.lot_id)
    options = scope.of(line.company_id)
    known = select(_CONTENT).where(*this).execution_options(**options)
    found = on.execute(known).first()
    if found is None:
        row = {
            "company_id": line.company_id,
            "carton_id": carton.id,
            "line_id": line.id,
            "sku_id": goods.sku_id,
            "lot_id": goods.lot_id,
            "quantity": quantity,
        }
        on.execute(insert(_CONTENT).values(row))
    elif found.quantity + quantity == 0:
        on.execute(delete(_CONTENT).where(c.id == found.id).execution_options(**options))
    else:
        more = update(_CONTENT).where(c.id == found.id).values(quantity=c.quantity + quantity)
        on.execute(more.execution_options(**options))


def take_out(
    order: Any, carton_id: int, sku_id: int, quantity: Decimal, *, hand: Hand, on: Connection
) -> AnyRow:
    """Take so much of a SKU out of an open carton again; return the carton.

    Raises Refused for more than is in it. Records StockMoved, OutboundChanged.
    """
    order = states.locked(order.id, order.company_id, on=on)
    handling.check_status(order, order_rules.CHECKED)
    carton = cartons.get(order, carton_id, on=on)
    _check_open(carton)
    lines = {line.id: line for line in states.lines_of(order, on=on) if line.sku_id == sku_id}
    held = [
        each
        for each in handling.promises(order, lines.values(), on=on)
        if each.handling_unit_id == carton.handling_unit_id
    ]
    check_quantity(quantity, sum((each.quantity for each in held), NOTHING))
    left = quantity
    for each in reversed(held):
        now = min(left, each.quantity)
        if now > 0:
            posting = handling.posting(order, "pack", hand, reason="mistake")
            reserving.carry(each, now, posting, to=each.location_id, on=on)
            handling.add(lines[each.purpose_id], packed=-now, on=on)
            _note(carton, lines[each.purpose_id], each, -now, on)
            left -= now
    states.changed(order, "packed", by=hand.person_id, on=on)
    return carton


def give_up(order: Any, carton_id: int, hand: Hand, *, on: Connection) -> None:
    """Void a carton in which nothing is; its label counts no more.

    Raises Refused for one that holds something. Records CartonMoved, OutboundMoved.
    """
    order = states.locked(order.id, order.company_id, on=on)
    carton = cartons.get(order, carton_id, on=on)
    if cartons.items_in(carton, on=on):
        raise Refused(_l("Something is in this carton. Take it out first."))
    rules.advance(carton.status, "emptied")
    carton = cartons.change(carton, {"status": "emptied", "location_id": None}, on=on)
    cartons.tell(order, carton, hand, on=on)
    if order.status == order_rules.CHECKED and cartons.all_of(order, on=on):
        closing.finish(order, hand, on=on)
