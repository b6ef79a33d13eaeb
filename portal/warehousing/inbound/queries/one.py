"""What belongs to one notice; each takes a row of ``notice_for``, so nothing is a stranger’s."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, func, select

from portal.accounts.models import Person
from portal.core import scope
from portal.core.db import AnyRow, db
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.warehousing.goods.models import Sku
from portal.warehousing.inbound.models import (
    Difference,
    InboundFile,
    NoticeLine,
    PutAwayTask,
    Receipt,
    ReceiptLine,
)
from portal.warehousing.ledger.models import HandlingUnit, Lot, Movement
from portal.warehousing.sites.models import Location

_LINE, _SKU, _RECEIPT, _SCAN, _DIFFERENCE, _FILE, _TASK, _PERSON, _LOT, _UNIT, _PLACE, _MOVED = (
    model.__table__
    for model in (
        NoticeLine,
        Sku,
        Receipt,
        ReceiptLine,
        Difference,
        InboundFile,
        PutAwayTask,
        Person,
        Lot,
        HandlingUnit,
        Location,
        Movement,
    )
)
_GOODS = (
    _SKU.c.code.label("sku"),
    _SKU.c.name.label("sku_name"),
    _SKU.c.names.label("sku_names"),
    _SKU.c.unit,
    _SKU.c.lot_policy,
    _SKU.c.has_expiry,
)
MOST = 5000  # rows of one notice


def _rows(notice: Any, query: Select[Any], on: Connection | None = None) -> Sequence[AnyRow]:
    asked = query.execution_options(**scope.of(notice.company_id))
    rows: Sequence[AnyRow] = (on or db.session).execute(asked).all()
    return rows


def lines_of(notice: Any, on: Connection | None = None) -> Sequence[AnyRow]:
    """Return the lines of a notice with their goods (``sku, sku_name, sku_names, unit …``).

    Lines for what came unannounced and was taken back are left out.
    """
    wanted = (
        select(_LINE, *_GOODS)
        .join_from(_LINE, _SKU, _SKU.c.id == _LINE.c.sku_id)
        .where(_LINE.c.notice_id == notice.id, (_LINE.c.announced > 0) | (_LINE.c.received > 0))
        .order_by(_LINE.c.position)
        .limit(MOST)
    )
    return _rows(notice, wanted, on)


def line_of(notice: Any, position: int) -> AnyRow:
    """Return one line; raises NotFound where there is none."""
    found = next((row for row in lines_of(notice) if row.position == position), None)
    if found is None:
        raise NotFound(_l("There is no such line."))
    return found


def receipts_of(notice: Any) -> Sequence[AnyRow]:
    """Return the receipts of a notice, the first one first, with how many scans (``scans``)."""
    scans = (
        select(func.count())
        .where(_SCAN.c.receipt_id == _RECEIPT.c.id, _SCAN.c.undone_at.is_(None))
        .scalar_subquery()
    )
    wanted = select(_RECEIPT, scans.label("scans"), _PERSON.c.name.label("by"))
    wanted = wanted.outerjoin(_PERSON, _PERSON.c.id == _RECEIPT.c.begun_by_id)
    return _rows(notice, wanted.where(_RECEIPT.c.notice_id == notice.id).order_by(_RECEIPT.c.id))


def receipt_of(notice: Any, ref: str) -> AnyRow:
    """Return a receipt of a notice; raises NotFound where there is none."""
    found = next((row for row in receipts_of(notice) if row.ref == ref), None)
    if found is None:
        raise NotFound(_l("There is no such receipt."))
    return found


def scans_of(
    notice: Any, *, receipt_id: int | None = None, newest: int | None = None
) -> Sequence[AnyRow]:
    """Return what was scanned in, in order; ``newest``: the last so many, the latest first.

    Columns of the receipt’s line with ``receipt, position, sku …, lot, expires_on, sscc, by``.
    Scans that were taken back are left out.
    """
    columns = (
        _RECEIPT.c.ref.label("receipt"),
        _LINE.c.position,
        _LOT.c.code.label("lot"),
        _LOT.c.expires_on,
        _UNIT.c.sscc,
        _PERSON.c.name.label("by"),
    )
    wanted = (
        select(_SCAN, *columns, *_GOODS)
        .join_from(_SCAN, _RECEIPT, _RECEIPT.c.id == _SCAN.c.receipt_id)
        .join(_LINE, _LINE.c.id == _SCAN.c.notice_line_id)
        .join(_SKU, _SKU.c.id == _SCAN.c.sku_id)
        .join(_LOT, _LOT.c.id == _SCAN.c.lot_id)
        .outerjoin(_UNIT, _UNIT.c.id == _SCAN.c.handling_unit_id)
        .outerjoin(_PERSON, _PERSON.c.id == _SCAN.c.actor_id)
        .where(_RECEIPT.c.notice_id == notice.id, _SCAN.c.undone_at.is_(None))
    )
    if receipt_id is not None:
        wanted = wanted.where(_SCAN.c.receipt_id == receipt_id)
    order = _SCAN.c.id.desc() if newest else _SCAN.c.id
    return _rows(notice, wanted.order_by(order).limit(newest or MOST))


def differences_of(notice: Any) -> Sequence[AnyRow]:
    """Return the differences of a notice with their line and goods (``position, sku …``)."""
    wanted = (
        select(_DIFFERENCE, _LINE.c.position, _LINE.c.lot_code, *_GOODS)
        .join_from(_DIFFERENCE, _LINE, _LINE.c.id == _DIFFERENCE.c.notice_line_id)
        .join(_SKU, _SKU.c.id == _LINE.c.sku_id)
        .where(_DIFFERENCE.c.notice_id == notice.id)
        .order_by(_LINE.c.position, _DIFFERENCE.c.id)
    )
    return _rows(notice, wanted)


def files_of(notice: Any) -> Sequence[AnyRow]:
    """Return the papers of a notice, the first one first."""
    wanted = select(_FILE).where(_FILE.c.notice_id == notice.id).order_by(_FILE.c.id)
    return _rows(notice, wanted)


def file_of(notice: Any, ref: str) -> AnyRow:
    """Return a paper of a notice; raises NotFound where there is none."""
    found = next((row for row in files_of(notice) if row.ref == ref), None)
    if found is None:
        raise NotFound(_l("That file is not there any more."))
    return found


def stored_of(notice: Any) -> Sequence[AnyRow]:
    """Return where goods of a notice were put against the proposal, with the reason."""
    wanted = (
        select(_MOVED.c.at, _MOVED.c.reason, _MOVED.c.note, _PERSON.c.name.label("by"))
        .join_from(_MOVED, _PERSON, _PERSON.c.id == _MOVED.c.actor_id)
        .where(
            _MOVED.c.document == notice.ref,
            _MOVED.c.company_id == notice.company_id,
            _MOVED.c.kind == "put_away",
            _MOVED.c.reason.is_not(None),
        )
        .order_by(_MOVED.c.id)
    )
    return _rows(notice, wanted)


def tasks_of(notice: Any) -> Sequence[AnyRow]:
    """Return what waits to be put away (``position, sku …, lot, expires_on, sscc, place``)."""
    columns = (
        _LINE.c.position,
        _LOT.c.code.label("lot"),
        _LOT.c.expires_on,
        _UNIT.c.sscc,
        _PLACE.c.code.label("place"),
    )
    wanted = (
        select(_TASK, *columns, *_GOODS)
        .join_from(_TASK, _LINE, _LINE.c.id == _TASK.c.notice_line_id)
        .join(_SKU, _SKU.c.id == _TASK.c.sku_id)
        .join(_LOT, _LOT.c.id == _TASK.c.lot_id)
        .join(_PLACE, _PLACE.c.id == _TASK.c.location_id)
        .outerjoin(_UNIT, _UNIT.c.id == _TASK.c.handling_unit_id)
        .where(_TASK.c.notice_id == notice.id, _TASK.c.done_at.is_(None))
        .order_by(_TASK.c.id)
    )
    return _rows(notice, wanted)
