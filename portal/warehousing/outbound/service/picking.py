"""Picking: a walk is begun, goods are taken from where they lie to a staging place.

What is still to be picked is what is promised and not picked; the walk says who does it and where
he lays it down. The last pick of an order moves it on by itself.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from portal.core import clock, scope
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.core.prepared import Prepared
from portal.core.quantities import NOTHING
from portal.warehousing.ledger.models import Allocation, Balance
from portal.warehousing.ledger.service import reserving
from portal.warehousing.outbound.models import OutboundLine, PickTask
from portal.warehousing.outbound.rules import orders as rules
from portal.warehousing.outbound.rules.picking import check_quantity
from portal.warehousing.outbound.service import handling, states
from portal.warehousing.outbound.service.handling import PURPOSE, Hand

MOST_ORDERS = 30  # on one walk
_TASK, _LINE, _ALLOCATION, _BALANCE = (
    model.__table__ for model in (PickTask, OutboundLine, Allocation, Balance)
)
_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_A, _B = _ALLOCATION.c, _BALANCE.c
_OPEN = Prepared(
    select(_A.id, _A.quantity, _A.picked, _A.balance_id, _A.company_id)
    .add_columns(_B.sku_id, _B.lot_id, _B.location_id, _B.warehouse_id, _B.handling_unit_id)
    .add_columns(_TASK.c.order_id, _TASK.c.stage_id, _LINE.c.id.label("line_id"))
    .join_from(_TASK, _LINE, _LINE.c.order_id == _TASK.c.order_id)
    .join(_ALLOCATION, (_A.purpose == PURPOSE) & (_A.purpose_id == _LINE.c.id))
    .join(_BALANCE, _B.id == _A.balance_id)
    .where(_TASK.c.walk == bindparam("which_walk"), _TASK.c.done_at.is_(None))
    .where(_A.balance_id == bindparam("which_balance"), _A.quantity > 0, _A.picked.is_(False))
    .order_by(_TASK.c.order_id, _LINE.c.position, _A.id)
    .execution_options(**scope.CENTRE)
)


@dataclass(frozen=True)
class Picked:
    """What one order got: ``allocation`` holds it where it lies now."""

    order: Any  # its row as it is now
    line_id: int
    allocation: int
    quantity: Decimal


def begin(orders: Iterable[Any], stage_id: int, hand: Hand, *, on: Connection) -> str:
    """Begin to pick orders (rows with id and company_id) into a staging place; return the walk.

    One that somebody began before is taken over, with the place where its goods lie already.
    Raises Refused for orders that are not released, for a place that is none, and for too many.
    Records OutboundMoved.
    """
    wanted = sorted(orders, key=lambda order: int(order.id))
    if not 1 <= len(wanted) <= MOST_ORDERS:
        raise Refused(_l("A walk is for 1 to %(most)s orders.", most=MOST_ORDERS))
    walk = "PK" + "".join(secrets.choice(_LETTERS) for _ in range(8))
    for each in wanted:
        order = states.locked(each.id, each.company_id, on=on)
        _begin(order, walk, stage_id, hand, on)
    return walk


def _begin(order: Any, walk: str, stage_id: int, hand: Hand, on: Connection) -> None:
    handling.check_status(order, rules.RELEASED, rules.PICKING)
    mine = (_TASK.c.company_id == order.company_id, _TASK.c.order_id == order.id)
    going_on = update(_TASK).where(*mine, _TASK.c.done_at.is_(None))
    going_on = going_on.values(walk=walk, picker_id=hand.person_id).returning(_TASK.c.id)
    if on.scalar(going_on.execution_options(**scope.of(order.company_id))) is None:
        handling.stage_at(stage_id, order, on=on)
        row = {
            "company_id": order.company_id,
            "order_id": order.id,
            "warehouse_id": order.warehouse_id,
            "walk": walk,
            "stage_id": stage_id,
            "picker_id": hand.person_id,
            "started_at": clock.now(),
        }
        on.execute(insert(_TASK).values(row))
    if order.status == rules.RELEASED:
        states.advance(order, rules.PICKING, by=hand.person_id, on=on)


def open_at(walk: str, balance_id: int, *, on: Connection) -> Sequence[Any]:
    """Return what a walk still has to take from a balance, order by order.

    Columns of ``reserving.promised`` with ``company_id, order_id, line_id, stage_id``. The caller
    has found the walk in a warehouse of the asker's.
    """
    return _OPEN.all(on, {"which_walk": walk, "which_balance": balance_id})


def take(
    walk: str, balance_id: int, quantity: Decimal, hand: Hand, *, on: Connection
) -> list[Picked]:
    """Take so much from a balance for the orders of a walk; the first ones get theirs first.

    Raises Refused for more than is to be taken there, and where nothing is any more: it was
    scanned twice, or the order has changed. Records StockMoved, OutboundChanged, OutboundMoved.
    """
    parts = open_at(walk, balance_id, on=on)
    if not parts:
        raise Refused(_l("Nothing is to be picked here any more. It has been picked already."))
    check_quantity(quantity, sum((part.quantity for part in parts), NOTHING))
    orders = {part.order_id: states.locked(part.order_id, part.company_id, on=on) for part in parts}
    picked, left = [], quantity
    for part in parts:
        now = min(left, part.quantity)
        if now > 0:
            picked.append(_take(orders[part.order_id], part, now, hand, on))
            left -= now
    for order in _each_once(picked):
        states.changed(order, "picked", by=hand.person_id, on=on)
    return [_moved_on(each, hand, on) for each in picked]


def _take(order: Any, part: Any, quantity: Decimal, hand: Hand, on: Connection) -> Picked:
    handling.check_status(order, rules.PICKING)
    posting = handling.posting(order, "pick", hand)
    allocation, _ = reserving.carry(part, quantity, posting, to=part.stage_id, on=on)
    handling.add(_line(part), picked=quantity, on=on)
    return Picked(order, part.line_id, allocation, quantity)


@dataclass(frozen=True)
class _Line:
    id: int
    company_id: int


def _line(part: Any) -> _Line:
    return _Line(part.line_id, part.company_id)


def _each_once(picked: Iterable[Picked]) -> list[Any]:
    return list({each.order.id: each.order for each in picked}.values())


def _moved_on(each: Picked, hand: Hand, on: Connection) -> Picked:
    order = states.locked(each.order.id, each.order.company_id, on=on)
    if order.status == rules.PICKING:
        order = finish(order, hand, on=on) or order
    return Picked(order, each.line_id, each.allocation, each.quantity)


def finish(order: Any, hand: Hand, *, on: Connection) -> Any | None:
    """Move an order on of which everything promised is picked; None where something is not.

    One of which nothing could be picked goes on as ``without_goods`` says. Records OutboundMoved.
    """
    lines = states.lines_of(order, on=on)
    if any(not each.picked for each in handling.promises(order, lines, on=on)):
        return None
    close_task(order, on=on)
    if not any(line.picked for line in lines):
        return without_goods(order, lines, hand, on=on)
    return states.advance(order, rules.PICKED, by=hand.person_id, on=on)


def without_goods(order: Any, lines: Iterable[Any], hand: Hand, *, on: Connection) -> Any:
    """Let an order wait for stock if it may, else end it: there is nothing to send."""
    if any(line.backordered for line in lines):
        waiting = rules.BACKORDERED
        return states.advance(order, waiting, by=hand.person_id, on=on, wave_id=None)
    return states.advance(order, rules.CANCELLED, by=hand.person_id, on=on)


def close_task(order: Any, *, on: Connection) -> None:
    """End the walk of an order, if somebody is on one."""
    mine = (_TASK.c.company_id == order.company_id, _TASK.c.order_id == order.id)
    ended = update(_TASK).where(*mine, _TASK.c.done_at.is_(None)).values(done_at=clock.now())
    on.execute(ended.execution_options(**scope.of(order.company_id)))


def put_back(
    order: Any, allocation_id: int, home_id: int, quantity: Decimal, *, hand: Hand, on: Connection
) -> Any:
    """Undo a pick: the goods go back to where they were taken from, still promised to the order.

    Raises Refused once the order is checked, or the goods lie elsewhere. Records StockMoved,
    OutboundChanged, and OutboundMoved where it has to be picked again.
    """
    order = states.locked(order.id, order.company_id, on=on)
    handling.check_status(order, rules.PICKING, rules.PICKED)
    lines = states.lines_of(order, on=on)
    found = next((p for p in handling.promises(order, lines, on=on) if p.id == allocation_id), None)
    line = next((each for each in lines if found is not None and each.id == found.purpose_id), None)
    if found is None or line is None or line.picked - line.checked < quantity:
        raise Refused(_l("These goods are on their way already. Ask the supervisor."))
    posting = handling.posting(order, "restock", hand, reason="mistake")
    reserving.carry(found, quantity, posting, to=home_id, picked=False, on=on)
    handling.add(line, picked=-quantity, on=on)
    if order.status == rules.PICKED:
        order = states.advance(order, rules.PICKING, by=hand.person_id, on=on)
        reopen(order, hand, on=on)
    states.changed(order, "picked", by=hand.person_id, on=on)
    return order


def reopen(order: Any, hand: Hand, *, on: Connection) -> None:
    """Put the last walk of an order on again, for whoever finds that it is not over."""
    last = (
        select(_TASK.c.id)
        .where(_TASK.c.company_id == order.company_id, _TASK.c.order_id == order.id)
        .order_by(_TASK.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    again = update(_TASK).where(_TASK.c.id == last, _TASK.c.company_id == order.company_id)
    again = again.values(done_at=None, picker_id=hand.person_id)
    on.execute(again.execution_options(**scope.of(order.company_id)))
