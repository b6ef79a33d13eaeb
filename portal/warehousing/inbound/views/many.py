"""The list of a company’s notices, and the parts of it that follow the stream."""

from typing import Any

from flask import render_template, request, url_for

from portal.core.errors import NotFound
from portal.warehousing.inbound.queries.many import (
    Filter,
    counts_for,
    row_for,
)
from portal.warehousing.inbound.rules.states import NOT_FOUND
from portal.warehousing.inbound.shown import words
from portal.warehousing.inbound.shown.asked import Asked, tabs
from portal.warehousing.inbound.shown.asking import asker
from portal.warehousing.inbound.shown.paging import page_of
from portal.warehousing.inbound.views.blueprint import bp
from portal.warehousing.sites.queries import warehouses_for


@bp.get("")
def index() -> str:
    """List the company’s notices, the newest first."""
    asked, houses = Asked.of(request.args), warehouses_for(asker())
    house = next((h.id for h in houses if h.code == asked.warehouse), None)
    wanted = asked.filter(warehouse_id=house or (-1 if asked.warehouse else None))
    rows, newer, older = page_of(wanted)
    return render_template(
        "warehousing/inbound/index.html",
        rows=rows,
        houses=[(each.code, words.house_of(each)) for each in houses],
        newer=newer and _address(asked, before=newer),
        older=older and _address(asked, after=older),
        chips=[(text, _address(rest)) for text, rest in asked.conditions()],
        words=words,
        **_counted(asked),
    )


def _address(asked: Asked, **cursor: Any) -> str:
    args: dict[str, Any] = asked.args() | cursor
    if cursor and "limit" in request.args:
        args["limit"] = request.args["limit"]
    return url_for("inbound.index", **args)


def _counted(asked: Asked) -> dict[str, Any]:
    counts = counts_for(asker(), Filter())
    shown = [
        (text, url_for("inbound.index", **args), *rest) for text, args, *rest in tabs(asked, counts)
    ]
    return {"asked": asked, "tabs": shown, "total": sum(counts.values()) - counts["differs"]}


@bp.get("/counts")
def counts() -> str:
    """Show the tabs with their counts, for pages that follow the company."""
    return render_template("warehousing/inbound/_counts.html", **_counted(Asked.of(request.args)))


@bp.get("/<ref>/row")
def row(ref: str) -> str:
    """Show one row of the list, for pages that follow the company."""
    found = row_for(asker(), ref)
    if found is None:
        raise NotFound(NOT_FOUND)
    return render_template("warehousing/inbound/_row.html", row=found, words=words)
