"""The list of a company's goods, and the same as a sheet."""

from typing import Any

from flask import Response, render_template, request, url_for

from portal.core import sheets
from portal.core.i18n import gettext as _
from portal.warehousing.goods.rules.kinds import LOT_POLICIES, STORAGE_CLASSES
from portal.warehousing.goods.shown import words
from portal.warehousing.goods.shown.asked import Asked, sorts, uses
from portal.warehousing.goods.shown.columns import headers, rows_for
from portal.warehousing.goods.shown.lists import page_of
from portal.warehousing.goods.views.blueprint import asker, bp

FILE = "<any(csv, xlsx):format>"


@bp.get("")
def index() -> str:
    """List the company's goods, by code or as asked."""
    asked = Asked.of(request.args)
    shown = page_of(asker(), asked.filter(), request.args)
    return render_template(
        "warehousing/goods/index.html",
        asked=asked,
        shown=shown,
        earlier=shown.before and address("goods.index", asked, before=shown.before),
        further=shown.after and address("goods.index", asked, after=shown.after),
        chips=[(text, address("goods.index", rest)) for text, rest in asked.conditions()],
        **offers(),
    )


def offers() -> dict[str, Any]:
    """Return what the filters of a list offer, and the words of its rows."""
    return {
        "classes": [("", _("Every storage class")), *STORAGE_CLASSES.items()],
        "policies": [("", _("All")), *LOT_POLICIES.items()],
        "uses": uses(),
        "sorts": sorts(),
        "words": words,
    }


def address(endpoint: str, asked: Asked, **cursor: Any) -> str:
    """Return the address of a list with its conditions, from a cursor on."""
    args: dict[str, Any] = asked.args() | cursor
    if cursor and "limit" in request.args:
        args["limit"] = request.args["limit"]
    return url_for(endpoint, **args)


@bp.get(f"/export.{FILE}")
def export(format: str) -> Response:
    """Send the goods that fit as a sheet, which can be changed and read in again."""
    wanted = Asked.of(request.args).filter()
    return sheets.attachment(headers(), rows_for(asker(), wanted), _("goods"), format)
