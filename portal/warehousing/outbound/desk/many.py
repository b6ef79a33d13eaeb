"""The list of all owners' orders: what presses most, how old it is, what can go into a wave."""

from typing import Any

from flask import Response, render_template, request

from portal.core import clock, pagination, sheets
from portal.core.i18n import gettext as _
from portal.warehousing.outbound.desk.blueprint import bp
from portal.warehousing.outbound.queries.many import Filter, orders_for
from portal.warehousing.outbound.queries.owners import owners_for
from portal.warehousing.outbound.queries.visible import counts_for
from portal.warehousing.outbound.shown import ages, lists, words
from portal.warehousing.outbound.shown.asked import Asked, sorts, tabs
from portal.warehousing.outbound.shown.entering import asker
from portal.warehousing.outbound.shown.links import address
from portal.warehousing.sites import queries as sites

USUAL = 50  # rows


@bp.get("")
def index() -> str:
    """List orders of every owner, those that are due first."""
    return render_template("warehousing/outbound/desk/index.html", **_listed())


@bp.get("/list")
def rows() -> str:
    """Return tabs and rows anew, for pages that follow the warehouse."""
    return render_template("warehousing/outbound/desk/_list.html", **_listed())


def _asked() -> Asked:
    """Return the conditions of the address; without any: what is under way, due first."""
    given = request.args.to_dict()
    return Asked.of({"status": "open", "sort": "due"} | given)


def _wanted(asked: Asked) -> tuple[Filter, Any, Any]:
    user = asker()
    houses, companies = sites.warehouses_for(user), owners_for(user)
    wanted = asked.filter(
        warehouses={house.code: house.id for house in houses},
        companies={company.ref: company.id for company in companies},
    )
    return wanted, houses, companies


def _listed() -> dict[str, Any]:
    user, asked = asker(), _asked()
    wanted, houses, companies = _wanted(asked)
    after = request.args.get("after")
    limit = pagination.limit(request.args.get("limit", str(USUAL)))
    page = orders_for(user, wanted, after=after, limit=limit)
    counts = counts_for(user, warehouse_id=wanted.warehouse_id)
    names = {company.ref: company.name for company in companies}
    return {
        "page": page,
        "asked": asked,
        "tabs": [
            (text, address(".index", {"status": ""} | args), *rest)
            for text, args, *rest in tabs(asked, counts)
        ],
        "chips": [(text, address(".index", rest.args())) for text, rest in asked.conditions(names)],
        "first": address(".index", asked.args()) if after else None,
        "older": page.next and address(".index", asked.args(), after=page.next),
        "fragment": address(".rows", request.args.to_dict()),
        "sorts": sorts(),
        "houses": houses,
        "house_options": words.house_options(houses),
        "owner_options": [(company.ref, company.name) for company in companies],
        "age": ages.age,
        "present": clock.now(),
        "words": words,
        **words.TABLES,
    }


@bp.get("/export.<any(csv, xlsx):file_format>")
def export(file_format: str) -> Response:
    """Send the lines of all orders that fit as a sheet."""
    wanted, _houses, _companies = _wanted(_asked())
    rows = lists.rows(asker(), wanted, with_company=True)
    headers = lists.headers(with_company=True)
    return sheets.attachment(headers, rows, _("outbound"), file_format)
