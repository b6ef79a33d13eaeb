"""The list of a company's returns, one of them, its pictures and its closing document."""

from flask import Response, render_template

from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.warehousing.inbound.shown.downloads import picture as sent
from portal.warehousing.returns.queries import one
from portal.warehousing.returns.queries.visible import return_for
from portal.warehousing.returns.shown import lists, paper, sheets
from portal.warehousing.returns.shown import one as shown
from portal.warehousing.returns.views.blueprint import asker, bp


@bp.get("")
def index() -> str:
    """Show the company's returns."""
    return render_template("warehousing/returns/index.html", **lists.listed(asker(), "returns"))


@bp.get("/list")
def rows() -> str:
    """Return the list anew, for pages that follow the company."""
    return render_template("warehousing/returns/_list.html", **lists.listed(asker(), "returns"))


@bp.get("/export.<any(csv, xlsx):file_format>")
def export(file_format: str) -> Response:
    """Send the company's returns that fit as a sheet."""
    return sheets.sent(asker(), lists.wanted_of(asker()), file_format)


@bp.get("/<ref>")
def show(ref: str) -> str:
    """Show one return: its way, its goods, what its owner has to decide."""
    return render_template("warehousing/returns/show.html", **shown.page(asker(), ref, "returns"))


@bp.get("/<ref>/now")
def now(ref: str) -> str:
    """Return the same anew, for pages that follow the return."""
    return render_template("warehousing/returns/_one.html", **shown.page(asker(), ref, "returns"))


@bp.get("/<ref>/record.pdf")
def record(ref: str) -> Response:
    """Send the record of what came and what became of it."""
    row = return_for(asker(), ref)
    if row.received_at is None:
        raise NotFound(_l("There is no record yet: nothing of it was received."))
    return paper.answer(row)


@bp.get("/<ref>/pictures/<int:part_id>.jpg")
def picture(ref: str, part_id: int) -> Response:
    """Send the picture that was taken when goods were inspected."""
    part = one.part_of(return_for(asker(), ref), part_id)
    if part.picture_key is None:
        raise NotFound(_l("There is no picture of it."))
    return sent(part.picture_key)
