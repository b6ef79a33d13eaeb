"""Following a space: who follows it is told of its new topics."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from portal.core.db import write
from portal.core.i18n import gettext as _
from portal.forum.queries import spaces
from portal.forum.service import reading
from portal.forum.views.blueprint import bp, entered


@bp.post("/s/<slug>/follow")
def follow_space(slug: str) -> Answer:
    """Follow a space, or no longer."""
    user, _profile = entered()
    about = f"space:{spaces.space_for(user, slug).id}"
    if request.form.get("how") == "follow":
        write(lambda on: reading.follow(about, user.person_id, on=on))
        flash(_("You are told of new topics here. How: see your notices."), "good")
    else:
        write(lambda on: reading.unfollow(about, user.person_id, on=on))
        flash(_("You are no longer told of new topics here."), "good")
    return redirect(url_for(".space", slug=slug), 303)
