"""The list of a company's orders from stock, and the same as a sheet."""

from typing import Any

from flask import Response, render_template, request

from portal.core import pagination, sheets
from portal.core.i18n import gettext as _
from portal.warehousing.outbound.queries.many import orders_for
from portal.warehousing.outbound.queries.visible import counts_for
from portal.warehousing.outbound.shown import lists, words
from portal.warehousing.outbound.shown.asked import Asked, sorts, tabs
from portal.warehousing.outbound.shown.entering import asker
from portal.warehousing.outbound.shown.links import address
from portal.warehousing.outbound.views.blueprint import bp
from portal.warehousing.sites import queries as sites

USUAL = 20  # rows: what a screen and a half shows


@bp.get("")
def index() -> str:
    """List the company's orders, the newest first or as asked."""
    return render_template("warehousing/outbound/index.html", **_listed())


@bp.get("/list")
def rows() -> str:
    """Return tabs and rows anew, for pages that follow the company."""
    return render_template("warehousing/outbound/_list.html", **_listed())


def _listed() -> dict[str, Any]:
    user, asked = asker(), Asked.of(request.args)
    houses = sites.warehouses_for(user)
    wanted = asked.filter(warehouses={house.code: house.id for house in houses})
    after = request.args.get("after")
    limit = pagination.limit(request.args.get("limit", str(USUAL)))
    page = orders_for(user, wanted, after=after, limit=limit)
    counts = counts_for(user)
    return {
        "page": page,
        "asked": asked,
        "total": sum(counts.values()),
        "tabs": [
            (text, address(".index", args), *rest) for text, args, *rest in tabs(asked, counts)
        ],
        "chips": [(text, address(".index", rest.args())) for text, rest in asked.conditions()],
        "first": address(".index", asked.args()) if after else None,
        "older": page.next and address(".index", asked.args(), after=page.next),
        "fragment": address(".rows", request.args.to_dict()),
        "sorts": sorts(),
        "houses": houses,
        "house_options": words.house_options(houses),
        "words": words,
        **words.TABLES,
    }


@bp.get("/export.<any(csv, xlsx):file_format>")
def export(file_format: str) -> Response:
    """Send the lines of all orders that fit as a sheet."""
    user, asked = asker(), Asked.of(request.args)
    houses = {house.code: house.id for house in sites.warehouses_for(user)}
    wanted = asked.filter(warehouses=houses)
    rows = lists.rows(user, wanted)
    return sheets.attachment(lists.headers(), rows, _("outbound"), file_format)
