"""Asking for a return, and what its owner and the centre do before the goods are here."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, insert, select

from portal.accounts.service.companies import new_ref
from portal.core import clock, scope
from portal.core.db import AnyRow
from portal.core.errors import FieldError, Invalid, Refused
from portal.core.i18n import lazy as _l
from portal.warehousing.goods.queries import skus_by_code
from portal.warehousing.inbound.rules import announcing
from portal.warehousing.inbound.rules.announcing import Known, SaidLine
from portal.warehousing.outbound.models import OutboundOrder
from portal.warehousing.returns import rules
from portal.warehousing.returns.models import GoodsReturn, ReturnLine
from portal.warehousing.returns.service.held import change, held, move, tell

_RETURN, _LINE, _ORDER = (model.__table__ for model in (GoodsReturn, ReturnLine, OutboundOrder))


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What an owner wants to come back. ``begun_with``: his own number, or the form's key."""

    warehouse_id: int
    reason: str
    lines: Sequence[SaidLine]
    source: str = "web"
    begun_with: str | None = None
    order_ref: str | None = None
    note: str | None = None
    sender: dict[str, Any] | None = None
    carrier: str | None = None
    tracking_no: str | None = None
    expected_on: date | None = None


@dataclass(frozen=True)
class Made:
    """The id and reference of a return, and whether it is new."""

    id: int
    ref: str
    is_new: bool


def request(wish: Wish, company_id: int, *, by_id: int | None, on: Connection) -> Made:
    """Ask for a return; sent again with the same ``begun_with`` it is the same one.

    Raises Invalid that names what is wrong with it. Records ReturnMoved.
    """
    if wish.begun_with is not None and (known := _known(wish, company_id, on)) is not None:
        return Made(known.id, known.ref, is_new=False)
    _check(wish, company_id, on)
    lines = _lines(wish.lines, company_id, on)
    if wish.order_ref is not None:
        wish = replace(wish, order_ref=_order(wish.order_ref, company_id, on))
    row = begin(wish, company_id, "requested", by_id=by_id, on=on)
    on.execute(insert(_LINE), [_line(row, number, each) for number, each in enumerate(lines, 1)])
    return Made(row.id, row.ref, is_new=True)


def begin(wish: Wish, company_id: int, status: str, *, by_id: int | None, on: Connection) -> Any:
    """Write a return down without lines; return its columns. Records ReturnMoved."""
    given = {name: value for name, value in wish.__dict__.items() if name != "lines"}
    now = clock.now()
    values = {
        **given,
        "ref": new_ref("RT"),
        "company_id": company_id,
        "status": status,
        "created_by_id": by_id,
        "created_at": now,
        "changed_at": now,
    }
    row = on.execute(insert(_RETURN).values(**values).returning(*_RETURN.c)).one()
    tell(row, status, None, by_id=by_id, on=on)
    return row


def _known(wish: Wish, company_id: int, on: Connection) -> AnyRow | None:
    c = _RETURN.c
    mine = select(c.id, c.ref).where(c.company_id == company_id, c.begun_with == wish.begun_with)
    return on.execute(mine.execution_options(**scope.of(company_id))).first()


def _check(wish: Wish, company_id: int, on: Connection) -> None:
    errors = []
    if wish.reason not in rules.REASONS:
        errors.append(FieldError("reason", _l("Choose why the goods come back.")))
    if not wish.lines:
        errors.append(FieldError("lines", _l("Say at least of one kind of goods how many.")))
    if len(wish.lines) > rules.MOST_LINES:
        errors.append(
            FieldError("lines", _l("At most %(most)s lines in one return.", most=rules.MOST_LINES))
        )
    if wish.order_ref is not None and _order(wish.order_ref, company_id, on) is None:
        errors.append(FieldError("order_ref", _l("You have no shipped order with this reference.")))
    if errors:
        raise Invalid(_l("Please check what you entered."), errors)


def _order(ref: str, company_id: int, on: Connection) -> str | None:
    """Return our reference of a shipped order that is named by it or by the owner's own number."""
    c = _ORDER.c
    mine = select(c.ref).where(c.company_id == company_id, (c.ref == ref) | (c.order_ref == ref))
    shipped = mine.where(c.status.in_(("shipped", "closed"))).limit(1)
    found: str | None = on.scalar(shipped.execution_options(**scope.of(company_id)))
    return found


def _lines(said: Sequence[SaidLine], company_id: int, on: Connection) -> Sequence[Known]:
    """Return the lines with their goods; raises Invalid that names each wrong one."""
    skus = skus_by_code([line.sku for line in said], company_id, on)
    looked = announcing.look(said, skus, {})
    if looked.errors:
        raise Invalid(_l("Please check what you entered."), looked.errors)
    return looked.lines


def _line(row: Any, number: int, line: Known) -> dict[str, Any]:
    return {
        "company_id": row.company_id,
        "return_id": row.id,
        "number": number,
        "sku_id": line.sku_id,
        "lot_code": line.lot_code or None,
        "quantity": line.announced,
    }


def cancel(return_id: int, company_id: int, *, by_id: int | None, on: Connection) -> None:
    """Give a return up before anything came; raises Refused afterwards. Records ReturnMoved."""
    row = held(return_id, company_id, on)
    move(row, "cancelled", by_id=by_id, on=on, closed_at=clock.now())


def send_off(
    return_id: int,
    company_id: int,
    carrier: str,
    tracking_no: str,
    *,
    by_id: int | None,
    on: Connection,
) -> None:
    """Say with whom the goods are on their way; again: put it right. Records ReturnMoved."""
    row = held(return_id, company_id, on)
    values = {"carrier": carrier or None, "tracking_no": tracking_no.upper() or None}
    if row.status == "in_transit":
        change(row, on, **values)
        tell(row, row.status, row.status, by_id=by_id, on=on)
        return
    move(row, "in_transit", by_id=by_id, on=on, **values)


def authorise(
    return_id: int, company_id: int, note: str | None, *, by_id: int | None, on: Connection
) -> None:
    """Let the goods come. Records ReturnMoved."""
    row = held(return_id, company_id, on)
    move(row, "authorised", by_id=by_id, on=on, **_decided(by_id, note))


def refuse(
    return_id: int, company_id: int, note: str, *, by_id: int | None, on: Connection
) -> None:
    """Refuse a return with a reason, which the owner reads. Records ReturnMoved."""
    if not note.strip():
        raise Refused(_l("Say to the owner why the goods cannot come back."))
    row = held(return_id, company_id, on)
    values = {**_decided(by_id, note), "closed_at": clock.now()}
    move(row, "refused", by_id=by_id, on=on, **values)


def _decided(by_id: int | None, note: str | None) -> dict[str, Any]:
    return {"decided_by_id": by_id, "decided_at": clock.now(), "decision_note": note or None}
