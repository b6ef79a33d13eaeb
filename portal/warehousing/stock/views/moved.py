"""The movements of a company's goods: list, sheet, one of them with its photo."""

from flask import Response, render_template, request

from portal.core import sheets
from portal.core.i18n import gettext as _
from portal.warehousing.ledger.queries.entries import movement_for
from portal.warehousing.stock.shown import moved, photos
from portal.warehousing.stock.shown.asked import AskedEntries
from portal.warehousing.stock.shown.listing import WORDS
from portal.warehousing.stock.views.blueprint import FILE, asker, bp, side
from portal.warehousing.stock.views.many import note


@bp.get("/movements")
def movements() -> str:
    """List what happened to the company's goods, the newest first."""
    return render_template("warehousing/stock/movements.html", **moved.moved(side()))


@bp.get(f"/movements.{FILE}")
def export_movements(format: str) -> Response:
    """Send the movements as the list is narrowed."""
    mine = side()
    wanted = moved.wanted_of(mine, AskedEntries.of(request.args), None)
    note("stock-entries", format)
    headers = moved.entry_headers(with_company=False)
    return sheets.attachment(headers, moved.entry_rows(mine, wanted), _("movements"), format)


@bp.get("/movements/<int:number>")
def movement(number: int) -> str:
    """Show one movement: its document, person, reason, photo and entries."""
    found, entries = movement_for(asker(), number)
    return render_template(
        "warehousing/stock/movement.html", side=side(), movement=found, entries=entries, **WORDS
    )


@bp.get("/movements/<int:number>/photo")
def photo(number: int) -> Response:
    """Send the photo of a movement."""
    return photos.shown(movement_for(asker(), number)[0])
