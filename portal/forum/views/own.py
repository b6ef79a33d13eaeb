"""What concerns oneself: texts that wait, what moderators did, another look at it."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from portal.core.db import write
from portal.core.errors import Refused
from portal.core.i18n import gettext as _
from portal.forum.queries import order as queries
from portal.forum.queries import spaces
from portal.forum.rules import order, trust
from portal.forum.service import appealing
from portal.forum.views.blueprint import bp, reader


@bp.get("/me")
def me() -> str:
    """Show one's own trust, texts that wait, and what moderators did. Open to the suspended."""
    user = reader()
    return render_template(
        "forum/me.html",
        profile=spaces.profile_of(user),
        levels=trust.LEVELS,
        held=[row for row in queries.held_for(user) if row.person_id == user.person_id],
        page=queries.acts_for(user, own=True, after=request.args.get("after")),
        sanction=queries.sanction_of(user),
        acts=order.ACTS,
        reasons=order.SANCTIONS,
    )


@bp.post("/me/<ref>/appeal")
def appeal(ref: str) -> Answer:
    """Ask that somebody else looks at what a moderator did."""
    user = reader()
    act = queries.act_for(user, ref)
    text = request.form.get("text", "").strip()[: order.APPEAL_MAX]
    if not text:
        raise Refused(_("Write why it should be looked at again."))
    write(lambda on: appealing.appeal(act, text, user, on=on))
    flash(_("Somebody else looks at it and answers here."), "good")
    return redirect(url_for(".me"), 303)
