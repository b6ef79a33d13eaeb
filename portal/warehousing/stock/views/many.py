"""The list of what a company has, as a page, as a part that follows, and as a sheet."""

from flask import Response, render_template, request

from portal.core import sheets
from portal.core.db import transaction
from portal.core.events import record
from portal.core.i18n import gettext as _
from portal.warehousing.stock.events import StockExported
from portal.warehousing.stock.shown import moved
from portal.warehousing.stock.shown.asked import Asked
from portal.warehousing.stock.shown.listing import chosen, listing
from portal.warehousing.stock.views.blueprint import FILE, asker, bp, side


@bp.get("")
def index() -> str:
    """List the company's goods with what there is of them, now or at a moment."""
    return render_template("warehousing/stock/index.html", **listing(side()))


@bp.get("/rows")
def rows() -> str:
    """Show the rows of the list, for pages that follow the company."""
    return render_template("warehousing/stock/_rows.html", **listing(side()))


@bp.get(f"/stock.{FILE}")
def export(format: str) -> Response:
    """Send what there is, by article and warehouse, as the list is narrowed."""
    mine, asked = side(), Asked.of(request.args)
    asked.at()
    wanted = asked.wanted(warehouse_id=chosen(asked.warehouse, mine.warehouses()))
    note("stock", format)
    headers = moved.level_headers(with_company=False)
    return sheets.attachment(headers, moved.level_rows(mine, asked, wanted, {}), _("stock"), format)


def note(what: str, file_format: str) -> None:
    """Note who took a list away."""
    user = asker()
    with transaction():
        taken = StockExported(
            actor_id=user.person_id,
            company_id=user.company_id,
            what=what,
            file_format=file_format,
        )
        record(taken)
