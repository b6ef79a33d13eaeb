"""One message: deleted for oneself, shown to the moderators."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from portal.club.direct.queries import messages
from portal.club.direct.queries.messages import Thread
from portal.club.direct.rules import OUTCOMES
from portal.club.direct.service import reporting, talking
from portal.club.direct.views.blueprint import bp, found, said
from portal.core import limits
from portal.core.db import write
from portal.core.i18n import gettext as _
from portal.forum.rules.order import REASONS


@bp.get("/<ref>/<int:no>")
def message(ref: str, no: int) -> str:
    """Show one message and what may be done with it."""
    user, _profile, row = found(ref)
    one = messages.message_for(user, row, no)
    values = {"reasons": REASONS, "outcomes": OUTCOMES}
    return render_template("club/direct/message.html", talk=row, message=one, **values)


@bp.get("/<ref>/<int:no>/part")
def part(ref: str, no: int) -> str:
    """Return one message as it stands now, for pages that follow it."""
    user, _profile, row = found(ref)
    thread = Thread([messages.message_for(user, row, no)])
    values = {"talk": row, "thread": thread, "outcomes": OUTCOMES, "new_behind": None}
    return render_template("club/direct/_part.html", **values)


@bp.post("/<ref>/<int:no>/delete")
def forget_one(ref: str, no: int) -> Answer:
    """Delete a message for oneself."""
    user, _profile, row = found(ref)
    one = messages.message_for(user, row, no)
    write(lambda on: talking.forget_one(one, user, on=on))
    flash(_("The message is deleted for you. The other still has it."), "good")
    return redirect(url_for(".talk", ref=ref), 303)


@bp.post("/<ref>/<int:no>/report")
def report(ref: str, no: int) -> Answer:
    """Show a message to the moderators."""
    user, _profile, row = found(ref)
    one = messages.message_for(user, row, no)
    limits.spend("report", user.person_id)
    reason, text = request.form.get("reason", ""), said("note")
    write(lambda on: reporting.report(one, user, reason=reason, text=text, on=on))
    flash(_("Thank you. A moderator reads this message and the few around it, nothing else."))
    return redirect(url_for(".message", ref=ref, no=no), 303)
