"""Promising stock to orders, by the rule of the goods and the policy of their owner.

Three reads for an order of any number of lines, then two statements for each balance it gets.
The order is locked first, then (on PostgreSQL) the balances in question in the order (SKU, lot,
location), so that whoever asks for the same goods waits, and is promised what is then left.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from portal.core import clock, scope
from portal.core.errors import FieldError, Refused
from portal.core.i18n import lazy as _l
from portal.core.prepared import Prepared
from portal.core.quantities import NOTHING, Quantity, written
from portal.warehousing.goods.models import Sku
from portal.warehousing.ledger.models import Balance, Lot
from portal.warehousing.ledger.service import reserving
from portal.warehousing.outbound.models import OutboundLine
from portal.warehousing.outbound.promisable import PROMISABLE
from portal.warehousing.outbound.rules import orders as rules
from portal.warehousing.outbound.rules.choosing import Candidate, Choice, Wish, choose
from portal.warehousing.outbound.service import states
from portal.warehousing.sites.models import Location

_BALANCE, _LOT, _LOCATION, _SKU, _LINE = (
    m.__table__ for m in (Balance, Lot, Location, Sku, OutboundLine)
)
_WANTED = (
    select(_LINE.c.sku_id)
    .where(_LINE.c.company_id == bindparam("company"), _LINE.c.order_id == bindparam("order"))
    .scalar_subquery()
)
_CANDIDATES = Prepared(
    select(
        _BALANCE.c.id,
        _BALANCE.c.sku_id,
        _BALANCE.c.lot_id,
        _BALANCE.c.location_id,
        _BALANCE.c.on_hand,
        _BALANCE.c.allocated,
        _BALANCE.c.since,
        _LOT.c.expires_on,
        _LOCATION.c.kind,
        _LOCATION.c.walk,
        _SKU.c.least_days_out,
    )
    .join_from(_BALANCE, _LOT, _LOT.c.id == _BALANCE.c.lot_id)
    .join(_LOCATION, _LOCATION.c.id == _BALANCE.c.location_id)
    .join(_SKU, _SKU.c.id == _BALANCE.c.sku_id)
    .where(
        _BALANCE.c.company_id == bindparam("company"),
        _BALANCE.c.warehouse_id == bindparam("warehouse"),
        _BALANCE.c.sku_id.in_(_WANTED),
        *PROMISABLE,
    )
    .order_by(_BALANCE.c.sku_id, _BALANCE.c.lot_id, _BALANCE.c.location_id)
    .with_for_update(of=_BALANCE)
    .execution_options(**scope.BOUND)
)
_SET = Prepared(
    update(_LINE)
    .where(_LINE.c.company_id == bindparam("company"), _LINE.c.id == bindparam("line"))
    .values(
        allocated=bindparam("now_allocated", type_=Quantity()),
        short=bindparam("now_short", type_=Quantity()),
        backordered=bindparam("now_backordered", type_=Quantity()),
    )
    .execution_options(**scope.BOUND)
)


class NotEnough(Refused):
    """There is not enough that is free, and the policy does not take less."""


@dataclass(frozen=True)
class Outcome:
    """The order as it is now, and what its lines did not get: line id → quantity."""

    order: Any
    missing: Mapping[int, Decimal]


def allocate(order_id: int, company_id: int, *, by: int | None = None, on: Connection) -> Outcome:
    """Promise stock to an order that is accepted or back-ordered.

    Goods are chosen by ``rules.choosing``; what is missing becomes short or back-ordered by the
    policy of the order. Raises NotEnough, promising nothing, where the policy wants all of it, or
    where it sends what is there and nothing is; NotFound for another company's order; Refused in
    other statuses. Records OutboundMoved or OutboundChanged.
    """
    order = states.locked(order_id, company_id, on=on)
    if order.status not in rules.ALLOCATABLE:
        raise Refused(_l("Goods are promised to orders that are accepted or back-ordered."))
    lines = states.lines_of(order, on=on)
    wanted = {line.id: _open(line) for line in lines}
    choice = chosen(order, lines, wanted, on=on)
    check_enough(order, lines, choice)
    promise(order, choice, on=on)
    _note(order, lines, wanted, choice, on)
    return Outcome(_moved(order, choice, by, on), choice.missing)


def _open(line: Any) -> Decimal:
    """Return what is still to be found for a line: what it waits for is part of it."""
    wanted: Decimal = line.quantity - line.allocated - line.short
    return wanted


def chosen(
    order: Any,
    lines: Sequence[Any],
    wanted: Mapping[int, Decimal],
    *,
    avoid: Collection[int] = (),
    on: Connection,
) -> Choice:
    """Return which balances the lines would get: line id → how much is ``wanted`` of it.

    ``avoid``: ids of balances that are not to be taken from. They are locked until the
    transaction ends.
    """
    wishes = [
        Wish(line_id=line.id, sku_id=line.sku_id, lot_id=line.lot_id, quantity=wanted[line.id])
        for line in lines
        if wanted.get(line.id, NOTHING) > 0
    ]
    if not wishes:
        return Choice([], {})
    found = (each for each in candidates(order, on=on) if each.balance_id not in avoid)
    return choose(wishes, found, clock.now().astimezone(clock.zone()).date())


def candidates(order: Any, *, on: Connection) -> list[Candidate]:
    """Return the balances of the goods of an order of which something is free, locked."""
    values = {
        "company": order.company_id,
        "order": order.id,
        "warehouse": order.warehouse_id,
    }
    return [
        Candidate(
            balance_id=row.id,
            sku_id=row.sku_id,
            lot_id=row.lot_id,
            location_id=row.location_id,
            free=row.on_hand - row.allocated,
            since=row.since,
            expires_on=row.expires_on,
            kind=row.kind,
            walk=row.walk,
            least_days=row.least_days_out,
        )
        for row in _CANDIDATES.all(on, values)
    ]


def check_enough(order: Any, lines: Sequence[Any], choice: Choice) -> None:
    """Raise NotEnough where the policy of the order does not take what was found."""
    is_all = not choice.missing
    is_some = bool(choice.takes) or any(line.allocated > 0 for line in lines)
    if is_all or order.policy == "backorder" or (order.policy == "partial" and is_some):
        return
    errors = [
        FieldError(
            f"lines.{line.position - 1}.quantity",
            _l(
                "%(free)s of %(wanted)s are free.",
                free=written(_open(line) - choice.missing[line.id]),
                wanted=written(_open(line)),
            ),
        )
        for line in lines
        if line.id in choice.missing
    ]
    raise NotEnough(
        _l("There is not enough stock that is free, and this order takes all of it or nothing.")
        if order.policy == "all_or_nothing"
        else _l("Nothing of what this order wants is free."),
        errors,
    )


def promise(order: Any, choice: Choice, *, on: Connection) -> None:
    """Promise what was chosen, in lock order; raises NotEnough where it was taken meanwhile."""
    for take in choice.takes:
        for_ = reserving.For(order.company_id, rules.PURPOSE, take.line_id)
        if reserving.reserve(take.balance_id, take.quantity, for_, on=on) is None:
            raise NotEnough(_l("Somebody else was promised these goods just now. Try again."))


def _note(
    order: Any,
    lines: Sequence[Any],
    wanted: Mapping[int, Decimal],
    choice: Choice,
    on: Connection,
) -> None:
    """Write what was found, and what becomes of the rest, into the lines."""
    rows = []
    for line in lines:
        missing = choice.missing.get(line.id, NOTHING)
        rest = rules.rest(order.policy, missing)
        row = {
            "company": order.company_id,
            "line": line.id,
            "now_allocated": line.allocated + wanted[line.id] - missing,
            "now_short": line.short + rest.short,
            "now_backordered": rest.backordered,
        }
        rows.append(row)
    _SET.run_many(on, rows)


def _moved(order: Any, choice: Choice, by: int | None, on: Connection) -> Any:
    waits = choice.missing and order.policy == "backorder"
    status = rules.BACKORDERED if waits else rules.ALLOCATED
    if status != order.status:
        return states.advance(order, status, by=by, on=on)
    if choice.takes:
        states.changed(order, "allocated", by=by, on=on)
    return order


def set_figures(line: Any, *, on: Connection, **figures: Decimal) -> None:
    """Write some of the figures ``allocated``, ``short`` and ``backordered`` of a line."""
    names = ("allocated", "short", "backordered")
    row = {f"now_{name}": figures.get(name, getattr(line, name)) for name in names}
    _SET.run(on, {"company": line.company_id, "line": line.id, **row})


def take_back(order: Any, lines: Sequence[Any], *, on: Connection) -> None:
    """Take back every promise to these lines of goods that were not picked yet."""
    ids = [line.id for line in lines]
    back: dict[int, Decimal] = dict.fromkeys(ids, NOTHING)
    for row in reserving.promised_to(ids, rules.PURPOSE, order.company_id, on=on):
        if not row.picked:
            reserving.release(row.id, row.quantity, order.company_id, on=on)
            back[row.purpose_id] += row.quantity
    for line in lines:
        left = line.allocated - back[line.id]
        set_figures(line, allocated=left, short=NOTHING, backordered=NOTHING, on=on)
