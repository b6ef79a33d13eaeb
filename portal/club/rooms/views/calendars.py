"""Hours for calendars: one of them, one's own by a secret address; the end of their mails."""

from urllib.parse import urlsplit

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from portal.accounts.access import User
from portal.club.rooms.queries import feeds, rooms
from portal.club.rooms.queries import hours as queries
from portal.club.rooms.service import rooms as service
from portal.club.rooms.service import seats
from portal.club.rooms.shown import MIMETYPE, calendar, feed_owner, stopped
from portal.club.rooms.views.blueprint import bp, open_bp
from portal.core import limits
from portal.core.db import write
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.forum.views.blueprint import entered


def _host() -> str:
    return urlsplit(current_app.config["PUBLIC_URL"]).hostname or "localhost"


@bp.get("/hours/<ref>.ics")
def ics(ref: str) -> Response:
    """Return one hour for a calendar; one that was cancelled takes itself out again."""
    user, _profile = entered()
    hour = queries.hour_for(user, ref)
    method = "CANCEL" if hour.state == "cancelled" else "PUBLISH"
    answer = Response(calendar([hour], _host(), method=method), mimetype=MIMETYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="{hour.ref}.ics"'
    return answer


@bp.post("/calendar")
def renew() -> Answer:
    """Give one's calendar another address: the old one is worth nothing any more."""
    user, _profile = entered()
    person_id, version = user.person_id, rooms.own_of(user)[1] + 1
    if person_id is not None:
        write(lambda on: service.renew_feed(person_id, version, on=on))
    flash(_("Your calendar has another address; the old one shows nothing any more."), "good")
    return redirect(url_for(".hours", _anchor="calendar"), 303)


@open_bp.get("/<token>.ics")
def feed(token: str) -> Response:
    """Return the hours of whoever has this secret address: with a seat, or held by him."""
    limits.spend("feed")
    owner = feed_owner(token)
    user: User | None = feeds.owner_of(*owner) if owner is not None else None
    if user is None:
        raise NotFound(_("There is no such calendar."))
    hours = queries.for_calendar(user)
    name = _("Question hours of %(centre)s", centre=current_app.config["CENTRE_NAME"])
    return Response(calendar(hours, _host(), name=name), mimetype=MIMETYPE)


@open_bp.route("/stop/<token>", methods=["GET", "POST"])
def stop(token: str) -> str:
    """Send no more mails about an hour to whoever followed the link in one."""
    meant = stopped(token)
    if meant is None:
        raise NotFound(_("This link is not one of ours, or not whole."))
    if request.method == "POST":
        limits.spend("lookup")
        write(lambda on: seats.stop_mails(*meant, on=on))
    return render_template("club/rooms/stop.html", token=token, done=request.method == "POST")
