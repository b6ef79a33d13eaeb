"""Returns by program: to list them, to ask for one, to look at one."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, Response, request
from flask_login import current_user
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from portal.accounts.access import User
from portal.core import pagination
from portal.core.api import Shape, as_json, parsed
from portal.core.db import write
from portal.core.errors import FieldError, Forbidden, Invalid
from portal.core.i18n import lazy as _l
from portal.core.idempotency import idempotent
from portal.core.quantities import read, written
from portal.warehousing.inbound.forms.typed import NO_NUMBER
from portal.warehousing.inbound.rules.announcing import SaidLine
from portal.warehousing.returns import rules
from portal.warehousing.returns.queries import many, one
from portal.warehousing.returns.queries.many import Filter
from portal.warehousing.returns.queries.visible import return_for
from portal.warehousing.returns.service import requesting
from portal.warehousing.returns.service.requesting import Made, Wish
from portal.warehousing.sites.queries import warehouses_for

bp = Blueprint("returns_api", __name__)


class ReturnLineIn(Shape):
    """So many base units of goods; ``quantity`` is a decimal in quotes."""

    sku: str = Field(min_length=1, max_length=100)
    quantity: str = Field(min_length=1, max_length=20)
    lot: str = Field("", max_length=100)


class SenderIn(Shape):
    """Who sends the goods."""

    name: str = Field("", max_length=100)
    phone: str = Field("", max_length=40)
    city: str = Field("", max_length=60)


class NewReturn(Shape):
    """A return that is asked for. ``return_ref``: your number; sent again, it is the same."""

    return_ref: str | None = Field(None, min_length=1, max_length=100)
    order_ref: str | None = Field(None, max_length=40)  # ours, OUT…
    warehouse: str | None = Field(None, max_length=30)  # may be left out where there is one
    reason: str
    lines: list[ReturnLineIn] = Field(min_length=1, max_length=rules.MOST_LINES)
    sender: SenderIn | None = None
    carrier: str | None = Field(None, max_length=100)
    tracking_no: str | None = Field(None, max_length=100)
    expected_on: date | None = None
    note: str | None = Field(None, max_length=rules.MAX_NOTE)


class ReturnAnswer(BaseModel):
    """A return with what was announced and what came; quantities are decimal strings."""

    ref: str
    return_ref: str | None
    order_ref: str | None
    status: str
    warehouse: str
    reason: str
    created_at: str
    lines: list[dict[str, Any]]
    parts: list[dict[str, Any]]


class ReturnList(BaseModel):
    """A page of returns, the newest first, without what came of them."""

    items: list[dict[str, Any]]
    next: str | None


def _user() -> User:
    user: User = current_user._get_current_object()
    return user


@bp.get("")
def index() -> Response:
    """List returns, the newest first."""
    status = request.args.get("status", "")
    wanted = Filter(tab=status if status in many.TABS else "all", text=request.args.get("q", ""))
    page = many.returns_for(
        _user(),
        wanted,
        after=request.args.get("after"),
        limit=pagination.limit(request.args.get("limit")),
    )
    lines = many.lines_of_many(page.items)
    items = [_head(row) | {"lines": _lines(lines[row.id])} for row in page.items]
    return as_json({"items": items, "next": page.next})


@bp.get("/<ref>")
def show(ref: str) -> Response:
    """Return one return with what came of it."""
    return as_json(_one(ref))


@bp.post("")
@idempotent
def create() -> Response:
    """Ask for a return; the centre authorises it."""
    user = _user()
    if user.company_id is None:
        raise Forbidden(_l("Returns are asked for by the owner of the goods."))
    given, company_id = parsed(NewReturn), user.company_id
    wish = _wish(given, user)

    def work(on: Connection) -> Made:
        return requesting.request(wish, company_id, by_id=user.person_id, on=on)

    made = write(work)
    return as_json(_one(made.ref), 201 if made.is_new else 200)


def _wish(given: NewReturn, user: User) -> Wish:
    errors: list[FieldError] = []
    houses = [h for h in warehouses_for(user) if given.warehouse in (None, h.code)]
    if len(houses) != 1:
        errors.append(FieldError("warehouse", _l("Choose a warehouse.")))
    lines = [_line(line, number, errors) for number, line in enumerate(given.lines)]
    if errors:
        raise Invalid(_l("Please check what you sent."), errors)
    return Wish(
        warehouse_id=houses[0].id,
        reason=given.reason,
        lines=lines,
        source="api",
        begun_with=given.return_ref,
        order_ref=given.order_ref,
        note=given.note,
        sender=given.sender.model_dump() if given.sender else None,
        carrier=given.carrier,
        tracking_no=given.tracking_no.upper() if given.tracking_no else None,
        expected_on=given.expected_on,
    )


def _line(line: ReturnLineIn, number: int, errors: list[FieldError]) -> SaidLine:
    try:
        quantity = read(line.quantity)
    except ValueError:
        errors.append(FieldError(f"lines.{number}.quantity", NO_NUMBER))
        quantity = read("0")
    return SaidLine(sku=line.sku, quantity=quantity, lot=line.lot, place=f"lines.{number}")


def _one(ref: str) -> dict[str, Any]:
    row = return_for(_user(), ref)
    return _head(row) | {
        "lines": _lines(one.lines_of(row)),
        "parts": [_part(each) for each in one.parts_of(row)],
    }


def _head(row: Any) -> dict[str, Any]:
    return {
        "ref": row.ref,
        "return_ref": row.begun_with,
        "order_ref": row.order_ref,
        "status": row.status,
        "warehouse": row.warehouse,
        "company": row.company_ref,
        "reason": row.reason,
        "note": row.note,
        "sender": row.sender,
        "carrier": row.carrier,
        "tracking_no": row.tracking_no,
        "expected_on": row.expected_on,
        "decision_note": row.decision_note,
        "created_at": row.created_at,
        "received_at": row.received_at,
        "closed_at": row.closed_at,
    }


def _lines(lines: Sequence[Any]) -> list[dict[str, Any]]:
    return [
        {
            "line": line.number,
            "sku": line.sku,
            "lot": line.lot_code,
            "quantity": written(line.quantity),
            "unit": line.unit,
        }
        for line in lines
    ]


def _part(each: Any) -> dict[str, Any]:
    return {
        "id": each.id,
        "sku": each.sku,
        "lot": each.lot,
        "quantity": written(each.quantity),
        "unit": each.unit,
        "status": each.status,
        "condition": each.condition,
        "note": each.note,
        "disposition": each.disposition,
        "decided_by": each.decided_by,
        "carrier": each.carrier,
        "tracking_no": each.tracking_no,
    }
