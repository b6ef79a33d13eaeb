"""One message: reported, removed by moderators, taken back by its author."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from portal.accounts.access import User
from portal.accounts.roles import ROLE_NAMES
from portal.club.rooms.forms import said
from portal.club.rooms.queries import messages, rooms
from portal.club.rooms.queries.messages import Talk
from portal.club.rooms.rules import rooms as rules
from portal.club.rooms.service import reporting, talking
from portal.club.rooms.views.blueprint import bp
from portal.core import clock, limits
from portal.core.db import write
from portal.core.errors import NotFound, Refused
from portal.core.i18n import gettext as _
from portal.forum.queries.blocks import blocked_by
from portal.forum.rules import order
from portal.forum.views.blueprint import entered


def _found(slug: str, no: int) -> tuple[User, Any, Any, Any]:
    user, profile = entered()
    room = rooms.room_for(user, slug)
    return user, profile, room, messages.message_for(user, room, no)


def _back(slug: str, no: int) -> Answer:
    return redirect(url_for(".room", slug=slug, at=max(no - 5, 1), _anchor=f"m{no}"), 303)


@bp.get("/<slug>/<int:no>")
def message(slug: str, no: int) -> str:
    """Show one message and what may be done with it."""
    user, _profile, room, row = _found(slug, no)
    return render_template(
        "club/rooms/message.html",
        room=room,
        message=row,
        reasons=order.REASONS,
        may_take_back=_fresh(user, row),
        role_names=ROLE_NAMES,
    )


def _fresh(user: User, row: Any) -> bool:
    at, now = row.created_at, clock.now()
    fresh = rules.may_take_back(row.author_id, user.person_id, at, now)
    return fresh and row.state == "visible"


@bp.get("/<slug>/<int:no>/part")
def part(slug: str, no: int) -> str:
    """Return one message as it stands in the room now, for pages that follow it."""
    user, _profile = entered()
    room = rooms.room_for(user, slug)
    row = messages.message_in(user, room, no)
    if row is None:
        raise NotFound(_("There is no such message in this room."))
    return render_template(
        "club/rooms/_part.html",
        room=room,
        talk=Talk([row]),
        blocked=blocked_by(user),
        role_names=ROLE_NAMES,
        now_at=clock.now(),
        may_take_back=rules.may_take_back,
        unread_behind=None,
    )


@bp.post("/<slug>/<int:no>/report")
def report(slug: str, no: int) -> Answer:
    """Report a message to the moderators."""
    user, profile, room, row = _found(slug, no)
    limits.spend("report", user.person_id)
    reason, text, trust = request.form.get("reason", ""), said("note"), profile.trust
    write(
        lambda on: reporting.report(room, row, user, reason=reason, text=text, trust=trust, on=on)
    )
    flash(_("Thank you. A moderator looks at it; what was decided is told to its author."), "good")
    return redirect(url_for(".room", slug=slug), 303)


@bp.post("/<slug>/<int:no>/back")
def take_back(slug: str, no: int) -> Answer:
    """Take one's own message back."""
    user, _profile, room, row = _found(slug, no)
    write(lambda on: talking.take_back(room, row, user, on=on))
    return _back(slug, no)


@bp.post("/<slug>/<int:no>/shown")
def show(slug: str, no: int) -> Answer:
    """Remove a message with a reason, or show it again."""
    user, _profile, room, row = _found(slug, no)
    reason = said("reason")
    if request.form.get("shown") == "1":
        write(lambda on: talking.show_again(room, row, user, reason=reason, on=on))
        return _back(slug, no)
    if reason is None:
        raise Refused(_("Say why: its author reads it."))
    write(lambda on: talking.remove(room, row, user, reason=reason, on=on))
    return _back(slug, no)
