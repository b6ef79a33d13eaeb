"""The list of a company's consignments, and the parts of it that follow the stream."""

from typing import Any

from flask import render_template, request, url_for
from flask_login import current_user

from portal.consignments.queries import addresses
from portal.consignments.queries.many import (
    SORTS,
    Filter,
    consignments_for,
    count_by_step,
    counts_for,
    row_for,
)
from portal.consignments.queries.newer import cursor_of, newer_for
from portal.consignments.shown.asked import Asked, tabs
from portal.consignments.shown.words import delivery_of
from portal.consignments.views.blueprint import bp
from portal.core import pagination
from portal.core.i18n import gettext as _

USUAL = "20"  # rows: what a screen and a half shows


@bp.get("")
def index() -> str:
    """List the company's consignments, newest first or as asked."""
    asked = Asked.of(request.args)
    rows, newer, older = _page(asked.filter())
    return render_template(
        "consignments/index.html",
        rows=rows,
        newer=newer and _address(asked, before=newer),
        older=older and _address(asked, after=older),
        chips=[(text, _address(rest)) for text, rest in asked.conditions()],
        sorts=_sorts(),
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


def _page(wanted: Filter) -> tuple[Any, str | None, str | None]:
    """Return the rows that were asked for, and the cursors of newer and older ones."""
    limit = pagination.limit(request.args.get("limit", USUAL))
    after, before = request.args.get("after"), request.args.get("before")
    if before:
        page, more = newer_for(current_user, wanted, before=before, limit=limit)
        newer = cursor_of(page.items[0], wanted) if more else None
        return page.items, newer, page.next
    page = consignments_for(current_user, wanted, after=after, limit=limit)
    first = cursor_of(page.items[0], wanted) if after and page.items else None
    return page.items, first, page.next


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


def _sorts() -> list[tuple[str, str]]:
    named = {
        "newest": _("Newest first"),
        "changed": _("Latest event first"),
        "planned": _("Latest planned delivery first"),
        "ordered": _("Latest order first"),
    }
    return [(key, named[key]) for key in SORTS]


def _cities(rows: Any) -> list[str]:
    """Return cities worth offering: of this page and of the address book."""
    seen = {r.consignee_city for r in rows if r.consignee_city}
    return sorted(seen | set(addresses.cities_for(current_user)))
