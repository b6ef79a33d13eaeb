"""The page of one order, and what its owner may do with it."""

from typing import Any

from flask import render_template, request
from sqlalchemy import Connection

from portal.accounts.forms import Answer
from portal.core import working
from portal.core.i18n import gettext as _
from portal.warehousing.outbound.queries.visible import order_for
from portal.warehousing.outbound.rules import orders as rules
from portal.warehousing.outbound.service import changing, orders, rests
from portal.warehousing.outbound.shown import acting, pickups
from portal.warehousing.outbound.shown import detail as shown
from portal.warehousing.outbound.shown.entering import asker
from portal.warehousing.outbound.views.blueprint import bp
from portal.warehousing.sites import queries as sites

DETAIL = ".detail"


@bp.get("/<ref>")
def detail(ref: str) -> str:
    """Show one order."""
    return render_template(
        "warehousing/outbound/detail.html", **shown.everything(asker(), ref, bp.name)
    )


@bp.route("/<ref>/slot", methods=["GET", "POST"])
def slot(ref: str) -> Answer:
    """Choose when and at which dock the goods are fetched."""
    return pickups.answer(ref, bp.name)


@bp.get("/<ref>/live")
def live(ref: str) -> str:
    """Show what of the page changes, for pages that follow the order."""
    return render_template(
        "warehousing/outbound/_order.html", **shown.everything(asker(), ref, bp.name)
    )


@bp.post("/<ref>/place")
def place(ref: str) -> Answer:
    """Hand a draft in."""
    order, by = order_for(asker(), ref), asker().person_id
    warehouse, hours = sites.warehouse_of(order.warehouse_id), working.hours()

    def work(on: Connection) -> Any:
        row = acting.locked(order, on)
        return orders.hand_in(row, warehouse, hours=hours, by=by, on=on)

    return acting.done(order, "outbound.place", work, back=DETAIL)


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
    """Put an order on hold."""
    order, by, note = order_for(asker(), ref), asker().person_id, acting.note()
    return acting.done(
        order,
        "outbound.hold",
        lambda on: changing.hold(order, "owner", by=by, note=note, on=on),
        back=DETAIL,
    )


@bp.post("/<ref>/resume")
def resume(ref: str) -> Answer:
    """Let an order go on that its owner had put on hold."""
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
