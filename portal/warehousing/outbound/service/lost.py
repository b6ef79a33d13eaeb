"""Promises that ended because a lot is held or pieces broke: other goods are promised instead."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select, update

from portal.core import scope
from portal.core.quantities import NOTHING
from portal.warehousing.ledger.service.losing import Lost
from portal.warehousing.outbound.models import OutboundLine, OutboundOrder
from portal.warehousing.outbound.rules import orders as rules
from portal.warehousing.outbound.service import allocating, states

_LINE, _ORDER = OutboundLine.__table__, OutboundOrder.__table__
_STEPS = ("picked", "checked", "packed")


def lose(company_id: int, lost: Sequence[Lost], by_id: int | None, on: Connection) -> None:
    """Take from lines what they lost, look for other goods, and let orders wait that find none.

    Records OutboundChanged, OutboundMoved.
    """
    by_line: dict[int, list[Lost]] = defaultdict(list)
    for each in lost:
        by_line[each.purpose_id].append(each)
    for order_id, lines in _orders_of(by_line, company_id, on).items():
        order = states.locked(order_id, company_id, on=on)
        for line in states.lines_of(order, on=on):
            if line.id in lines:
                _lessen(line, by_line[line.id], on)
        if order.status not in rules.ENDED:
            _again(order, lines, by_id, on)


def _orders_of(lines: Mapping[int, Any], company_id: int, on: Connection) -> dict[int, set[int]]:
    wanted = select(_LINE.c.id, _LINE.c.order_id).where(
        _LINE.c.company_id == company_id, _LINE.c.id.in_(list(lines))
    )
    found: dict[int, set[int]] = defaultdict(set)
    rows = on.execute(wanted.order_by(_LINE.c.order_id).execution_options(**scope.of(company_id)))
    for row in rows:
        found[row.order_id].add(row.id)
    return found


def _lessen(line: Any, lost: Sequence[Lost], on: Connection) -> None:
    """Take from the figures of a line what was promised to it, and what of it was picked."""
    gone = sum((each.quantity for each in lost), NOTHING)
    picked = line.picked - sum((each.quantity for each in lost if each.picked), NOTHING)
    figures = {name: min(getattr(line, name), picked) for name in _STEPS}
    mine = (_LINE.c.company_id == line.company_id, _LINE.c.id == line.id)
    changing = update(_LINE).where(*mine).values(allocated=line.allocated - gone, **figures)
    on.execute(changing.execution_options(**scope.of(line.company_id)))


def _again(order: Any, lines: set[int], by: int | None, on: Connection) -> None:
    """Promise other goods to lines that lost some; what is not found waits or goes short."""
    held = [line for line in states.lines_of(order, on=on) if line.id in lines]
    wanted = {line.id: _open(line) for line in held}
    choice = allocating.chosen(order, held, wanted, on=on)
    allocating.promise(order, choice, on=on)
    waits = False
    for line in held:
        missing = choice.missing.get(line.id, NOTHING)
        is_short = order.policy == "partial"
        waits = waits or (missing > 0 and not is_short)
        allocating.set_figures(
            line,
            allocated=line.allocated + wanted[line.id] - missing,
            short=line.short + (missing if is_short else NOTHING),
            backordered=line.backordered + (NOTHING if is_short else missing),
            on=on,
        )
    _moved(order, waits, by, on)


def _open(line: Any) -> Decimal:
    wanted: Decimal = line.quantity - line.allocated - line.short - line.backordered
    return wanted


def _moved(order: Any, waits: bool, by: int | None, on: Connection) -> None:
    """Let an order wait that was ready; one that is being picked goes on with what there is."""
    states.changed(order, "allocated", by=by, on=on)
    if waits and order.status == rules.RELEASED:
        order = states.advance(order, rules.ALLOCATED, by=by, on=on, wave_id=None)
    if waits and order.status == rules.ALLOCATED:
        states.advance(order, rules.BACKORDERED, by=by, on=on, wave_id=None)
    if waits and order.status == rules.ON_HOLD and order.held_status == rules.ALLOCATED:
        states.resume_to(order, rules.BACKORDERED, on=on)


def names(lines: Sequence[int], company_id: int, on: Connection) -> Sequence[str]:
    """Return the references of the orders of lines."""
    wanted = (
        select(_ORDER.c.ref)
        .join_from(_ORDER, _LINE, _LINE.c.order_id == _ORDER.c.id)
        .where(_ORDER.c.company_id == company_id, _LINE.c.id.in_(list(lines)))
        .distinct()
    )
    return list(on.execute(wanted.execution_options(**scope.of(company_id))).scalars())
