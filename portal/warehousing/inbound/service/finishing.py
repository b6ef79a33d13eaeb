"""Finishing: a receipt is signed off, differences are made, the owner answers them."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, insert, select, update

from portal.core import clock, events, scope
from portal.core.errors import FieldError, Invalid, NotFound, Refused
from portal.core.i18n import lazy as _l
from portal.core.quantities import written
from portal.warehousing.goods.queries import sku_rows
from portal.warehousing.inbound.events import DifferenceChanged
from portal.warehousing.inbound.models import Difference, NoticeLine, Receipt
from portal.warehousing.inbound.rules import differences as rules
from portal.warehousing.inbound.rules.differences import Found
from portal.warehousing.inbound.service import held, tasks

_LINE, _RECEIPT, _DIFFERENCE = NoticeLine.__table__, Receipt.__table__, Difference.__table__


def close_receipt(ref: str, *, note: str = "", by: int | None, on: Connection) -> None:
    """Sign the open receipt off while more of the notice is still to come, by another vehicle.

    Raises Refused where none is open.
    """
    notice = held.notice(ref, on)
    if notice.status != "receiving" or not _close(notice, note, by, on):
        raise Refused(_l("Nothing has been received since the last receipt was closed."))
    held.tell_amended(notice, "papers", by=by, on=on)


def _close(notice: Any, note: str, by: int | None, on: Connection) -> bool:
    mine = (_RECEIPT.c.notice_id == notice.id, _RECEIPT.c.closed_at.is_(None))
    closing = update(_RECEIPT).where(*mine)
    closing = closing.values(closed_at=clock.now(), closed_by_id=by, note=note or None)
    done = closing.returning(_RECEIPT.c.id).execution_options(**scope.of(notice.company_id))
    return on.execute(done).first() is not None


def finish(ref: str, *, note: str = "", by: int | None, on: Connection) -> list[Found]:
    """Finish receiving; return where what came differs from what was announced.

    An empty vehicle may be finished too: all of it is short. Raises Refused before the arrival
    and after it was finished. Records NoticeMoved, DifferenceChanged for each difference.
    """
    notice = held.notice(ref, on)
    if notice.status == "arrived":
        held.move(notice, "receiving", by=by, on=on)
        notice = held.notice(ref, on)
    _close(notice, note, by, on)
    held.move(notice, "received", by=by, on=on)
    found = _differences(notice, on)
    _open_all(notice, found, note, by, on)
    complete(ref, by=by, on=on)
    return found


def complete(ref: str, *, by: int | None, on: Connection) -> bool:
    """Let a notice move on if putting away has begun, and to the end if everything is in storage.

    Returns whether it is complete. Records NoticeMoved.
    """
    notice = held.notice(ref, on)
    if notice.status not in ("received", "putting_away"):
        return bool(notice.status == "completed")
    if not tasks.are_left(notice, on):
        held.walk(notice, "completed", by=by, on=on)
        return True
    if notice.status == "received" and tasks.is_begun(notice, on):
        held.walk(notice, "putting_away", by=by, on=on)
    return False


def _differences(notice: Any, on: Connection) -> list[Found]:
    wanted = select(_LINE).where(_LINE.c.notice_id == notice.id).order_by(_LINE.c.position)
    rows = on.execute(wanted.execution_options(**scope.of(notice.company_id))).all()
    skus = sku_rows([row.sku_id for row in rows], notice.company_id, on)
    if notice.line_count == 0:  # nothing was announced, so nothing can differ but its condition
        return [each for each in rules.found(rows, {}) if each.kind == "damaged"]
    return rules.found(rows, {id_: row.over_receipt_bp for id_, row in skus.items()})


def _open_all(
    notice: Any, found: Sequence[Found], note: str, by: int | None, on: Connection
) -> None:
    if not found:
        return
    rows = [
        {
            "company_id": notice.company_id,
            "notice_id": notice.id,
            "notice_line_id": each.line_id,
            "kind": each.kind,
            "quantity": each.quantity,
            "note": note or None,
            "status": "open",
            "created_at": clock.now(),
        }
        for each in found
    ]
    on.execute(insert(_DIFFERENCE), rows)
    count_open(notice, on)
    for each in differences_of(notice, on):
        tell(notice, each, by, on)


def differences_of(notice: Any, on: Connection) -> Sequence[Any]:
    """Return the differences of a notice with the ``position`` of their line."""
    wanted = (
        select(_DIFFERENCE, _LINE.c.position)
        .join_from(_DIFFERENCE, _LINE, _LINE.c.id == _DIFFERENCE.c.notice_line_id)
        .where(_DIFFERENCE.c.notice_id == notice.id)
        .order_by(_DIFFERENCE.c.id)
    )
    return on.execute(wanted.execution_options(**scope.of(notice.company_id))).all()


def count_open(notice: Any, on: Connection) -> None:
    """Keep beside the notice how many of its differences wait for the owner."""
    waiting = sum(each.status == "open" for each in differences_of(notice, on))
    held.change(notice, on, open_differences=waiting)


def difference(notice: Any, id_: int, on: Connection) -> Any:
    """Return a difference of a held notice; raises NotFound for none."""
    found = next((each for each in differences_of(notice, on) if each.id == id_), None)
    if found is None:
        raise NotFound(_l("There is no such difference."))
    return found


def answer(
    ref: str,
    difference_id: int,
    *,
    accept: bool,
    note: str,
    company_id: int,
    by: int | None,
    on: Connection,
) -> None:
    """Accept or decline a difference as the owner; declining needs a note that says why.

    Raises Refused where it was answered before, Invalid without a note. Records
    DifferenceChanged.
    """
    notice = held.notice(ref, on, company_id=company_id)
    found = difference(notice, difference_id, on)
    if not accept and not note:
        message = _l("Say why you decline, so that the centre knows what to look for.")
        raise Invalid(message, [FieldError(f"note-{difference_id}", message)])
    status = rules.advance(found.status, "accepted" if accept else "declined")
    change(
        notice,
        found,
        on,
        status=status,
        answer_note=note or None,
        answered_by_id=by,
        answered_at=clock.now(),
    )
    count_open(notice, on)
    tell(notice, found, by, on, status=status)


def change(notice: Any, row: Any, on: Connection, **values: Any) -> None:
    """Change columns of a difference."""
    mine = update(_DIFFERENCE).where(
        _DIFFERENCE.c.id == row.id, _DIFFERENCE.c.company_id == notice.company_id
    )
    on.execute(mine.values(**values).execution_options(**scope.of(notice.company_id)))


def tell(
    notice: Any,
    row: Any,
    by: int | None,
    on: Connection,
    *,
    status: str | None = None,
    quantity: Decimal | None = None,
) -> None:
    """Record what became of a difference."""
    events.record(
        DifferenceChanged(
            actor_id=by,
            company_id=notice.company_id,
            ref=notice.ref,
            warehouse_id=notice.warehouse_id,
            difference=row.id,
            line=row.position,
            kind=row.kind,
            quantity=written(row.quantity if quantity is None else quantity),
            status=status or row.status,
        ),
        on=on,
    )
