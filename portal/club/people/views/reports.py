"""Reports against cards: made by anybody, decided by moderators."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from portal.club.people.queries import cards as queries
from portal.club.people.service import reporting
from portal.club.people.views.blueprint import bp
from portal.core import limits
from portal.core.db import write
from portal.core.i18n import gettext as _
from portal.forum.views.blueprint import entered, reader

NOTE_MAX = 500  # characters


def _said(name: str) -> str | None:
    return " ".join(request.form.get(name, "").split())[:NOTE_MAX] or None


@bp.post("/<handle>/report")
def report(handle: str) -> Answer:
    """Report a card to the moderators."""
    user, _profile = entered()
    row = queries.card_for(user, handle)
    limits.spend("report", user.person_id)
    reason, text = request.form.get("reason", ""), _said("note")
    write(lambda on: reporting.report(row.person_id, user, reason=reason, text=text, on=on))
    flash(_("Thank you. A moderator looks at it."), "good")
    return redirect(url_for(".person", handle=row.handle), 303)


@bp.post("/reports/<ref>")
def decide(ref: str) -> Answer:
    """Agree with a report against a card, disagree, or ignore it."""
    user, reason = reader(), _said("reason")
    row = queries.report_for(user, ref)
    outcome = request.form.get("outcome", "")
    write(lambda on: reporting.decide(row, outcome, user, reason=reason, on=on))
    flash(_("Decided."), "good")
    return redirect(url_for("review.index"), 303)
