"""Reading orders from a sheet: checked first, placed when somebody has looked at it."""

from contextlib import closing
from typing import Any

from flask import Response, redirect, render_template, request, url_for

from portal.accounts.forms import Answer
from portal.core import limits, sheets
from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy as _l
from portal.core.i18n import lazy_pgettext
from portal.core.sentences import said
from portal.warehousing.outbound.queries.sheets import sheet_for, sheets_for
from portal.warehousing.outbound.rules.sheets import HEADINGS
from portal.warehousing.outbound.service import sheets as service
from portal.warehousing.outbound.shown import words
from portal.warehousing.outbound.shown.entering import asker, own
from portal.warehousing.outbound.views.blueprint import bp

SHOWN = 100  # problems on a page; the rest is in the file
#: Column → what it is called in the template, and an example of it.
TITLES = {
    "order_ref": (lazy_pgettext("sheet", "Order"), "SO-1001"),
    "sku": (lazy_pgettext("sheet", "SKU"), "TEA-250"),
    "quantity": (lazy_pgettext("sheet", "Quantity"), "24"),
    "level": (lazy_pgettext("sheet", "Pack"), "each"),
    "lot": (lazy_pgettext("sheet", "Lot"), ""),
    "name": (lazy_pgettext("sheet", "Consignee"), "王芳"),
    "phone": (lazy_pgettext("sheet", "Phone"), "13800138000"),
    "address": (lazy_pgettext("sheet", "Address"), "文三路 90 号"),
    "city": (lazy_pgettext("sheet", "City"), "杭州"),
    "postcode": (lazy_pgettext("sheet", "Postcode"), "310012"),
    "country": (lazy_pgettext("sheet", "Country"), "CN"),
    "policy": (lazy_pgettext("sheet", "Policy"), "partial"),
    "service": (lazy_pgettext("sheet", "Service"), "standard"),
    "wished_on": (lazy_pgettext("sheet", "Date"), ""),
    "note": (lazy_pgettext("sheet", "Note"), ""),
}
STATES = {
    "checked": _l("Checked, nothing placed yet"),
    "placing": _l("Being placed"),
    "done": _l("Done"),
    "failed": _l("Could not be read"),
}


@bp.route("/import", methods=["GET", "POST"])
def upload() -> Answer:
    """Take a sheet and check it; show those before it."""
    owner, wrong = own(), ""
    if request.method == "POST":
        limits.spend("upload", "outbound", asker().person_id)
        data, name = _handed_in()
        warehouse = owner.warehouse(request.form.get("warehouse", ""))
        try:
            made = service.receive(
                data,
                name,
                warehouse.id,
                owner.company_id,
                by=asker().person_id,
            )
            return redirect(url_for(".sheet", ref=made.ref))
        except PortalError as error:
            wrong = str(error)
    page = sheets_for(asker(), after=request.args.get("after"))
    shown = render_template(
        "warehousing/outbound/import.html",
        page=page,
        wrong=wrong,
        states=STATES,
        house_options=words.house_options(owner.warehouses),
        columns=[str(title) for title, _example in TITLES.values()],
    )
    return (shown, 422) if wrong else shown


def _handed_in() -> tuple[bytes, str]:
    """Return the file and its name; a large one lies in a file of its own, which ends here."""
    file = request.files.get("file")
    if file is None:
        return b"", ""
    with closing(file):
        return file.read(), file.filename or ""


@bp.get("/import/template.<any(csv, xlsx):file_format>")
def template(file_format: str) -> Response:
    """Send an empty sheet with the columns that are known, and one line to show how."""
    headers = [str(TITLES[name][0]) for name in HEADINGS]
    example = [TITLES[name][1] for name in HEADINGS]
    return sheets.attachment(headers, [example], _("orders-template"), file_format)


@bp.get("/import/<ref>")
def sheet(ref: str) -> str:
    """Show what a sheet comes to, and what became of it."""
    return render_template("warehousing/outbound/sheet.html", **_shown(ref))


@bp.get("/import/<ref>/state")
def sheet_state(ref: str) -> str:
    """Show what of the page changes while orders are placed."""
    return render_template("warehousing/outbound/_sheet.html", **_shown(ref))


def _shown(ref: str) -> dict[str, Any]:
    row = sheet_for(asker(), ref)
    return {
        "row": row,
        "states": STATES,
        "problems": [_told(each) for each in row.problems[:SHOWN]],
        "more": max(len(row.problems) - SHOWN, 0),
    }


def _told(problem: list[Any]) -> tuple[Any, ...]:
    line, column, given, sentence = problem
    title = TITLES.get(column)
    return line, str(title[0]) if title else "", given, said(sentence)


@bp.post("/import/<ref>/place")
def place_sheet(ref: str) -> Answer:
    """Place the good orders of a sheet."""
    service.place(sheet_for(asker(), ref))
    return redirect(url_for(".sheet", ref=ref))


@bp.get("/import/<ref>/problems.<any(csv, xlsx):file_format>")
def sheet_problems(ref: str, file_format: str) -> Response:
    """Send what is wrong with the rows of a sheet, line by line."""
    row = sheet_for(asker(), ref)
    headers = [_("Line"), _("Column"), _("Cell"), _("What is wrong")]
    rows = [_told(each) for each in row.problems]
    return sheets.attachment(headers, rows, _("problems"), file_format)
