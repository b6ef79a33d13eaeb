"""Receiving: a scan becomes stock, a line of a receipt, and something to put away.

Each verb is one piece of work on one connection: after a crash all of it happened, or nothing.
Locks are taken in the order notice, lot, then balances (SKU, lot, location).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from portal.core import clock, events
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.core.quantities import written
from portal.warehousing.goods.queries import sku_row, units_of
from portal.warehousing.goods.rules import counted, in_base
from portal.warehousing.inbound.events import GoodsReceived
from portal.warehousing.inbound.rules import receiving as rules
from portal.warehousing.inbound.rules import states
from portal.warehousing.inbound.rules.receiving import Part
from portal.warehousing.inbound.service import held, known, tasks, writing
from portal.warehousing.ledger.rules import Leg, Posting
from portal.warehousing.ledger.service.holding import arriving_status
from portal.warehousing.ledger.service.lots import check_serial, lot_for, new_unit
from portal.warehousing.ledger.service.posting import post

NO_LOT = ""


@dataclass(frozen=True, kw_only=True)
class Scanned:
    """What somebody scanned or typed: so many of a level of a SKU, and what is on its label."""

    sku_id: int
    quantity: Decimal
    level: str = "each"
    lot: str = NO_LOT
    expires_on: date | None = None
    made_on: date | None = None
    condition: str = "good"
    sscc: str | None = None
    note: str | None = None
    picture_key: str | None = None
    said_at: datetime | None = None
    #: What was confirmed: lot, unannounced; and with a supervisor’s reason over, days.
    confirmed: Collection[str] = ()
    reason: str | None = None


@dataclass(frozen=True)
class Received:
    """What a scan came to. ``position``: of the line; ``left``: what is still to come of it."""

    movement_id: int
    receipt: str
    position: int
    sku: Any
    quantity: Decimal  # base units
    status: str
    received: Decimal
    announced: Decimal
    is_new_line: bool


def receive(
    ref: str, scanned: Scanned, *, by: int | None, on: Connection, company_id: int | None = None
) -> Received:
    """Take goods in, against the lines of a notice or without any.

    Raises Refused (a Confirm where somebody may allow it) for a notice that is not here, a lot or
    date that is missing or wrong, more than the tolerance, a serial number or pallet that was
    scanned before; then nothing is done. Records StockMoved, GoodsReceived, at first NoticeMoved.
    """
    notice = held.notice(ref, on, company_id=company_id)
    if notice.status not in states.RECEIVABLE:
        raise _not_now(notice.status)
    sku = sku_row(scanned.sku_id, notice.company_id, on)
    quantity = _quantity(scanned, sku, on)
    parts, lines = _checked(notice, sku, scanned, quantity, on)
    lot = _lot(sku, scanned, on)
    arriving = arriving_status(lot.id, notice.company_id, on=on)
    status = rules.status_of(scanned.condition, arriving)
    unit_id = _unit(notice, scanned, on)
    movement = _posted(notice, scanned, sku, lot, (quantity, status, unit_id), by, on)
    receipt = writing.open_receipt(notice, by, on)
    written_lines = [
        writing.line_of(notice, lines, sku, part, scanned=scanned, on=on) for part in parts
    ]
    came = _Came(notice, sku, lot, status, unit_id, movement, receipt, quantity)
    for part, line in zip(parts, written_lines, strict=True):
        _note(came, scanned, part.quantity, line, by, on)
    if notice.status == "arrived":
        held.move(notice, "receiving", by=by, on=on)
    _tell(came, scanned.condition, quantity, [line.position for line in written_lines], by, on)
    first = written_lines[0]
    return Received(
        movement,
        receipt.ref,
        first.position,
        sku,
        quantity,
        status,
        first.received + parts[0].quantity,
        first.announced,
        any(part.line_id is None for part in parts),
    )


@dataclass(frozen=True)
class _Came:
    """What all parts of a scan share."""

    notice: Any
    sku: Any
    lot: Any
    status: str
    unit_id: int | None
    movement_id: int
    receipt: Any
    total: Decimal


def _not_now(status: str) -> Refused:
    if status in states.EXPECTED:
        return Refused(_l("Note the arrival of this notice first; then receive its goods."))
    if status == "draft":
        return Refused(_l("This notice is a draft. Its owner announces it first."))
    return Refused(
        _l("Receiving of this notice is finished. Open a notice for what came afterwards.")
    )


def _quantity(scanned: Scanned, sku: Any, on: Connection) -> Decimal:
    units: Sequence[Any] = ()
    if scanned.level != "each":
        units = units_of([sku.id], sku.company_id, on).get(sku.id, [])
    quantity = counted(in_base(scanned.quantity, scanned.level, units), sku.unit)
    if quantity <= 0:
        raise Refused(_l("Enter a quantity above 0."))
    return quantity


def _checked(
    notice: Any, sku: Any, scanned: Scanned, quantity: Decimal, on: Connection
) -> tuple[list[Part], Mapping[int, Any]]:
    """Return the parts of a scan and the lines of its goods, or refuse before anything is done."""
    if scanned.condition not in rules.CONDITIONS:
        raise Refused(_l("Say whether the goods are good, damaged or doubtful."))
    rules.check_lot(sku, scanned.lot, scanned.expires_on, quantity)
    if scanned.condition == "good":
        today = clock.now().astimezone(clock.zone()).date()
        rules.check_dates(sku, scanned.expires_on, today, allowed=_allows("days", scanned))
    if sku.lot_policy == "serial":
        check_serial(sku, scanned.lot, on)
    rows = {row.id: row for row in writing.lines_of(notice, sku.id, on)}
    lines = [writing.rule_line(row) for row in rows.values()]
    lot = scanned.lot if sku.lot_policy != "none" else NO_LOT
    parts = rules.share(lines, quantity, lot, scanned.sscc)
    confirmed = bool({"lot", "unannounced"} & set(scanned.confirmed))
    rules.check_announced(parts, is_blind=notice.line_count == 0, confirmed=confirmed)
    for part in parts:
        said = rows[part.line_id].expires_on if part.line_id is not None else None
        rules.check_said_date(said, scanned.expires_on, confirmed=confirmed)
    rules.check_amount(lines, quantity, sku, allowed=_allows("over", scanned))
    return parts, rows


def _allows(what: str, scanned: Scanned) -> bool:
    return what in scanned.confirmed and bool(scanned.reason)


def _lot(sku: Any, scanned: Scanned, on: Connection) -> Any:
    """Return the lot; goods with a date of expiry but without lots are told apart by that date."""
    code = scanned.lot if sku.lot_policy != "none" else NO_LOT
    if sku.has_expiry and not code and scanned.expires_on is not None:
        code = scanned.expires_on.isoformat()
    expires_on = scanned.expires_on if sku.has_expiry else None
    return lot_for(sku, code, expires_on=expires_on, made_on=scanned.made_on, on=on)


def _unit(notice: Any, scanned: Scanned, on: Connection) -> int | None:
    """Return the pallet that was scanned, made if it is new; raises Refused for a double scan."""
    if scanned.sscc is None:
        return None
    unit = known.unit(scanned.sscc, on)
    if unit is None:
        return int(new_unit(notice.company_id, "pallet", sscc=scanned.sscc, on=on)["id"])
    if unit.company_id != notice.company_id:
        raise Refused(
            _l("This pallet belongs to another owner. Put it aside and call the supervisor.")
        )
    if writing.is_received(notice, unit.id, scanned.sku_id, on):
        raise Refused(_l("This pallet has been received already."))
    return int(unit.id)


def _posted(
    notice: Any,
    scanned: Scanned,
    sku: Any,
    lot: Any,
    what: tuple[Decimal, str, int | None],
    by: int | None,
    on: Connection,
) -> int:
    quantity, status, unit_id = what
    leg = Leg(
        sku_id=sku.id,
        lot_id=lot.id,
        location_id=notice.location_id,
        quantity=quantity,
        status=status,
        unit_id=unit_id,
    )
    posting = Posting(
        kind="receive",
        company_id=notice.company_id,
        warehouse_id=notice.warehouse_id,
        legs=[leg],
        actor_id=by,
        document=notice.ref,
        note=scanned.note or scanned.reason,
        picture_key=scanned.picture_key,
        said_at=scanned.said_at,
    )
    return post(posting, on=on).id


def _note(
    came: _Came, scanned: Scanned, quantity: Decimal, line: Any, by: int | None, on: Connection
) -> None:
    """Write the line of the receipt, what has come of the notice's line, what to put away."""
    allowed = scanned.reason if {"over", "days"} & set(scanned.confirmed) else None
    writing.add_receipt_line(
        {
            "company_id": came.notice.company_id,
            "receipt_id": came.receipt.id,
            "notice_line_id": line.id,
            "sku_id": came.sku.id,
            "lot_id": came.lot.id,
            "handling_unit_id": came.unit_id,
            **writing.counted_in(scanned, came.total, quantity),
            "condition": scanned.condition,
            "status": came.status,
            "location_id": came.notice.location_id,
            "movement_id": came.movement_id,
            "allowed": allowed,
            "allowed_by_id": by if allowed else None,
            "note": scanned.note,
            "picture_key": scanned.picture_key,
            "actor_id": by,
            "at": clock.now(),
            "undone_at": None,
        },
        on,
    )
    bad = quantity if scanned.condition != "good" else Decimal(0)
    writing.add_to_line(came.notice, line.id, quantity, bad, on=on)
    goods = tasks.Goods(came.sku.id, came.lot.id, came.unit_id, came.status)
    tasks.add(came.notice, line.id, goods, quantity, on=on)


def undo(movement_id: int, ref: str, *, by: int | None, on: Connection) -> str:
    """Take a scan back by its counter-entry; returns the code of the goods.

    Raises Refused once receiving is finished, or when the goods have gone elsewhere. Records
    StockMoved, GoodsReceived.
    """
    notice = held.notice(ref, on)
    if notice.status != "receiving":
        raise Refused(_l("Receiving is finished; correct it by a count or a difference."))
    return writing.undo(notice, movement_id, by=by, on=on)


def _tell(
    came: _Came,
    condition: str,
    quantity: Decimal,
    positions: list[int],
    by: int | None,
    on: Connection,
) -> None:
    events.record(
        GoodsReceived(
            actor_id=by,
            company_id=came.notice.company_id,
            ref=came.notice.ref,
            warehouse_id=came.notice.warehouse_id,
            receipt=came.receipt.ref,
            lines=positions,
            sku=came.sku.code,
            quantity=written(quantity),
            condition=condition,
        ),
        on=on,
    )
