"""What the centre may do with an order: place, hold, let go, look for goods, cancel."""

from typing import Any

from flask import render_template, request
from sqlalchemy import Connection

from portal.accounts.forms import Answer
from portal.core import working
from portal.core.errors import Forbidden
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy as _l
from portal.warehousing.outbound.desk.blueprint import bp
from portal.warehousing.outbound.queries.visible import order_for
from portal.warehousing.outbound.rules import orders as rules
from portal.warehousing.outbound.service import (
    allocating,
    changing,
    orders,
    rests,
    waves,
)
from portal.warehousing.outbound.shown import acting
from portal.warehousing.outbound.shown import detail as shown
from portal.warehousing.outbound.shown.entering import asker
from portal.warehousing.sites import queries as sites

DETAIL = ".detail"


@bp.post("/<ref>/place")
def place(ref: str) -> Answer:
    """Hand a draft in."""
    order, by = order_for(asker(), ref), asker().person_id
    warehouse, hours = sites.warehouse_of(order.warehouse_id), working.hours()

    def work(on: Connection) -> Any:
        row = acting.locked(order, on)
        return orders.hand_in(row, warehouse, hours=hours, by=by, on=on)

    return acting.done(order, "outbound.place", work, back=DETAIL)


@bp.post("/<ref>/allocate")
def allocate(ref: str) -> Answer:
    """Look for goods for an order that waits."""
    order, by = order_for(asker(), ref), asker().person_id
    return acting.done(
        order,
        "outbound.allocate",
        lambda on: allocating.allocate(order.id, order.company_id, by=by, on=on).order,
        back=DETAIL,
    )


@bp.route("/<ref>/cancel", methods=["GET", "POST"])
def cancel(ref: str) -> Answer:
    """Ask whether to cancel an order, and cancel it."""
    order, by, note = order_for(asker(), ref), asker().person_id, acting.note()
    if request.method == "GET":
        rules.check_cancel(order.status)
        everything = shown.everything(asker(), ref, bp.name)
        return render_template("warehousing/outbound/cancel.html", **everything)
    return acting.done(
        order,
        "outbound.cancel",
        lambda on: changing.cancel(order, by=by, note=note, on=on),
        back=DETAIL,
        said=_("%(ref)s is cancelled.", ref=ref),
    )


@bp.post("/<ref>/hold")
def hold(ref: str) -> Answer:
    """Put an order on hold, for payment's, quality's or its owner's sake."""
    order, by, note = order_for(asker(), ref), asker().person_id, acting.note()
    reason = request.form.get("reason", "")
    if reason == "quality" and not asker().may("warehouse.hold"):
        raise Forbidden(_l("You do not have the right to do this."))
    return acting.done(
        order,
        "outbound.hold",
        lambda on: changing.hold(order, reason, by=by, note=note, on=on),
        back=DETAIL,
    )


@bp.post("/<ref>/resume")
def resume(ref: str) -> Answer:
    """Let an order go on that was on hold."""
    order, user = order_for(asker(), ref), asker()
    return acting.done(
        order, "outbound.resume", lambda on: acting.let_go_on(order, user, on=on), back=DETAIL
    )


@bp.post("/<ref>/send-now")
def send_now(ref: str) -> Answer:
    """Send what has come of an order that waits; the rest follows by itself, or not at all."""
    order, by = order_for(asker(), ref), asker().person_id

    def work(on: Connection) -> Any:
        if request.form.get("rest") == "drop":
            return changing.send_short(order, by=by, on=on)
        return rests.send_now(acting.locked(order, on), by=by, on=on)

    return acting.done(order, "outbound.send_now", work, back=DETAIL)


@bp.post("/<ref>/take-out")
def take_out(ref: str) -> Answer:
    """Take an order out of its wave."""
    order, by = order_for(asker(), ref), asker().person_id
    return acting.done(
        order, "outbound.take_out", lambda on: waves.take_out(order, by=by, on=on), back=DETAIL
    )
