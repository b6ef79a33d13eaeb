"""Imports: upload, mapping, check, choice, result."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import Row
from werkzeug.wrappers import Response

from portal.core import limits, sentences
from portal.core.db import transaction
from portal.core.errors import Invalid, PortalError
from portal.core.i18n import gettext as _
from portal.exchange import jobs, outcome, queries
from portal.exchange.findings import Findings
from portal.exchange.forms import MappingForm, reading_of
from portal.exchange.rules.delimited import ENCODINGS
from portal.exchange.service import uploads
from portal.exchange.service.uploads import Upload

bp = Blueprint("imports", __name__)
GROUPS, CELLS, CREATED = 15, 100, 10  # shown on a page
BUSY = ("checking", "running")


@bp.get("")
def index() -> str:
    """List the company's imports, with the field for the next one."""
    page = queries.imports_for(current_user, after=request.args.get("after"))
    return render_template("exchange/index.html", page=page)


@bp.post("")
def upload() -> Any:
    """Take a file and show what its columns seem to mean."""
    limits.spend("upload", "import", current_user.person_id)
    file = request.files.get("file")
    try:
        if file is None or not file.filename:
            raise Invalid(_("Choose a file."))
        with file.stream as stream:
            data = stream.read()
        handed = Upload(data, file.filename, current_user.company_id, current_user.person_id)
        with transaction():
            row = uploads.receive(handed, kind=_kind(request.form.get("kind")))
    except Invalid as fault:
        page = queries.imports_for(current_user)
        return render_template("exchange/index.html", page=page, error=str(fault)), 422
    return redirect(url_for(".show", ref=row.ref))


def _kind(asked: str | None) -> str | None:
    return asked if asked in uploads.KINDS else None


@bp.get("/<ref>")
def show(ref: str) -> Any:
    """Show an import: its mapping while it is new, then progress, report and result."""
    row = queries.import_for(current_user, ref)
    if row.state == "uploaded":
        return redirect(url_for(".columns", ref=ref))
    return render_template("exchange/show.html", **_shown(row))


@bp.get("/<ref>/fragment")
def fragment(ref: str) -> str:
    """Return what of the page changes while the import goes on."""
    return render_template("exchange/_status.html", **_shown(queries.import_for(current_user, ref)))


def _shown(row: Row[Any]) -> dict[str, Any]:
    shown: dict[str, Any] = {"row": row, "busy": row.state in BUSY, "said": sentences.said}
    shown["error"] = sentences.said(row.error)
    shown["created"] = queries.created_by(row, CREATED) if row.created else []
    if row.check_key and row.state not in BUSY and (row.problems or row.notes):
        with Findings(row.check_key) as found:
            shown["groups"] = found.groups(GROUPS)
            shown["cells"] = found.first_cells(CELLS)
    return shown


@bp.route("/<ref>/columns", methods=["GET", "POST"])
def columns(ref: str) -> Any:
    """Say what each column means, then have the file checked."""
    row = queries.import_for(current_user, ref)
    if not row.headers or row.state in (*BUSY, "done"):
        return redirect(url_for(".show", ref=ref))
    own = uploads.own_party(row.company_id)
    form = MappingForm(row, own, request.form if request.method == "POST" else None)
    if request.method == "POST" and form.validate():
        with transaction():
            row = queries.import_for(current_user, ref, lock=True)
            row = uploads.map_columns(row, form.mapping)
            jobs.owe(uploads.begin_check(row))
        return redirect(url_for(".show", ref=ref))
    page = render_template("exchange/columns.html", row=row, form=form, encodings=ENCODINGS)
    return page, 422 if form.errors else 200


@bp.post("/<ref>/reading")
def reading(ref: str) -> Response:
    """Read the file anew: as another kind, in another encoding, another worksheet."""
    with transaction():
        row = queries.import_for(current_user, ref, lock=True)
        chosen = {**row.reading, **reading_of(request.form)}
        uploads.read_anew(row, chosen, kind=_kind(request.form.get("kind")))
    return redirect(url_for(".show", ref=ref))


@bp.post("/<ref>/choice")
def choose(ref: str) -> Response:
    """Post all, or what is good."""
    with transaction():
        row = queries.import_for(current_user, ref, lock=True)
        refusal = _chosen(row, request.form.get("choice", ""))
    if refusal:
        flash(refusal, "bad")
    return redirect(url_for(".show", ref=ref))


def _chosen(row: Row[Any], choice: str) -> str:
    try:
        jobs.owe(uploads.choose(row, choice))
    except PortalError as refusal:
        return str(refusal)
    return ""


@bp.post("/<ref>/cancel")
def cancel(ref: str) -> Response:
    """End an import early."""
    with transaction():
        row = queries.import_for(current_user, ref, lock=True)
        uploads.cancel(row)
    flash(_("The import is cancelled. What it had created stays."), "good")
    return redirect(url_for(".show", ref=ref))


@bp.get("/<ref>/<any(problems, result):which>.<any(csv, xlsx):file_format>")
def download(ref: str, which: str, file_format: str) -> Response:
    """Hand back the rows as they came, each with what is wrong or what became of it."""
    row = queries.import_for(current_user, ref)
    return outcome.response(row, which, file_format)


@bp.get("/<ref>/original")
def original(ref: str) -> Response:
    """Hand back the file as it came."""
    return outcome.original(queries.import_for(current_user, ref))
