"""Reported messages, for moderators: what was shown to them, and nothing else."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from portal.club.direct.queries import messages
from portal.club.direct.service import reporting
from portal.club.direct.views.blueprint import bp, said
from portal.core.db import end_reading, write
from portal.core.errors import Refused
from portal.core.i18n import gettext as _
from portal.forum.rules.order import REASONS
from portal.forum.views.blueprint import reader


@bp.get("/reports/<ref>")
def report_page(ref: str) -> str:
    """Show a reported message and the few around it; that it was read is kept in the log."""
    user = reader()
    row = messages.report_for(user, ref)
    shown = messages.around(row)
    end_reading()
    write(lambda on: reporting.look(row.ref, user, on=on))
    return render_template("club/direct/report.html", row=row, messages=shown, reasons=REASONS)


@bp.post("/reports/<ref>")
def decide(ref: str) -> Answer:
    """Agree with a report, disagree, or ignore it."""
    user, answer = reader(), said("answer")
    row = messages.report_for(user, ref)
    outcome = request.form.get("outcome", "")
    if answer is None:
        raise Refused(_("Say why: who reported reads it, and the author of what is removed."))
    write(lambda on: reporting.decide(row, outcome, user, answer=answer, on=on))
    flash(_("Decided."), "good")
    return redirect(url_for("review.index"), 303)
