"""What somebody has begun to write in the club and not sent yet."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as Answer

from portal.core.db import end_reading, write
from portal.core.i18n import gettext as _
from portal.forum.queries import drafts as queries
from portal.forum.queries.drafts import Placed
from portal.forum.rules import drafts as rules
from portal.forum.service import drafts as service
from portal.forum.views.blueprint import bp, entered


@bp.get("/me/drafts")
def drafts() -> str:
    """List one's own drafts."""
    user, _profile = entered()
    found = [(each, _way(each)) for each in queries.drafts_for(user)]
    return render_template("forum/drafts.html", drafts=found, kinds=rules.KINDS)


def _way(draft: Placed) -> str | None:
    """Return where one goes on with a draft; None: the place is not there any more."""
    go_on = {"draft": draft.row.ref}
    if draft.kind == "begin" and draft.space:
        return url_for(".new", slug=draft.space.slug, **go_on)
    if draft.topic is None:
        return None
    if draft.kind == "edit":
        return url_for(".edit", ref=draft.topic.ref, no=draft.no, **go_on)
    return url_for(".topic", ref=draft.topic.ref, **go_on, _anchor="reply")


@bp.post("/me/drafts/<ref>/delete")
def delete_draft(ref: str) -> Answer:
    """Throw a draft away."""
    user, _profile = entered()
    row = queries.draft_for(user, ref=ref)
    end_reading()
    write(lambda on: service.forget(row.about, user.person_id, on=on))
    flash(_("The draft is gone."), "good")
    return redirect(url_for(".drafts"), 303)
