"""Notes about a company: written, changed by who wrote them, pinned."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts import company_queries
from portal.accounts import desk_queries as queries
from portal.accounts.forms import Answer
from portal.accounts.service import register as service
from portal.accounts.views.desk.companies.blueprint import asker, bp
from portal.core.db import transaction
from portal.core.errors import Forbidden, Invalid
from portal.core.i18n import gettext as _


@bp.post("/<ref>/notes")
def write_note(ref: str) -> Response:
    """Add a note."""
    user = asker()
    try:
        with transaction():
            company = queries.company_for(user, ref, lock=True)
            service.write_note(company, request.form.get("text", ""), by=user.person_id)
    except Invalid as error:
        flash(str(error), "bad")
    else:
        flash(_("The note is kept."), "good")
    return _to_notes(ref)


@bp.route("/<ref>/notes/<note_ref>", methods=["GET", "POST"])
def edit_note(ref: str, note_ref: str) -> Answer:
    """Change a note of one's own."""
    user, error = asker(), None
    if request.method == "POST":
        try:
            with transaction():
                company = queries.company_for(user, ref)
                note = company_queries.note_for(user, company, note_ref)
                service.edit_note(company, note, request.form.get("text", ""), by=user.person_id)
            return _to_notes(ref)
        except Invalid as refused:
            error = str(refused)
    company = queries.company_for(user, ref)
    note = company_queries.note_for(user, company, note_ref)
    if note.person_id != user.person_id:
        raise Forbidden(_("Only who wrote a note can change it."))
    text = request.form.get("text", note.text)
    page = render_template(
        "accounts/desk/note.html", company=company, note=note, text=text, error=error
    )
    return (page, 422) if error else page


@bp.post("/<ref>/notes/<note_ref>/pin")
def pin_note(ref: str, note_ref: str) -> Response:
    """Let a note stand first, or no longer."""
    user = asker()
    with transaction():
        company = queries.company_for(user, ref)
        note = company_queries.note_for(user, company, note_ref)
        pinned = request.form.get("pinned") == "1"
        service.pin_note(company, note, pinned, by=user.person_id)
    return _to_notes(ref)


def _to_notes(ref: str) -> Response:
    return redirect(url_for(".detail", ref=ref, _anchor="notes"))
