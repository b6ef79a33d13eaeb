"""Rooms at the desk: made, edited, closed; what was reported in them."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from portal.club.rooms.desk.blueprint import bp
from portal.club.rooms.forms import RoomForm, said
from portal.club.rooms.queries import hours, messages
from portal.club.rooms.queries import rooms as queries
from portal.club.rooms.rules.hours import STATES
from portal.club.rooms.service import reporting
from portal.club.rooms.service import rooms as service
from portal.core import i18n
from portal.core.db import write
from portal.core.errors import PortalError, Refused
from portal.core.i18n import gettext as _
from portal.forum.views.blueprint import reader

Page = str | tuple[str, int] | Answer
OUTCOMES = ("agreed", "disagreed", "ignored")
#: Language tag → end of the names of its fields.
SIDES = {"zh-Hans": "hans", "zh-Hant": "hant", "en": "en"}


@bp.get("")
def index() -> str:
    """Show the question hours and the rooms."""
    return render_template(
        "club/rooms/desk/index.html",
        rooms=queries.rooms_for(reader()),
        people=queries.people_counts(),
        page=hours.hours_at_desk(after=request.args.get("after")),
        states=STATES,
        zone=i18n.zone().key,
    )


@bp.route("/rooms/new", methods=["GET", "POST"])
def new_room() -> Page:
    """Open a room."""
    form = RoomForm(request.form or None, readers=["*"], writers=["*"])
    if request.method == "POST" and form.validate():
        user, slug, told = reader(), (form.slug.data or "").lower(), _told(form)
        try:
            write(lambda on: service.make(slug, told, user, on=on))
            flash(_("The room is open."), "good")
            return redirect(url_for(".room", slug=slug), 303)
        except PortalError as refusal:
            form.slug.errors = [str(refusal)]
    page = render_template("club/rooms/desk/room.html", form=form, room=None)
    return (page, 422) if request.method == "POST" else page


@bp.route("/rooms/<slug>", methods=["GET", "POST"])
def room(slug: str) -> Page:
    """Edit a room."""
    row, user = queries.room_at_desk(slug), reader()
    form = RoomForm(request.form or None, data=_shown(row))
    if request.method == "POST" and form.validate():
        told = _told(form)
        write(lambda on: service.edit(row, told, user, on=on))
        flash(_("Saved."), "good")
        return redirect(url_for(".room", slug=slug), 303)
    page = render_template("club/rooms/desk/room.html", form=form, room=row)
    return (page, 422) if request.method == "POST" else page


def _told(form: RoomForm) -> dict[str, Any]:
    return {
        "names": {tag: form[f"name_{side}"].data for tag, side in SIDES.items()},
        "abouts": {tag: form[f"about_{side}"].data for tag, side in SIDES.items()},
        "readers": form.readers.data,
        "writers": form.writers.data,
        "kept_days": form.kept_days.data,
    }


def _shown(row: Any) -> dict[str, Any]:
    names = {f"name_{side}": row.names.get(tag, "") for tag, side in SIDES.items()}
    abouts = {f"about_{side}": row.abouts.get(tag, "") for tag, side in SIDES.items()}
    more = {"readers": row.readers, "writers": row.writers, "kept_days": row.kept_days}
    return names | abouts | more


@bp.post("/rooms/<slug>/closed")
def set_closed(slug: str) -> Answer:
    """Close a room, or open it again."""
    row, user, closed = queries.room_at_desk(slug), reader(), request.form.get("closed") == "1"
    write(lambda on: service.set_closed(row, closed, user, on=on))
    flash(_("The room is closed.") if closed else _("The room is open."), "good")
    return redirect(url_for(".room", slug=slug), 303)


@bp.post("/reports/<ref>")
def decide(ref: str) -> Answer:
    """Agree with the reports against a message, disagree, or ignore them."""
    user, reason = reader(), said("reason")
    row, message = messages.reported_one_for(user, ref)
    outcome = request.form.get("outcome", "")
    if outcome not in OUTCOMES:
        raise Refused(_("Choose what is to be done."))
    if outcome == "agreed" and reason is None:
        raise Refused(_("Say why: its author reads it."))
    seen = request.form.get("version", 0, type=int)
    write(
        lambda on: reporting.decide(row, message, outcome, user, version=seen, reason=reason, on=on)
    )
    flash(_("Decided."), "good")
    return redirect(url_for("review.index"), 303)
