"""Certificates at the desk: find one, see it, revoke it."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from portal.accounts.forms import filled
from portal.core import i18n
from portal.core.db import db, transaction
from portal.core.i18n import gettext as _
from portal.learning.forms import ReasonForm
from portal.learning.queries import certificates
from portal.learning.rules.certificates import spaced
from portal.learning.service import certifying

bp = Blueprint("certificates_desk", __name__)


@bp.get("")
def index() -> str:
    """List certificates, the newest first; ``q`` is a number or a part of a name."""
    words = request.args.get("q", "")[:80]
    is_revoked = request.args.get("state") == "revoked"
    return render_template(
        "learning/desk/certificates.html",
        page=certificates.issued(words, request.args.get("after"), revoked=is_revoked),
        q=words,
        is_revoked=is_revoked,
        title_of=lambda row: certificates.title_of(row, i18n.tag()),
        spaced=spaced,
    )


@bp.route("/<number>", methods=["GET", "POST"])
def detail(number: str) -> Any:
    """Show one certificate; revoke it with a reason."""
    row = certificates.by_number(number)
    if row is None:
        abort(404)
    form = ReasonForm(request.form)
    if request.method == "POST" and form.validate():
        with transaction():
            by = current_user._get_current_object()
            certifying.revoke(row, form.reason.data, by=by, on=db.session.connection())
        flash(_("Revoked. Whoever verifies it reads the reason."), "good")
        return redirect(url_for(".detail", number=number), 303)
    html = render_template(
        "learning/desk/certificate.html",
        certificate=row,
        form=form,
        course=certificates.title_of(row, i18n.tag()),
        number=spaced(row.number),
    )
    return filled(html, form)
