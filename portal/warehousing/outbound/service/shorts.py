"""Goods that are not where they should be: promised elsewhere, or the owner's policy decides.

The pieces that are missing or broken are set apart at once, so that nobody else is promised them;
the place is in doubt from then on and is counted soon.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, insert, select

from portal.core import clock, events, scope
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.core.quantities import NOTHING, written
from portal.warehousing.goods.models import Sku
from portal.warehousing.ledger.models import Lot
from portal.warehousing.ledger.service import apart, doubting, reserving
from portal.warehousing.ledger.service.apart import Pieces
from portal.warehousing.ledger.service.doubting import Doubt
from portal.warehousing.outbound.events import ShortPicked
from portal.warehousing.outbound.models import PickShort
from portal.warehousing.outbound.rules import orders as rules
from portal.warehousing.outbound.rules.picking import REASONS, SEND_NOTHING, check_quantity
from portal.warehousing.outbound.service import allocating, handling, picking, restocking, states
from portal.warehousing.outbound.service.handling import Hand
from portal.warehousing.sites.models import Location

_SHORT, _SKU, _LOT, _LOCATION = (m.__table__ for m in (PickShort, Sku, Lot, Location))
#: Reason → stock status of the pieces from now on, and why, as the ledger says it.
_APART = {
    "short": ("quarantined", "lost"),
    "damaged": ("damaged", "damage"),
    "other_lot": ("quarantined", "mistake"),
}


@dataclass(frozen=True, kw_only=True)
class Missing:
    """What somebody says is missing, and why; ``noted_at``: pick or check."""

    quantity: Decimal
    reason: str
    noted_at: str = "pick"
    note: str | None = None
    picture_key: str | None = None


@dataclass(frozen=True)
class Short:
    """What came of it for one order: what was found elsewhere, and what is sent less or waits."""

    order: Any  # its row as it is now
    location_id: int
    sku_id: int
    quantity: Decimal
    replaced: Decimal


def report(
    walk: str, balance_id: int, missing: Missing, hand: Hand, *, on: Connection
) -> list[Short]:
    """Report at a stop of a walk that so much cannot be taken there; the last orders go without.

    It is promised to them elsewhere where there is any; what is not found is sent short or waits,
    by the policy of each order. Raises Refused for an unknown reason, and for more than is to be
    taken there. Records StockMoved, ShortPicked, OutboundChanged, OutboundMoved.
    """
    parts = picking.open_at(walk, balance_id, on=on)
    _check(missing, sum((part.quantity for part in parts), NOTHING))
    orders = {part.order_id: states.locked(part.order_id, part.company_id, on=on) for part in parts}
    shorts, left = [], missing.quantity
    for part in reversed(parts):
        now = min(left, part.quantity)
        if now > 0:
            order = orders[part.order_id]
            handling.check_status(order, rules.PICKING)
            shorts.append(lose(order, part, part.line_id, now, missing=missing, hand=hand, on=on))
            left -= now
    return [_moved_on(each, hand, on) for each in shorts]


def _check(missing: Missing, open_: Decimal) -> None:
    if missing.reason not in REASONS:
        raise Refused(_l("Say why it is missing: short, damaged or another lot."))
    check_quantity(missing.quantity, open_)


def lose(
    order: Any,
    promise: Any,
    line_id: int,
    quantity: Decimal,
    *,
    missing: Missing,
    hand: Hand,
    on: Connection,
) -> Short:
    """Take so much of a promise back for an order, and look for other goods. See ``report``."""
    line = _line(order, line_id, on)
    reserving.release(promise.id, quantity, order.company_id, on=on)
    handling.add(line, allocated=-quantity, on=on)
    _set_apart(order, promise, quantity, missing, hand, on)
    replaced = _again(order, line_id, quantity, promise.balance_id, on)
    _leave(order, line_id, quantity - replaced, on)
    short = Short(order, promise.location_id, promise.sku_id, quantity, replaced)
    _write(short, promise, line_id, missing, hand, on)
    _doubt(order, promise, hand, on)
    return short


def _line(order: Any, line_id: int, on: Connection) -> Any:
    return next(line for line in states.lines_of(order, on=on) if line.id == line_id)


def _set_apart(
    order: Any, promise: Any, quantity: Decimal, missing: Missing, hand: Hand, on: Connection
) -> None:
    status, reason = _APART[missing.reason]
    pieces = Pieces(
        company_id=order.company_id,
        sku_id=promise.sku_id,
        lot_id=promise.lot_id,
        location_id=promise.location_id,
        quantity=quantity,
        status=status,
        reason=reason,
        balance_id=promise.balance_id,
        document=order.ref,
        note=missing.note,
        picture_key=missing.picture_key,
        said_at=hand.said_at,
    )
    apart.set_apart(pieces, by_id=hand.person_id, on=on)


def _again(order: Any, line_id: int, quantity: Decimal, avoid: int, on: Connection) -> Decimal:
    """Promise other goods to the line; return how much was found."""
    line = _line(order, line_id, on)
    wanted = {line.id: quantity}
    choice = allocating.chosen(order, [line], wanted, avoid=[avoid], on=on)
    allocating.promise(order, choice, on=on)
    found = sum((take.quantity for take in choice.takes), NOTHING)
    if found:
        handling.add(line, allocated=found, on=on)
    return found


def _leave(order: Any, line_id: int, missing: Decimal, on: Connection) -> None:
    """Write into the line what becomes of goods that were not found."""
    if not missing:
        return
    waits = order.policy != "partial"
    what = {"backordered" if waits else "short": missing}
    handling.add(_line(order, line_id, on), on=on, **what)


def _write(
    short: Short, promise: Any, line_id: int, missing: Missing, hand: Hand, on: Connection
) -> None:
    order = short.order
    row = {
        "company_id": order.company_id,
        "order_id": order.id,
        "line_id": line_id,
        "warehouse_id": order.warehouse_id,
        "sku_id": promise.sku_id,
        "lot_id": promise.lot_id,
        "location_id": promise.location_id,
        "quantity": short.quantity,
        "replaced": short.replaced,
        "reason": missing.reason,
        "noted_at": missing.noted_at,
        "note": missing.note,
        "person_id": hand.person_id,
        "at": clock.now(),
    }
    on.execute(insert(_SHORT).values(row))
    names = _names(promise, order.company_id, on)
    told = ShortPicked(
        actor_id=hand.person_id,
        company_id=order.company_id,
        ref=order.ref,
        warehouse_id=order.warehouse_id,
        sku=names.sku,
        lot=names.lot,
        location=names.location,
        quantity=written(short.quantity),
        replaced=written(short.replaced),
        reason=missing.reason,
    )
    events.record(told, on=on)


def _doubt(order: Any, promise: Any, hand: Hand, on: Connection) -> None:
    """Put the place up for a count."""
    about = Doubt(
        company_id=order.company_id,
        warehouse_id=order.warehouse_id,
        location_id=promise.location_id,
        sku_id=promise.sku_id,
        lot_id=promise.lot_id,
        document=order.ref,
    )
    doubting.doubt(about, by_id=hand.person_id, on=on)


def _names(promise: Any, company_id: int, on: Connection) -> Any:
    named = (
        select(_SKU.c.code.label("sku"), _LOT.c.code.label("lot"))
        .add_columns(_LOCATION.c.code.label("location"))
        .join_from(_SKU, _LOT, _LOT.c.sku_id == _SKU.c.id)
        .join(_LOCATION, _LOCATION.c.id == promise.location_id)
        .where(_SKU.c.company_id == company_id, _LOT.c.id == promise.lot_id)
    )
    return on.execute(named.execution_options(**scope.of(company_id))).one()


def _moved_on(short: Short, hand: Hand, on: Connection) -> Short:
    """Let the order go on: to its end if nothing is left to pick, or back if it wants it all."""
    order = states.locked(short.order.id, short.order.company_id, on=on)
    states.changed(order, "allocated", by=hand.person_id, on=on)
    is_missing = short.replaced < short.quantity
    if is_missing and order.policy == SEND_NOTHING and order.status == rules.PICKING:
        order = give_up(order, hand, on=on)
    elif order.status == rules.PICKING:
        order = picking.finish(order, hand, on=on) or order
    return Short(order, short.location_id, short.sku_id, short.quantity, short.replaced)


def give_up(order: Any, hand: Hand, *, on: Connection) -> Any:
    """Let an order that wants all or nothing wait for all of it: what was picked goes back.

    Records RestockOwed, OutboundMoved.
    """
    restocking.put_back(order, hand, reason="changed", on=on)
    allocating.take_back(order, states.lines_of(order, on=on), on=on)
    for line in states.lines_of(order, on=on):
        waiting = line.quantity - line.allocated - line.short
        allocating.set_figures(line, backordered=waiting, on=on)
    picking.close_task(order, on=on)
    waiting_for = rules.BACKORDERED
    return states.advance(order, waiting_for, by=hand.person_id, on=on, wave_id=None)
