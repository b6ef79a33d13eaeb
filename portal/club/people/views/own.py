"""One's own card, and that of one's company."""

import io
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from PIL import Image
from werkzeug.wrappers import Response as Answer

from portal.accounts.access import User
from portal.club.people.forms import CardForm, CompanyForm
from portal.club.people.queries import cards as queries
from portal.club.people.service import cards as service
from portal.club.people.service.cards import CompanySaid, Said
from portal.club.people.shown import preview
from portal.club.people.views.blueprint import bp
from portal.core import files, limits
from portal.core.aside import aside
from portal.core.db import end_reading, write
from portal.core.errors import NotFound, PortalError
from portal.core.i18n import gettext as _
from portal.forum.views.blueprint import check_voice, entered

Page = str | tuple[str, int] | Answer
SIDE = 480  # px, of the picture on a card


@bp.route("/me", methods=["GET", "POST"])
def me() -> Page:
    """Show one's own card as one edits it and as others see it; save it, or only look."""
    user, profile = entered()
    row = queries.own_card(user)
    form = CardForm(request.form or None, data=_begun(row))
    wants_it = request.method == "POST" and request.form.get("act") != "preview"
    if wants_it and form.validate() and _saved(user, form):
        return redirect(url_for(".me"), 303)
    company = queries.company_card(user) if user.company_id is not None else None
    page = render_template(
        "club/people/me.html",
        form=form,
        row=row,
        card=preview(user, profile, row, company=company, form=form),
        company=company,
    )
    return (page, 422) if form.errors else page


def _begun(row: Any) -> dict[str, Any]:
    if row is None:
        return {"version": 0, "shows_name": True, "shows_company": True}
    names = ("version", "is_shown", "shows_name", "shows_company", "about", "languages")
    return {name: getattr(row, name) for name in names}


def _saved(user: User, form: CardForm) -> bool:
    """Keep the card and the picture; return False where the form says why not."""
    said = Said(
        is_shown=form.is_shown.data,
        shows_name=form.shows_name.data,
        shows_company=form.shows_company.data,
        about=form.about.data or "",
        languages=form.languages.data or [],
    )
    version = form.version.data or 0
    try:
        check_voice(user)
        picture = _picture(user)
        end_reading()
        write(lambda on: service.save(said, user, version=version, on=on))
    except PortalError as refusal:
        form.form_errors.append(str(refusal))
        return False
    if picture is not None or request.form.get("no_picture") == "1":
        _change_picture(user, picture)
    flash(_("Saved. You are in the directory.") if said.is_shown else _("Saved."), "good")
    return True


def _picture(user: User) -> str | None:
    """Keep the picture that was sent, small and without what the camera noted."""
    sent = request.files.get("picture")
    data = sent.read() if sent else b""
    if not data:
        return None
    limits.spend("picture", user.person_id)
    large = files.keep_picture(data)
    small = files.keep(aside(_small, files.read(large.key)), "image/jpeg")
    files.forget(large.key)
    return small.key


def _small(data: bytes) -> bytes:
    output = io.BytesIO()
    with Image.open(io.BytesIO(data)) as picture:
        picture.thumbnail((SIDE, SIDE))
        picture.save(output, "JPEG", quality=85, optimize=True)
    return output.getvalue()


def _change_picture(user: User, key: str | None) -> None:
    before = write(lambda on: service.set_picture(key, user, on=on))
    if before is not None:
        files.forget(before)


@bp.route("/company", methods=["GET", "POST"])
def company() -> Page:
    """Say what one's company offers and looks for."""
    user, _profile = entered()
    if user.company_id is None:
        raise NotFound(_("People of the centre have no company’s card."))
    row = queries.company_card(user)
    form = CompanyForm(request.form or None, data=_company_begun(row))
    if request.method == "POST" and form.validate() and _company_saved(user, form):
        return redirect(url_for(".company"), 303)
    page = render_template("club/people/company.html", form=form, row=row)
    return (page, 422) if form.errors else page


def _company_begun(row: Any) -> dict[str, Any]:
    return {"version": 0} if row is None else dict(row._mapping)


def _company_saved(user: User, form: CompanyForm) -> bool:
    said = CompanySaid(
        is_shown=form.is_shown.data,
        region=form.region.data or None,
        city=form.city.data or "",
        offers=form.offers.data or [],
        seeks=form.seeks.data or [],
        offers_words=form.offers_words.data or "",
        seeks_words=form.seeks_words.data or "",
    )
    version = form.version.data or 0
    try:
        check_voice(user)
        end_reading()
        write(lambda on: service.save_company(said, user, version=version, on=on))
    except PortalError as refusal:
        form.form_errors.append(str(refusal))
        return False
    flash(_("Saved."), "good")
    return True
