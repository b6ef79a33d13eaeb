"""The page of one order for the centre."""

from flask import render_template

from portal.accounts.forms import Answer
from portal.warehousing.outbound.desk.blueprint import bp
from portal.warehousing.outbound.shown import detail as shown
from portal.warehousing.outbound.shown import pickups
from portal.warehousing.outbound.shown.entering import asker


@bp.get("/<ref>")
def detail(ref: str) -> str:
    """Show one order."""
    found = shown.everything(asker(), ref, bp.name)
    return render_template("warehousing/outbound/detail.html", **found)


@bp.route("/<ref>/slot", methods=["GET", "POST"])
def slot(ref: str) -> Answer:
    """Choose when and at which dock the goods are fetched."""
    return pickups.answer(ref, bp.name)


@bp.get("/<ref>/live")
def live(ref: str) -> str:
    """Show what of the page changes, for pages that follow the order."""
    found = shown.everything(asker(), ref, bp.name)
    return render_template("warehousing/outbound/_order.html", **found)
