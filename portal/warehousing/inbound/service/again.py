"""The centre looks again at what the owner declined: counts once more, or sends goods back."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

from portal.core import clock, scope
from portal.core.errors import FieldError, Invalid, Refused
from portal.core.i18n import lazy as _l
from portal.core.quantities import NOTHING
from portal.warehousing.inbound.models import NoticeLine, ReceiptLine
from portal.warehousing.inbound.rules import differences as rules
from portal.warehousing.inbound.service import finishing, held, tasks, writing
from portal.warehousing.ledger.models import Balance
from portal.warehousing.ledger.rules import Leg, Posting
from portal.warehousing.ledger.service.holding import arriving_status
from portal.warehousing.ledger.service.posting import post
from portal.warehousing.sites.models import Location

_LINE, _SCAN, _BALANCE, _LOCATION = (
    model.__table__ for model in (NoticeLine, ReceiptLine, Balance, Location)
)


def recount(
    ref: str,
    difference_id: int,
    found: Decimal,
    *,
    note: str,
    by: int | None,
    on: Connection,
) -> None:
    """Say how large a declined difference is after the goods were counted again.

    Stock follows by an adjustment; the owner is asked again, unless nothing is left of it. Who
    received the goods does not count them again. Raises Refused where there is not so much of
    them any more that is free. Records DifferenceChanged, StockMoved.
    """
    notice = held.notice(ref, on)
    row = finishing.difference(notice, difference_id, on)
    if found < 0:
        message = _l("Enter 0 or more.")
        raise Invalid(message, [FieldError("found", message)])
    if by is not None and by in _receivers(notice, row, on):
        raise Refused(_l("You received these goods. Somebody else counts them again."))
    status = rules.advance(row.status, "open" if found else "settled")
    more = rules.changed_by(row.kind, row.quantity, found)
    movement = _adjusted(notice, row, more, note, by, on) if more else None
    finishing.change(
        notice,
        row,
        on,
        status=status,
        quantity=found or row.quantity,
        outcome="confirmed" if found == row.quantity else "found",
        outcome_note=note or None,
        outcome_by_id=by,
        outcome_at=clock.now(),
        movement_id=movement or row.movement_id,
    )
    finishing.count_open(notice, on)
    finishing.tell(notice, row, by, on, status=status, quantity=found)
    finishing.complete(ref, by=by, on=on)


def send_back(ref: str, difference_id: int, *, note: str, by: int | None, on: Connection) -> None:
    """Hand the goods of a declined difference back to who brought them: they leave stock.

    Raises Refused for what never came, and where they are promised or have gone already. Records
    StockMoved, DifferenceChanged.
    """
    notice = held.notice(ref, on)
    row = finishing.difference(notice, difference_id, on)
    if row.kind not in rules.PRESENT:
        raise Refused(_l("What did not come cannot be sent back."))
    status = rules.advance(row.status, "settled")
    movement = _taken(notice, row, row.quantity, ("issue", "owner", note), by, on)
    finishing.change(
        notice,
        row,
        on,
        status=status,
        outcome="sent_back",
        outcome_note=note or None,
        outcome_by_id=by,
        outcome_at=clock.now(),
        movement_id=movement,
    )
    finishing.count_open(notice, on)
    finishing.tell(notice, row, by, on, status=status)
    finishing.complete(ref, by=by, on=on)


def _scans(notice: Any, row: Any, on: Connection) -> Sequence[Any]:
    """Return the scans of the line of a difference, the latest first."""
    wanted = select(_SCAN).where(
        _SCAN.c.notice_line_id == row.notice_line_id, _SCAN.c.undone_at.is_(None)
    )
    wanted = wanted.order_by(_SCAN.c.id.desc())
    return on.execute(wanted.execution_options(**scope.of(notice.company_id))).all()


def _receivers(notice: Any, row: Any, on: Connection) -> set[int]:
    return {each.actor_id for each in _scans(notice, row, on) if each.actor_id is not None}


def _adjusted(
    notice: Any, row: Any, more: Decimal, note: str, by: int | None, on: Connection
) -> int:
    """Post what was counted too much or too little; more is put away like what was received."""
    if more < 0:
        return _taken(notice, row, -more, ("adjust", "count", note), by, on)
    scans = _scans(notice, row, on)
    if not scans:
        raise Refused(
            _l("Nothing of this line has been received. Open a notice for what was found.")
        )
    sku_id, lot_id, wanted = scans[0].sku_id, scans[0].lot_id, scans[0].status
    leg = Leg(
        sku_id=sku_id,
        lot_id=lot_id,
        location_id=notice.location_id,
        quantity=more,
        status=arriving_status(lot_id, notice.company_id, wanted=wanted, on=on),
    )
    goods = tasks.Goods(leg.sku_id, leg.lot_id, None, leg.status)
    tasks.add(notice, row.notice_line_id, goods, more, on=on)
    writing.add_to_line(notice, row.notice_line_id, more, NOTHING, on=on)
    return post(_posting(notice, ("adjust", "count", note), [leg], by), on=on).id


def _taken(
    notice: Any,
    row: Any,
    quantity: Decimal,
    why: tuple[str, str, str],
    by: int | None,
    on: Connection,
) -> int:
    """Take goods of a line out of stock, first those that still lie where they were received."""
    scans = [each for each in _scans(notice, row, on) if _is_meant(row, each)]
    legs = _legs(notice, scans, quantity, on)
    for leg in legs:
        _no_longer_waits(notice, row, leg, on)
    return post(_posting(notice, why, legs, by), on=on).id


def _is_meant(row: Any, scan: Any) -> bool:
    return row.kind != "damaged" or scan.condition != "good"


def _posting(notice: Any, why: tuple[str, str, str], legs: list[Leg], by: int | None) -> Posting:
    kind, reason, note = why
    return Posting(
        kind=kind,
        company_id=notice.company_id,
        warehouse_id=notice.warehouse_id,
        legs=legs,
        actor_id=by,
        document=notice.ref,
        reason=reason,
        note=note or None,
    )


def _legs(notice: Any, scans: Sequence[Any], quantity: Decimal, on: Connection) -> list[Leg]:
    """Return from where ``quantity`` of what was scanned is taken; raises Refused if it is gone."""
    legs, rest = [], quantity
    for balance in _lying(notice, scans, on):
        taken = min(balance.on_hand - balance.allocated, rest)
        if taken <= 0:
            continue
        rest -= taken
        legs.append(
            Leg(
                sku_id=balance.sku_id,
                lot_id=balance.lot_id,
                location_id=balance.location_id,
                quantity=-taken,
                status=balance.status,
                unit_id=balance.handling_unit_id,
            )
        )
    if rest > NOTHING:
        raise Refused(
            _l("There is not so much of these goods any more that is free. Look where they went.")
        )
    return legs


def _lying(notice: Any, scans: Sequence[Any], on: Connection) -> Sequence[Any]:
    b = _BALANCE.c
    wanted = (
        select(_BALANCE)
        .join_from(_BALANCE, _LOCATION, _LOCATION.c.id == b.location_id)
        .where(
            b.company_id == notice.company_id,
            b.warehouse_id == notice.warehouse_id,
            b.lot_id.in_({each.lot_id for each in scans}),
            b.status.in_({each.status for each in scans}),
            b.on_hand > b.allocated,
            _LOCATION.c.kind.in_(("receive", "dock", "hold", "reserve", "pick")),
        )
        .order_by((b.location_id != notice.location_id), b.location_id, b.id)
    )
    return on.execute(wanted.execution_options(**scope.of(notice.company_id))).all()


def _no_longer_waits(notice: Any, row: Any, leg: Leg, on: Connection) -> None:
    """Let less of the goods wait to be put away where they left from the place of receiving."""
    rest = -leg.quantity if leg.location_id == notice.location_id else NOTHING
    for task in tasks.of_goods(notice, row.notice_line_id, on):
        same = (task.lot_id, task.status, task.handling_unit_id)
        if not rest or same != (leg.lot_id, leg.status, leg.unit_id):
            continue
        cut = min(task.quantity - task.done, rest)
        tasks.cut(task, cut, on)
        rest -= cut
