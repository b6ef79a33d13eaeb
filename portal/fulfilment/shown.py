"""What pages of orders and of consignments show of each other."""

from typing import Any

from flask import Blueprint, render_template, url_for
from flask_login import current_user

from portal.consignments.shown.words import delivery_of
from portal.fulfilment import queries
from portal.fulfilment.queries import Carried
from portal.warehousing.outbound.queries.visible import order_for
from portal.warehousing.outbound.rules.orders import STATUSES

bp = Blueprint("carriage", __name__)
desk_bp = Blueprint("carriage_desk", __name__)


def _asker() -> Any:
    return current_user._get_current_object()


def carried_by(consignment: Any) -> Carried | None:
    """Return the order that left as a consignment, for its page."""
    return queries.carried_by(_asker(), consignment)


def carriage_of(order: Any) -> dict[str, Any] | None:
    """Return the consignment of an order and what is known of its delivery, for its page."""
    consignment = queries.consignment_of(_asker(), order)
    if consignment is None:
        return None
    return {"row": consignment, "delivery": delivery_of(consignment), "url": way(consignment.no)}


def way(no: str) -> str | None:
    """Return where a consignment is shown to who asks; None: nowhere."""
    if current_user.may("consignments.see_all"):
        return url_for("consignments_desk.detail", no=no)
    return url_for("consignments.detail", no=no) if current_user.may("consignments.see") else None


def order_url(order: Any) -> str:
    """Return where an order is shown to who asks."""
    return url_for(
        "outbound_desk.detail" if current_user.is_staff else "outbound.detail", ref=order.ref
    )


def order_status(status: str) -> str:
    """Return what a status of an order is called."""
    return str(STATUSES.get(status, status))


@bp.get("/<ref>/carriage", endpoint="show")
@desk_bp.get("/<ref>/carriage", endpoint="show")
def show(ref: str) -> str:
    """Show where the consignment of an order is, for pages that follow it."""
    return render_template("fulfilment/_carriage.html", o=order_for(_asker(), ref))
