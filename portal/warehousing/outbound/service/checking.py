"""Checking: a second pair of eyes counts what was picked before it is packed."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

from portal.core import scope
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.core.quantities import NOTHING, written
from portal.warehousing.ledger.models import Lot
from portal.warehousing.outbound.rules import orders as rules
from portal.warehousing.outbound.rules.picking import REASONS, SEND_NOTHING, check_quantity
from portal.warehousing.outbound.service import handling, picking, shorts, states
from portal.warehousing.outbound.service.handling import Hand
from portal.warehousing.outbound.service.shorts import Missing

_LOT = Lot.__table__


def count(
    order: Any,
    sku_id: int,
    quantity: Decimal,
    hand: Hand,
    *,
    lot: str | None = None,
    on: Connection,
) -> Any:
    """Count so much of a SKU as found among what was picked; return the order as it is now.

    ``lot``: its code, where the label says it. The last one moves the order on. Raises Refused
    for goods that are not the order's, for another lot, and for more than was picked.
    Records OutboundChanged, OutboundMoved.
    """
    order = states.locked(order.id, order.company_id, on=on)
    handling.check_status(order, rules.PICKED)
    mine = [line for line in states.lines_of(order, on=on) if line.sku_id == sku_id]
    open_ = sum((line.picked - line.checked for line in mine), NOTHING)
    _check_found(mine, quantity, open_)
    if lot is not None:
        _check_lot(order, mine, lot, on)
    left = quantity
    for line in mine:
        now = min(left, line.picked - line.checked)
        if now > 0:
            handling.add(line, checked=now, on=on)
            left -= now
    states.changed(order, "checked", by=hand.person_id, on=on)
    return finish(order, hand, on=on) or order


def _check_found(lines: Sequence[Any], quantity: Decimal, open_: Decimal) -> None:
    if not lines:
        raise Refused(_l("These goods are not in this order. Put them back."))
    if quantity <= 0:
        raise Refused(_l("Say how many: more than nothing."))
    if quantity > open_:
        raise Refused(
            _l(
                "That is %(more)s more than was picked. Put it back.",
                more=written(quantity - open_),
            )
        )


def _check_lot(order: Any, lines: Sequence[Any], lot: str, on: Connection) -> None:
    """Raise Refused unless goods of this lot were picked for the lines."""
    ids = {each.lot_id for each in handling.promises(order, lines, on=on) if each.picked}
    known = select(_LOT.c.code).where(_LOT.c.company_id == order.company_id, _LOT.c.id.in_(ids))
    codes = set(on.scalars(known.execution_options(**scope.of(order.company_id))))
    if lot not in codes:
        raise Refused(_l("Lot %(lot)s was not picked for this order. Put it back.", lot=lot))


def finish(order: Any, hand: Hand, *, on: Connection) -> Any | None:
    """Move an order on of which all that was picked is checked; None where something is not."""
    lines = states.lines_of(order, on=on)
    if any(line.checked < line.picked for line in lines):
        return None
    return states.advance(order, rules.CHECKED, by=hand.person_id, on=on)


def miss(order: Any, line_id: int, missing: Missing, hand: Hand, *, on: Connection) -> Any:
    """Say of a line that so much of it is not among what was picked, or is not fit.

    It is looked for elsewhere; then the order is picked again. Else the owner's policy decides.
    Returns the order as it is now. Raises Refused for more than is unchecked, and for an unknown
    reason. Records StockMoved, ShortPicked, OutboundChanged, OutboundMoved.
    """
    order = states.locked(order.id, order.company_id, on=on)
    handling.check_status(order, rules.PICKED)
    line = next((each for each in states.lines_of(order, on=on) if each.id == line_id), None)
    if line is None or missing.reason not in REASONS:
        raise Refused(_l("Say what is missing, and why: short, damaged or another lot."))
    check_quantity(missing.quantity, line.picked - line.checked)
    found = _lose(order, line, missing, hand, on)
    states.changed(order, "picked", by=hand.person_id, on=on)
    return _went_on(order, found, missing.quantity, hand, on)


def _lose(order: Any, line: Any, missing: Missing, hand: Hand, on: Connection) -> Decimal:
    """Take the promises back, the last one first; return how much was found elsewhere."""
    left, found = missing.quantity, NOTHING
    for promise in reversed(handling.promises(order, [line], on=on)):
        now = min(left, promise.quantity)
        if promise.picked and promise.handling_unit_id is None and now > 0:
            handling.add(line, picked=-now, on=on)
            short = shorts.lose(order, promise, line.id, now, missing=missing, hand=hand, on=on)
            found += short.replaced
            left -= now
    if left > 0:
        raise Refused(_l("These goods are on hold by now. Ask the supervisor to move them."))
    return found


def _went_on(order: Any, found: Decimal, missing: Decimal, hand: Hand, on: Connection) -> Any:
    gives_up = order.policy == SEND_NOTHING and found < missing
    if gives_up or found:
        order = states.advance(order, rules.PICKING, by=hand.person_id, on=on)
        if gives_up:
            return shorts.give_up(order, hand, on=on)
        picking.reopen(order, hand, on=on)
        return order
    if not any(line.picked for line in states.lines_of(order, on=on)):
        order = states.advance(order, rules.PICKING, by=hand.person_id, on=on)
        return picking.without_goods(order, states.lines_of(order, on=on), hand, on=on)
    return finish(order, hand, on=on) or order
