"""Reading goods from a sheet: the field for it, progress, result, what was wrong."""

from typing import Any

from flask import Response, redirect, render_template, request, url_for

from portal.accounts.forms import Answer
from portal.core import limits, sheets
from portal.core.db import write
from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy as _l
from portal.core.sentences import said
from portal.warehousing.goods.forms import SheetForm
from portal.warehousing.goods.queries.imports import import_for, imports_for
from portal.warehousing.goods.rules.columns import COLUMNS
from portal.warehousing.goods.service import importing
from portal.warehousing.goods.views.blueprint import asker, bp
from portal.warehousing.goods.views.many import FILE

SMALL = 200_000  # bytes that are read at once; what is more a worker reads
SHOWN = 50  # problems on a page; the rest is in the file
BUSY = ("checking", "running")
STATES = {
    "checking": _l("Being checked"),
    "running": _l("Being entered"),
    "checked": _l("Checked, nothing entered"),
    "done": _l("Done"),
    "failed": _l("Could not be read"),
}
#: A line of the template: what each column may hold.
EXAMPLE = {
    "code": "TEA-250",
    "name_zh_hans": "龙井茶 250 g",
    "name_zh_hant": "龍井茶 250 g",
    "name_en": "Longjing tea 250 g",
    "gtin": "6901234567892",
    "unit": "C62",
    "lots": "lot",
    "expiry": "yes",
    "shelf_life": "540",
    "storage": "ambient",
    "weight": "0.31",
    "case_holds": "24",
    "pallet_holds": "960",
}


@bp.route("/import", methods=["GET", "POST"])
def upload() -> Answer:
    """Take a sheet; show those before it."""
    form = SheetForm(request.form)
    if request.method == "POST" and (made := _received(form)) is not None:
        return redirect(url_for(".sheet", ref=made.ref))
    page = imports_for(asker(), after=request.args.get("after"))
    found = render_template("warehousing/goods/imports.html", form=form, page=page, states=STATES)
    return (found, 422) if request.method == "POST" else found


def _received(form: SheetForm) -> Any:
    """Keep the sheet, and read it at once if it is small; None: the form says what is wrong."""
    user, file = asker(), request.files.get("file")
    limits.spend("upload", "goods", user.person_id)
    data = file.read() if file is not None else b""
    name, choice, company = (file.filename or "") if file else "", form.choice.data, user.company_id

    try:
        made = write(
            lambda on: importing.receive(
                data, name, choice or "", company or 0, by=user.person_id, on=on
            )
        )
    except PortalError as error:
        form.file.errors = [str(error)]
        return None
    if len(data) <= SMALL:
        importing.carry_on(made.id, made.company_id)
    return made


@bp.get("/import/<ref>")
def sheet(ref: str) -> str:
    """Show what became of a sheet."""
    return render_template("warehousing/goods/import.html", **_shown(ref))


@bp.get("/import/<ref>/state")
def sheet_state(ref: str) -> str:
    """Return what of the page changes while the sheet is read."""
    return render_template("warehousing/goods/_import.html", **_shown(ref))


def _shown(ref: str) -> dict[str, Any]:
    row = import_for(asker(), ref)
    return {
        "row": row,
        "busy": row.state in BUSY,
        "states": STATES,
        "error": said(row.error),
        "problems": [(*each[:3], said(each[3])) for each in row.problems[:SHOWN]],
    }


@bp.get(f"/import/<ref>/problems.{FILE}")
def sheet_problems(ref: str, format: str) -> Response:
    """Send what is wrong with the rows of a sheet, line by line."""
    row = import_for(asker(), ref)
    headers = [_("Line"), _("Column"), _("Cell"), _("What is wrong")]
    rows = ([*each[:3], said(each[3])] for each in row.problems)
    return sheets.attachment(headers, rows, _("problems"), format)


@bp.get(f"/import/template.{FILE}")
def template(format: str) -> Response:
    """Send an empty sheet with the columns that are known, and one line to show how."""
    headers = [str(column.label) for column in COLUMNS]
    example = [EXAMPLE.get(column.key) for column in COLUMNS]
    return sheets.attachment(headers, [example], _("goods-template"), format)
