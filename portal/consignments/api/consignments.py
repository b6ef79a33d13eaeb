"""Consignments by program: order, list, read, amend, cancel."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, current_app, request
from flask_login import current_user
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from portal.accounts.access import User
from portal.accounts.models import Company
from portal.consignments.api import json
from portal.consignments.api.shapes import Cancellation, ConsignmentChange, NewConsignment
from portal.consignments.queries import many, one
from portal.consignments.rules.vocabulary import Status
from portal.consignments.service import amending, orders, tracking
from portal.consignments.service.orders import Origin
from portal.core import clock, limits, pagination
from portal.core.api import as_json, parsed
from portal.core.db import db, transaction, write
from portal.core.errors import FieldError, Forbidden, Invalid
from portal.core.i18n import lazy as _l
from portal.core.idempotency import idempotent

bp = Blueprint("consignments_api", __name__)
SOURCE = "api"


def asker() -> User:
    """Return who asks, having counted the request against his limit."""
    user: User = current_user._get_current_object()
    limits.spend("api", user.person_id)
    return user


@bp.post("")
@idempotent
def create() -> Response:
    """Order a consignment; the same ``order_ref`` again answers with the one that exists."""
    user, asked = asker(), parsed(NewConsignment)
    order = asked.order(_default_consignor(user, asked))
    origin = _origin(user)
    try:
        no, is_new = _created(order, origin)
    except IntegrityError:  # another request has just used the same order_ref
        no, is_new = _created(order, origin)
    found_at = json.links(no, json.site())["self"]
    return as_json(whole(user, no), 201 if is_new else 200, Location=found_at)


def _created(order: orders.Order, origin: Origin) -> tuple[str, bool]:
    def work(on: Connection) -> tuple[str, bool]:
        if order.order_ref is not None:
            known = one.by_order_ref(origin.company_id, order.order_ref, on=on)
            if known is not None:
                return known, False
        return orders.create(order, origin, on=on).no, True

    return write(work)


def _origin(user: User) -> Origin:
    if user.company_id is None:
        raise Forbidden(_l("Consignments are ordered by a member company."))
    prefix = current_app.config["GS1_COMPANY_PREFIX"]
    return Origin(user.company_id, user.person_id, SOURCE, prefix)


def _default_consignor(user: User, asked: NewConsignment) -> orders.Party:
    if asked.consignor is not None:
        return asked.consignor.party()
    company = db.session.get(Company, user.company_id)
    usual: dict[str, Any] = dict(company.consignor or {}) if company else {}
    if not usual:
        sentence = _l("This is required, since your company has no usual consignor.")
        raise Invalid(_l("Please check what you sent."), [FieldError("consignor", sentence)])
    usual["division"] = usual.pop("division_code", None)
    return orders.Party(**{name: usual.get(name) for name in orders.PARTY_FIELDS})


@bp.get("")
def index() -> Response:
    """List consignments, the newest first; by status, words and day of order."""
    user = asker()
    asked = request.args
    wanted = many.Filter(
        status=many.statuses(asked.get("status")),
        text=asked.get("q", "").strip(),
        ordered_from=_instant("from"),
        ordered_to=_instant("to"),
        sort=_sort(asked.get("sort", "newest")),
    )
    size = pagination.limit(asked.get("limit"))
    page = many.written_for(user, wanted, after=asked.get("after"), limit=size)
    items = json.list_items(page.items, internal=user.may("events.see_internal"))
    return as_json({"items": items, "next": page.next})


def _sort(asked: str) -> str:
    if asked not in many.SORTS:
        raise _wrong("sort", _l("Must be one of: %(expected)s.", expected=", ".join(many.SORTS)))
    return asked


def _instant(name: str) -> datetime | None:
    """Return a bound of the order time: an instant with offset, or a day of the centre."""
    given = request.args.get(name)
    if not given:
        return None
    try:
        moment = datetime.fromisoformat(given.replace(" ", "+"))  # "+" of an offset, unescaped
    except ValueError:
        raise _wrong(name, _l("Write a day (2026-11-20) or a time with its offset.")) from None
    local = moment if moment.tzinfo else moment.replace(tzinfo=clock.zone())
    if not 1900 < local.year < 2200:
        raise _wrong(name, _l("That time lies too far away."))
    return local


def _wrong(name: str, sentence: Any) -> Invalid:
    return Invalid(_l("Please check what you sent."), [FieldError(name, sentence)])


@bp.get("/<no>")
def show(no: str) -> Response:
    """Return one consignment."""
    return as_json(whole(asker(), no))


@bp.patch("/<no>")
@idempotent
def amend(no: str) -> Response:
    """Change parties, window or note while the goods have not been picked up."""
    user = asker()
    _need(user, "consignments.amend", "consignments.amend_all")
    changes = parsed(ConsignmentChange).columns()
    with transaction():
        row = one.consignment_for(user, no, lock=True)
        amending.amend(row, changes, by=user.person_id, on=db.session.connection())
    return as_json(whole(user, no))


@bp.post("/<no>/cancel")
@idempotent
def cancel(no: str) -> Response:
    """Cancel a consignment; one that is cancelled already is answered as it is."""
    user = asker()
    _need(user, "consignments.cancel", "consignments.amend_all")
    asked = parsed(Cancellation)
    new = tracking.NewEvent(
        code=Status.CANCELLED,
        occurred_at=clock.now(),
        reason=None if asked.reason is None else str(asked.reason),
        note=asked.note or None,
        source=SOURCE,
    )

    def work(on: Connection) -> None:
        head = one.head_for(user, no, on=on)
        if head.status != Status.CANCELLED:
            tracking.push(head, new, by=user.person_id, on=on)

    write(work)
    return as_json(whole(user, no))


def _need(user: User, *rights: str) -> None:
    if not any(user.may(right) for right in rights):
        raise Forbidden(_l("You do not have the right to do this."))


def whole(user: User, no: str) -> dict[str, Any]:
    """Return everything of the consignment ``no`` that ``user`` may see.

    Raises NotFound as ``consignment_for`` does.
    """
    row = one.consignment_for(user, no)
    internal = user.may("events.see_internal")
    incidents = [i for i in one.incidents_of(row) if internal or i.owner_visible]
    ref = _company_refs(user, {row.company_id}).get(row.company_id)
    return json.consignment(row, one.pieces_of(row), incidents, ref)


def _company_refs(user: User, ids: set[int]) -> dict[int, str | None]:
    """Return company id → reference; a member's own needs no look-up."""
    known = {user.company_id: user.company_ref} if user.company_id in ids else {}
    others = ids - known.keys()
    return {**known, **(many.company_refs(others) if others else {})}
