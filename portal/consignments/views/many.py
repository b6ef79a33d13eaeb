"""The list of a company's consignments, and the parts of it that follow the stream."""

from typing import Any

from flask import render_template, request, url_for
from flask_login import current_user

from portal.consignments.queries import addresses
from portal.consignments.queries.many import (
    count_by_step,
    counts_for,
    row_for,
)
from portal.consignments.shown.asked import Asked, tabs
from portal.consignments.shown.paging import page_of, sorts
from portal.consignments.shown.words import delivery_of
from portal.consignments.views.blueprint import bp

USUAL = 20  # rows: what a screen and a half shows


@bp.get("")
def index() -> str:
    """List the company's consignments, newest first or as asked."""
    asked = Asked.of(request.args)
    rows, newer, older = page_of(asked.filter(), USUAL)
    return render_template(
        "consignments/index.html",
        rows=rows,
        newer=newer and _address(asked, before=newer),
        older=older and _address(asked, after=older),
        chips=[(text, _address(rest)) for text, rest in asked.conditions()],
        sorts=sorts(),
        cities=_cities(rows),
        delivery_of=delivery_of,
        **_counted(asked),
    )


@bp.get("/counts")
def counts() -> str:
    """Show the tabs with their counts, for pages that follow the company."""
    return render_template("consignments/_counts.html", **_counted(Asked.of(request.args)))


@bp.get("/<no>/row")
def row(no: str) -> str:
    """Show one row of the list, for pages that follow the company."""
    found = row_for(current_user, no)
    return render_template("consignments/_row.html", row=found, delivery_of=delivery_of)


def _address(asked: Asked, **cursor: Any) -> str:
    args: dict[str, Any] = asked.args() | cursor
    if cursor and "limit" in request.args:
        args["limit"] = request.args["limit"]
    return url_for("consignments.index", **args)


def _counted(asked: Asked) -> dict[str, Any]:
    counted = counts_for(current_user)
    total = sum(counted.values())
    shown = [
        (text, url_for("consignments.index", **args), *rest)
        for text, args, *rest in tabs(asked, count_by_step(counted), total)
    ]
    return {"asked": asked, "tabs": shown, "total": total}


def _cities(rows: Any) -> list[str]:
    """Return cities worth offering: of this page and of the address book."""
    seen = {r.consignee_city for r in rows if r.consignee_city}
    return sorted(seen | set(addresses.cities_for(current_user)))
