"""The rows that receiving writes, by statements that are made once: it is a hot path."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from portal.accounts.service.companies import new_ref
from portal.core import clock, events, scope
from portal.core.errors import NotFound, Refused
from portal.core.i18n import lazy as _l
from portal.core.prepared import Prepared
from portal.core.quantities import NOTHING, Quantity, written
from portal.warehousing.goods.queries import sku_row
from portal.warehousing.inbound.events import GoodsReceived
from portal.warehousing.inbound.models import NoticeLine, Receipt, ReceiptLine
from portal.warehousing.inbound.rules.receiving import Line, Part
from portal.warehousing.inbound.service import tasks
from portal.warehousing.ledger.service.posting import reverse

_LINE, _RECEIPT, _SCAN = NoticeLine.__table__, Receipt.__table__, ReceiptLine.__table__
_OF_SKU = Prepared(
    select(_LINE)
    .where(
        _LINE.c.company_id == bindparam("company"),
        _LINE.c.notice_id == bindparam("notice"),
        _LINE.c.sku_id == bindparam("sku"),
    )
    .order_by(_LINE.c.position)
    .execution_options(**scope.BOUND)
)
_OPEN = Prepared(
    select(_RECEIPT.c.id, _RECEIPT.c.ref)
    .where(
        _RECEIPT.c.company_id == bindparam("company"),
        _RECEIPT.c.notice_id == bindparam("notice"),
        _RECEIPT.c.closed_at.is_(None),
    )
    .execution_options(**scope.BOUND)
)
_BEGIN = Prepared(insert(_RECEIPT).returning(_RECEIPT.c.id))
_ADD_SCAN = Prepared(insert(_SCAN))
_MORE = bindparam("more", type_=Quantity())
_BAD = bindparam("bad", type_=Quantity())
_ADD_TO_LINE = Prepared(
    update(_LINE)
    .where(_LINE.c.company_id == bindparam("company"), _LINE.c.id == bindparam("line"))
    .values(received=_LINE.c.received + _MORE, damaged=_LINE.c.damaged + _BAD)
    .execution_options(**scope.BOUND)
)
_STORE = Prepared(
    update(_LINE)
    .where(_LINE.c.company_id == bindparam("company"), _LINE.c.id == bindparam("line"))
    .values(put_away=_LINE.c.put_away + _MORE)
    .returning(_LINE.c.position)
    .execution_options(**scope.BOUND)
)
_OF_UNIT = Prepared(
    select(_SCAN.c.sku_id, _RECEIPT.c.closed_at, _RECEIPT.c.notice_id)
    .join_from(_SCAN, _RECEIPT, _RECEIPT.c.id == _SCAN.c.receipt_id)
    .where(
        _SCAN.c.company_id == bindparam("company"),
        _SCAN.c.handling_unit_id == bindparam("unit"),
        _SCAN.c.undone_at.is_(None),
    )
    .execution_options(**scope.BOUND)
)


def lines_of(notice: Any, sku_id: int, on: Connection) -> Sequence[Any]:
    """Return the lines of a notice that hold some goods, in their order."""
    values = {"company": notice.company_id, "notice": notice.id, "sku": sku_id}
    return _OF_SKU.all(on, values)


def rule_line(row: Any) -> Line:
    """Return a line as the rules know it."""
    return Line(
        id=row.id,
        sku_id=row.sku_id,
        lot_code=row.lot_code,
        sscc=row.sscc,
        announced=row.announced,
        received=row.received,
        instead_of_id=row.instead_of_id,
    )


def open_receipt(notice: Any, by: int | None, on: Connection) -> Any:
    """Return the receipt that is open for a notice (``id, ref``), begun if there is none."""
    found = _OPEN.first(on, {"company": notice.company_id, "notice": notice.id})
    if found is not None:
        return found
    row = {
        "company_id": notice.company_id,
        "notice_id": notice.id,
        "ref": new_ref("RC"),
        "begun_at": clock.now(),
        "begun_by_id": by,
        "closed_at": None,
        "closed_by_id": None,
        "note": None,
    }
    _BEGIN.first(on, row)
    return _OPEN.first(on, {"company": notice.company_id, "notice": notice.id})


def line_of(
    notice: Any, lines: Mapping[int, Any], sku: Any, part: Part, *, scanned: Any, on: Connection
) -> Any:
    """Return the line of a part; one that has to be made announces nothing."""
    if part.line_id is not None:
        return lines[part.line_id]
    mine = _LINE.c.notice_id == notice.id
    last = select(func.max(_LINE.c.position)).where(mine)
    last = last.execution_options(**scope.of(notice.company_id))
    lot = scanned.lot if sku.lot_policy != "none" else ""
    made = insert(_LINE).values(
        company_id=notice.company_id,
        notice_id=notice.id,
        position=(on.scalar(last) or 0) + 1,
        sku_id=sku.id,
        lot_code=lot,
        expires_on=scanned.expires_on,
        sscc=scanned.sscc,
        level=scanned.level,
        said=NOTHING,
        announced=NOTHING,
        received=NOTHING,
        damaged=NOTHING,
        put_away=NOTHING,
        instead_of_id=part.instead_of_id,
    )
    return on.execute(made.returning(*_LINE.c)).one()


def counted_in(scanned: Any, total: Decimal, part: Decimal) -> dict[str, Any]:
    """Return the columns of a quantity: as it was counted, unless it was shared between lines."""
    if part == total:
        return {"level": scanned.level, "counted": scanned.quantity, "quantity": part}
    return {"level": "each", "counted": part, "quantity": part}


def add_receipt_line(row: Mapping[str, Any], on: Connection) -> None:
    """Write a line of a receipt."""
    _ADD_SCAN.run(on, row)


def add_to_line(notice: Any, line_id: int, more: Decimal, bad: Decimal, *, on: Connection) -> None:
    """Add to what has come of a line; below zero: take back."""
    values = {"company": notice.company_id, "line": line_id, "more": more, "bad": bad}
    _ADD_TO_LINE.run(on, values)


def stored(notice: Any, line_id: int, more: Decimal, on: Connection) -> int:
    """Note that so much of a line is in storage; return the line's position."""
    values = {"company": notice.company_id, "line": line_id, "more": more}
    return int(_STORE.first(on, values).position)


def is_received(notice: Any, unit_id: int, sku_id: int, on: Connection) -> bool:
    """Return whether a pallet was scanned in before: with these goods, or another time.

    A pallet with several goods on it is scanned once for each of them.
    """
    rows = _OF_UNIT.all(on, {"company": notice.company_id, "unit": unit_id})
    return any(
        row.sku_id == sku_id or row.notice_id != notice.id or row.closed_at is not None
        for row in rows
    )


def undo(notice: Any, movement_id: int, *, by: int | None, on: Connection) -> str:
    """Take the lines of a scan back; returns the code of the goods."""
    rows = _scans(notice, movement_id, on)
    if not rows:
        raise NotFound(_l("There is no such scan in this receipt."))
    if any(row.undone_at is not None for row in rows):
        raise Refused(_l("This scan has been taken back already."))
    for row in rows:
        goods = tasks.Goods(row.sku_id, row.lot_id, row.handling_unit_id, row.status)
        tasks.lessen(notice, row.notice_line_id, goods, row.quantity, on=on)
        bad = row.quantity if row.condition != "good" else NOTHING
        add_to_line(notice, row.notice_line_id, -row.quantity, -bad, on=on)
    reverse(movement_id, notice.company_id, by=by, note=str(movement_id), on=on)
    mine = _SCAN.c.movement_id == movement_id
    taking = update(_SCAN).where(mine).values(undone_at=clock.now())
    on.execute(taking.execution_options(**scope.of(notice.company_id)))
    return _tell_undone(notice, rows, by, on)


def _scans(notice: Any, movement_id: int, on: Connection) -> Sequence[Any]:
    columns = (_RECEIPT.c.ref.label("receipt"), _LINE.c.position)
    wanted = (
        select(_SCAN, *columns)
        .join_from(_SCAN, _RECEIPT, _RECEIPT.c.id == _SCAN.c.receipt_id)
        .join(_LINE, _LINE.c.id == _SCAN.c.notice_line_id)
        .where(
            _RECEIPT.c.notice_id == notice.id,
            _SCAN.c.movement_id == movement_id,
            _RECEIPT.c.closed_at.is_(None),
        )
    )
    return on.execute(wanted.execution_options(**scope.of(notice.company_id))).all()


def _tell_undone(notice: Any, rows: Sequence[Any], by: int | None, on: Connection) -> str:
    code = str(sku_row(rows[0].sku_id, notice.company_id, on).code)
    events.record(
        GoodsReceived(
            actor_id=by,
            company_id=notice.company_id,
            ref=notice.ref,
            warehouse_id=notice.warehouse_id,
            receipt=rows[0].receipt,
            lines=[row.position for row in rows],
            sku=code,
            quantity=written(sum((row.quantity for row in rows), NOTHING)),
            condition=rows[0].condition,
            undone=True,
        ),
        on=on,
    )
    return code
