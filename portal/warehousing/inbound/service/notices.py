"""Announcing: a notice is written, changed, handed in, cancelled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from portal.accounts.service.companies import new_ref
from portal.core import clock, scope
from portal.core.db import is_sqlite
from portal.core.errors import FieldError, Invalid, Refused
from portal.core.i18n import lazy as _l
from portal.core.quantities import NOTHING
from portal.warehousing.goods.queries import skus_by_code, units_of
from portal.warehousing.inbound.models import InboundNotice, NoticeLine
from portal.warehousing.inbound.rules import announcing, states
from portal.warehousing.inbound.rules.announcing import Known, Said, SaidLine
from portal.warehousing.inbound.service import held
from portal.warehousing.sites.service import docks

_NOTICE, _LINE = InboundNotice.__table__, NoticeLine.__table__
_HEAD = ("supplier", "carrier", "vehicle", "driver_phone", "note", "expected_at")


@dataclass(frozen=True)
class Made:
    """A notice that is there now; ``is_new`` is false where its order_ref was known."""

    id: int
    ref: str
    is_new: bool = True


def look(company_id: int, lines: Sequence[SaidLine], *, on: Connection) -> list[Known]:
    """Return lines with their goods; raises Invalid that names every wrong one."""
    if len(lines) > announcing.MOST_LINES:
        raise Invalid(
            _l(
                "A notice has at most %(most)s lines. Split it by vehicle.",
                most=announcing.MOST_LINES,
            )
        )
    skus = skus_by_code([line.sku for line in lines], company_id, on)
    units = units_of([row.id for row in skus.values()], company_id, on)
    looked = announcing.look(lines, skus, units)
    if looked.errors:
        raise Invalid(_l("Please check the lines that are named."), looked.errors)
    return looked.lines


def announce(
    said: Said, company_id: int, *, is_draft: bool = False, by: int | None, on: Connection
) -> Made:
    """Write a notice, as a draft or at once announced.

    The same ``order_ref`` again is the same notice: then nothing is written. Raises Invalid for
    lines that are wrong and for a notice without any. Records NoticeMoved.
    """
    known = _known(company_id, said.order_ref, on)
    if known is not None:
        return Made(known.id, known.ref, is_new=False)
    lines = look(company_id, said.lines, on=on)
    if not lines and not is_draft:
        raise _no_lines()
    status = "draft" if is_draft else "announced"
    row = _inserted(said, company_id, status, len(lines), by, on)
    if row is None:  # somebody sent the same at the same moment
        known = _known(company_id, said.order_ref, on)
        return Made(known.id, known.ref, is_new=False)
    _write(row, lines, on)
    held.tell_moved(row, status, None, by=by, on=on)
    return Made(row.id, row.ref)


def blind(company_id: int, warehouse_id: int, *, by: int | None, on: Connection) -> Made:
    """Write a notice for goods that stand at the door unannounced. Records NoticeMoved."""
    said = Said(warehouse_id=warehouse_id, source="floor")
    row = _inserted(said, company_id, "announced", 0, by, on)
    held.tell_moved(row, "announced", None, by=by, on=on)
    return Made(row.id, row.ref)


def _no_lines() -> Invalid:
    message = _l("Enter at least one line.")
    return Invalid(message, [FieldError("lines", message)])


def _known(company_id: int, order_ref: str | None, on: Connection) -> Any:
    if not order_ref:
        return None
    wanted = select(_NOTICE.c.id, _NOTICE.c.ref).where(
        _NOTICE.c.company_id == company_id, _NOTICE.c.order_ref == order_ref
    )
    return on.execute(wanted.execution_options(**scope.of(company_id))).first()


def _inserted(
    said: Said, company_id: int, status: str, lines: int, by: int | None, on: Connection
) -> Any:
    at = clock.now()
    row = {
        "company_id": company_id,
        "warehouse_id": said.warehouse_id,
        "ref": new_ref("IN"),
        "order_ref": said.order_ref or None,
        "status": status,
        "source": said.source,
        **{name: getattr(said, name) or None for name in _HEAD},
        "reached": {status: at.isoformat()},
        "line_count": lines,
        "open_differences": 0,
        "created_by_id": by,
        "created_at": at,
        "changed_at": at,
    }
    new = sqlite_insert if is_sqlite(on) else postgresql_insert
    keys = [_NOTICE.c.company_id, _NOTICE.c.order_ref]
    adding = new(_NOTICE).values(**row).on_conflict_do_nothing(index_elements=keys)
    return on.execute(adding.returning(*_NOTICE.c)).first()


def _write(row: Any, lines: Sequence[Known], on: Connection) -> None:
    rows = [_columns(row, number, line) for number, line in enumerate(lines, start=1)]
    if rows:
        on.execute(insert(_LINE), rows)


def _columns(row: Any, number: int, line: Known) -> dict[str, Any]:
    return {
        "company_id": row.company_id,
        "notice_id": row.id,
        "position": number,
        "sku_id": line.sku_id,
        "lot_code": line.lot_code,
        "expires_on": line.expires_on,
        "sscc": line.sscc,
        "level": line.level,
        "said": line.said,
        "announced": line.announced,
        "received": NOTHING,
        "damaged": NOTHING,
        "put_away": NOTHING,
        "instead_of_id": None,
    }


def submit(ref: str, company_id: int, *, by: int | None, on: Connection) -> None:
    """Announce a draft; raises Invalid for one without lines. Records NoticeMoved."""
    row = held.notice(ref, on, company_id=company_id)
    if not row.line_count:
        raise _no_lines()
    held.move(row, "announced", by=by, on=on)


def amend(
    ref: str,
    company_id: int,
    changes: Mapping[str, Any],
    lines: Sequence[SaidLine] | None = None,
    *,
    by: int | None,
    on: Connection,
) -> None:
    """Change the head of a notice, and its lines where ``lines`` are given.

    ``changes`` are columns: warehouse_id, order_ref, supplier, carrier, vehicle, driver_phone,
    note, expected_at. Raises Refused once it has arrived, and for another warehouse while a slot
    is booked; Invalid for wrong lines. Records NoticeAmended.
    """
    row = held.notice(ref, on, company_id=company_id)
    if row.status not in states.EDITABLE:
        raise Refused(_l("The goods have arrived: this notice cannot be changed any more."))
    if row.dock_id is not None:
        if changes.get("warehouse_id", row.warehouse_id) != row.warehouse_id:
            raise Refused(_l("Give the slot back before you choose another warehouse."))
        changes = {name: value for name, value in changes.items() if name != "expected_at"}
    _check_order_ref(row, changes.get("order_ref"), on)
    if lines is not None:
        _rewrite(row, look(company_id, lines, on=on), on)
    if changes:
        held.change(row, on, **changes)
    held.tell_amended(row, "head" if lines is None else "lines", by=by, on=on)


def _check_order_ref(row: Any, order_ref: str | None, on: Connection) -> None:
    known = _known(row.company_id, order_ref, on)
    if known is not None and known.id != row.id:
        message = _l("You have used this reference before, for %(no)s.", no=known.ref)
        raise Invalid(message, [FieldError("order_ref", message)])


def _rewrite(row: Any, lines: Sequence[Known], on: Connection) -> None:
    if not lines and row.status != "draft":
        raise _no_lines()
    gone = delete(_LINE).where(_LINE.c.notice_id == row.id)
    on.execute(gone.execution_options(**scope.of(row.company_id)))
    _write(row, lines, on)
    held.change(row, on, line_count=len(lines))


def cancel(
    ref: str, *, reason: str, by: int | None, on: Connection, company_id: int | None = None
) -> None:
    """Cancel a notice and give its slot back; ``company_id``: whose it must be, None: any.

    Raises Refused once goods of it have been received. Records NoticeMoved, DockCancelled.
    """
    row = held.notice(ref, on, company_id=company_id)
    held.move(row, "cancelled", by=by, on=on, cancel_reason=reason or None, dock_id=None)
    docks.cancel_all(row.ref, row.company_id, by=by, on=on)
