"""Inbound notices by program: announce, list, read, change, cancel, answer, free slots."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request
from flask_login import current_user
from sqlalchemy import Connection

from portal.accounts.access import User
from portal.core import limits, pagination
from portal.core.api import as_json, parsed
from portal.core.db import write
from portal.core.errors import FieldError, Forbidden, Invalid, NotFound
from portal.core.i18n import lazy as _l
from portal.core.idempotency import idempotent
from portal.warehousing.goods.queries.owners import owner_by_ref
from portal.warehousing.inbound.api import json
from portal.warehousing.inbound.api.shapes import (
    InboundAnswerShape,
    InboundCancel,
    InboundChange,
    NewInbound,
)
from portal.warehousing.inbound.queries.many import GROUPS, Filter, notices_for
from portal.warehousing.inbound.queries.visible import notice_for
from portal.warehousing.inbound.rules import states
from portal.warehousing.inbound.service import finishing, notices, slots
from portal.warehousing.sites.queries import warehouse_for, warehouses_for
from portal.warehousing.sites.shown import slots_for_form

bp = Blueprint("inbound_api", __name__)


def asker() -> User:
    """Return who asks, having counted the request against his limit."""
    user: User = current_user._get_current_object()
    limits.spend("api", user.person_id)
    return user


def _manager() -> tuple[User, int]:
    """Return who asks and for which company; raises Forbidden for who may not announce."""
    user = asker()
    if user.company_id is None or not user.may("inbound.manage"):
        raise Forbidden(_l("You do not have the right to do this."))
    return user, user.company_id


@bp.get("/inbound")
def index() -> Response:
    """List notices, the newest first."""
    user = asker()
    page = notices_for(
        user,
        _filter(user),
        after=request.args.get("after"),
        limit=pagination.limit(request.args.get("limit")),
    )
    return as_json({"items": [json.head(row) for row in page.items], "next": page.next})


def _filter(user: User) -> Filter:
    args = request.args
    status = args.get("status", "")
    known = {**{state: (state,) for state in states.STATES}, **GROUPS, "": ()}
    if status not in known:
        sentence = _l("Must be one of: %(expected)s.", expected=", ".join(filter(None, known)))
        raise Invalid(_l("Please check what you sent."), [FieldError("status", sentence)])
    company = args.get("company") if user.company_id is None else None
    warehouse = args.get("warehouse")
    return Filter(
        status=known[status],
        text=args.get("q", "").strip()[:100],
        warehouse_id=warehouse_for(user, warehouse).id if warehouse else None,
        company_id=owner_by_ref(company).id if company else None,
        differs=args.get("differs") in ("1", "true"),
    )


@bp.post("/inbound")
@idempotent
def create() -> Response:
    """Announce goods; the same ``order_ref`` again is the same notice."""
    user, company_id = _manager()
    asked = parsed(NewInbound)
    said = asked.said(_house(user, asked.warehouse))

    def work(on: Connection) -> notices.Made:
        made = notices.announce(
            said, company_id, is_draft=not asked.submit, by=user.person_id, on=on
        )
        if made.is_new and asked.slot and asked.submit:
            slots.schedule(made.ref, asked.slot, by=user.person_id, on=on, company_id=company_id)
        return made

    made = write(work)
    location = f"/api/v1/inbound/{made.ref}"
    return as_json(
        json.whole(notice_for(user, made.ref)), 201 if made.is_new else 200, Location=location
    )


def _house(user: User, code: str | None) -> int:
    if code:
        try:
            return int(warehouse_for(user, code).id)
        except NotFound:
            pass
    elif len(houses := warehouses_for(user)) == 1:
        return int(houses[0].id)
    known = ", ".join(house.code for house in warehouses_for(user))
    sentence = _l("Must be one of: %(expected)s.", expected=known)
    raise Invalid(_l("Please check what you sent."), [FieldError("warehouse", sentence)])


@bp.get("/inbound/slots")
def free_slots() -> Response:
    """List the free slots of the next two weeks at the docks of a warehouse."""
    user = asker()
    house = _house(user, request.args.get("warehouse"))
    days = slots_for_form(house, "in").days
    items = [
        {
            "slot": time.value,
            "starts_at": time.starts_at,
            "ends_at": time.ends_at,
            "docks": len(time.docks),
        }
        for day in days
        for time in day.times
    ]
    return as_json({"items": items})


@bp.get("/inbound/<ref>")
def show(ref: str) -> Response:
    """Return one notice with its lines, differences and receipts."""
    return as_json(json.whole(notice_for(asker(), ref)))


@bp.patch("/inbound/<ref>")
@idempotent
def change(ref: str) -> Response:
    """Change a notice until it arrives: its head, its lines, its slot; announce a draft."""
    user, company_id = _manager()
    notice = notice_for(user, ref)
    asked = parsed(InboundChange)
    lines = asked.lines
    said = None if lines is None else [line.line(number) for number, line in enumerate(lines)]

    def work(on: Connection) -> None:
        if asked.head() or said is not None:
            notices.amend(ref, company_id, asked.head(), said, by=user.person_id, on=on)
        if asked.submit and notice.status == "draft":
            notices.submit(ref, company_id, by=user.person_id, on=on)
        if asked.slot:
            slots.schedule(ref, asked.slot, by=user.person_id, on=on, company_id=company_id)
        elif "slot" in asked.model_fields_set and notice.dock_id is not None:
            slots.give_up(ref, by=user.person_id, on=on, company_id=company_id)

    return _done(user, ref, work)


@bp.post("/inbound/<ref>/cancel")
@idempotent
def cancel(ref: str) -> Response:
    """Cancel a notice before its goods are received."""
    user, company_id = _manager()
    notice_for(user, ref)
    asked = parsed(InboundCancel)

    def work(on: Connection) -> None:
        notices.cancel(ref, reason=asked.reason, by=user.person_id, on=on, company_id=company_id)

    return _done(user, ref, work)


@bp.post("/inbound/<ref>/differences/<int:number>")
@idempotent
def answer(ref: str, number: int) -> Response:
    """Accept or decline a difference."""
    user, company_id = _manager()
    notice_for(user, ref)
    asked = parsed(InboundAnswerShape)

    def work(on: Connection) -> None:
        finishing.answer(
            ref,
            number,
            accept=asked.accept,
            note=asked.note,
            company_id=company_id,
            by=user.person_id,
            on=on,
        )

    return _done(user, ref, work)


def _done(user: User, ref: str, work: Callable[[Connection], Any]) -> Response:
    write(work)
    return as_json(json.whole(notice_for(user, ref)))
