"""Orders from stock by program: order, list, read, change, cancel, hold, let go."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, request
from flask_login import current_user
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from portal.accounts.access import User
from portal.core import clock, limits, pagination, working
from portal.core.api import as_json, parsed
from portal.core.db import write
from portal.core.errors import FieldError, Forbidden, Invalid, NotFound
from portal.core.i18n import lazy as _l
from portal.core.idempotency import idempotent
from portal.warehousing.goods.queries.owners import owner_by_ref
from portal.warehousing.outbound.api import json
from portal.warehousing.outbound.api.shapes import NewOutbound, OutboundAct, OutboundChange
from portal.warehousing.outbound.queries.free import best_warehouse
from portal.warehousing.outbound.queries.many import SORTS, Filter, orders_for, statuses_of
from portal.warehousing.outbound.queries.one import lines_of, related_to
from portal.warehousing.outbound.queries.visible import order_for
from portal.warehousing.outbound.rules import orders as rules
from portal.warehousing.outbound.rules.asked import Asked, Goods, Understood, understand
from portal.warehousing.outbound.service import asking, changing, orders, rests, states
from portal.warehousing.outbound.service.orders import NewOrder
from portal.warehousing.outbound.shown.acting import let_go_on
from portal.warehousing.outbound.shown.asked import Asked as Conditions
from portal.warehousing.sites import queries as sites

bp = Blueprint("outbound_api", __name__)
PLEASE_CHECK = _l("Please check what you sent.")


def asker() -> User:
    """Return who asks, having counted the request against his limit."""
    user: User = current_user._get_current_object()
    limits.spend("api", user.person_id)
    return user


def _orderer() -> User:
    user = asker()
    right = "outbound.manage" if user.company_id is not None else "warehouse.orders"
    if not user.may(right):
        raise Forbidden(_l("You do not have the right to do this."))
    return user


def _owner(user: User, ref: str | None) -> int:
    """Return whose goods are ordered: the asker's own company's, or those of one staff names."""
    if user.company_id is not None:
        if ref is not None:
            raise _wrong("company", _l("Leave this out: you order for your own company."))
        return user.company_id
    if not ref:
        raise _wrong("company", _l("Say by its reference for which company you order."))
    try:
        return int(owner_by_ref(ref).id)
    except NotFound as unknown:
        raise _wrong("company", unknown.message) from None


def _wrong(field: str, sentence: Any) -> Invalid:
    return Invalid(PLEASE_CHECK, [FieldError(field, sentence)])


@bp.post("/outbound")
@idempotent
def create() -> Response:
    """Order goods out of stock; the same ``order_ref`` again answers with the order that exists."""
    user, body = _orderer(), parsed(NewOutbound)
    company = _owner(user, body.company)
    hours, asked = working.hours(), body.asked()
    houses = sites.warehouses_for(user)

    def work(on: Connection) -> orders.Placed:
        known = orders.by_order_ref(company, body.order_ref, on=on)
        if known is not None:
            return orders.Placed(known, is_new=False)
        goods = asking.goods_of(asked.lines, company, on=on)
        found = _understood(asked, goods, is_draft=not body.submit)
        new = NewOrder(
            company_id=company,
            warehouse=_warehouse(houses, company, body.warehouse, goods, on),
            columns=found.columns,
            lines=found.lines,
        )
        return orders.place(new, submit=body.submit, hours=hours, by=user.person_id, on=on)

    placed = _twice(work)
    found_at = f"/api/v1/outbound/{placed.order.ref}"
    status = 201 if placed.is_new else 200
    return as_json(_whole(user, placed.order.ref), status, Location=found_at)


def _twice(work: Callable[[Connection], Any]) -> Any:
    try:
        return write(work)
    except IntegrityError:  # another request has just used the same order_ref
        return write(work)


def _understood(asked: Asked, goods: Goods, *, is_draft: bool = False) -> Understood:
    today = clock.now().astimezone(clock.zone()).date()
    found = understand(asked, goods, today, is_draft=is_draft)
    if found.errors:
        raise Invalid(PLEASE_CHECK, found.errors)
    return found


def _warehouse(
    houses: Sequence[Any], company: int, code: str | None, goods: Goods, on: Connection
) -> Any:
    """Return the warehouse that was named, else the one that has most of the goods."""
    if not houses:
        raise Invalid(PLEASE_CHECK, [FieldError("warehouse", _l("There is no warehouse yet."))])
    if code is None:
        ids = [sku.id for sku in goods.skus.values()]
        best = best_warehouse(ids, company, on=on)
        return next((house for house in houses if house.id == best), houses[0])
    found = next((house for house in houses if house.code == code.strip().upper()), None)
    if found is None:
        sentence = _l("There is no warehouse with that code.")
        raise Invalid(PLEASE_CHECK, [FieldError("warehouse", sentence)])
    return found


@bp.get("/outbound")
def index() -> Response:
    """List orders, the newest first; by status, words, warehouse and day of order."""
    user, args = asker(), request.args
    page = orders_for(
        user,
        _filter(user, args),
        after=args.get("after"),
        limit=pagination.limit(args.get("limit")),
    )
    return as_json({"items": [json.head(row) for row in page.items], "next": page.next})


def _filter(user: User, args: Mapping[str, str]) -> Filter:
    sort = args.get("sort", "newest")
    if sort not in SORTS:
        sentence = _l("Must be one of: %(expected)s.", expected=", ".join(SORTS))
        raise Invalid(PLEASE_CHECK, [FieldError("sort", sentence)])
    houses = {house.code: house.id for house in sites.warehouses_for(user)}
    wanted = Conditions.of(args).filter(warehouses=houses)
    return Filter(
        statuses=statuses_of(args.get("status", "")),
        text=wanted.text,
        warehouse_id=wanted.warehouse_id,
        since=wanted.since,
        until=wanted.until,
        sort=sort,
    )


@bp.get("/outbound/<ref>")
def show(ref: str) -> Response:
    """Return one order with its lines and how far they are."""
    return as_json(_whole(asker(), ref))


def _whole(user: User, ref: str) -> dict[str, Any]:
    order = order_for(user, ref)
    return json.whole(order, lines_of(order), related_to(order))


@bp.patch("/outbound/<ref>")
@idempotent
def change(ref: str) -> Response:
    """Change lines until the order is released, consignee and terms until it is packed."""
    user, body = _orderer(), parsed(OutboundChange)
    order = order_for(user, ref)
    seen = order.version if body.version is None else body.version
    asked = _as_asked(order, body)

    def work(on: Connection) -> None:
        goods = asking.goods_of(asked.lines, order.company_id, on=on)
        found = _understood(asked, goods, is_draft=True)
        columns = {name: found.columns[name] for name in _named(body) if name in found.columns}
        now = seen
        if columns or body.lines is None:
            row = changing.redirect(order, columns, seen=seen, by=user.person_id, on=on)
            now = row.version
        if body.lines is not None:
            changing.change_lines(order, found.lines, seen=now, by=user.person_id, on=on)

    write(work)
    return as_json(_whole(user, ref))


def _as_asked(order: Any, body: OutboundChange) -> Asked:
    return Asked(
        policy=order.policy,
        service=body.service or order.service,
        note=body.note or "",
        wished_on=body.wished_on.isoformat() if body.wished_on else "",
        priority=body.priority or 0,
        consignee=body.consignee.model_dump() if body.consignee else None,
        lines=[line.asked() for line in body.lines or ()],
    )


def _named(body: OutboundChange) -> set[str]:
    """Return the columns that were named."""
    named = body.model_fields_set - {"version", "lines", "consignee"}
    consignee = orders.CONSIGNEE if body.consignee is not None else ()
    return {*named, *consignee}


def _act(ref: str, work: Callable[[Any, OutboundAct, User, Connection], Any]) -> Response:
    user = _orderer()
    body = parsed(OutboundAct) if request.content_length else OutboundAct(note=None)
    order = order_for(user, ref)
    write(lambda on: work(order, body, user, on))
    return as_json(_whole(user, ref))


@bp.post("/outbound/<ref>/submit")
@idempotent
def submit(ref: str) -> Response:
    """Hand a draft in."""
    hours = working.hours()

    def work(order: Any, _body: OutboundAct, user: User, on: Connection) -> None:
        row = states.locked(order.id, order.company_id, on=on)
        warehouse = sites.warehouse_of(order.warehouse_id, on=on)
        orders.hand_in(row, warehouse, hours=hours, by=user.person_id, on=on)

    return _act(ref, work)


@bp.post("/outbound/<ref>/cancel")
@idempotent
def cancel(ref: str) -> Response:
    """Cancel an order; one that is cancelled already is answered as it is."""

    def work(order: Any, body: OutboundAct, user: User, on: Connection) -> None:
        row = states.locked(order.id, order.company_id, on=on)
        if row.status != rules.CANCELLED:
            changing.cancel(row, by=user.person_id, note=body.note, on=on)

    return _act(ref, work)


@bp.post("/outbound/<ref>/hold")
@idempotent
def hold(ref: str) -> Response:
    """Put an order on hold, before it is picked."""
    return _act(
        ref,
        lambda order, body, user, on: changing.hold(
            order, "owner", by=user.person_id, note=body.note, on=on
        ),
    )


@bp.post("/outbound/<ref>/resume")
@idempotent
def resume(ref: str) -> Response:
    """Let an order go on that its owner had put on hold."""
    return _act(ref, lambda order, body, user, on: let_go_on(order, user, note=body.note, on=on))


@bp.post("/outbound/<ref>/send-now")
@idempotent
def send_now(ref: str) -> Response:
    """Send what has come of an order that waits; the rest follows as an order of its own."""
    return _act(
        ref,
        lambda order, body, user, on: rests.send_now(
            states.locked(order.id, order.company_id, on=on), by=user.person_id, on=on
        ),
    )
