"""The list of rooms, and one room: what is said there, older and newer, who is there."""

import secrets
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from portal.accounts.access import User
from portal.accounts.roles import ROLE_NAMES
from portal.club.rooms.forms import MessageForm
from portal.club.rooms.queries import hours, messages
from portal.club.rooms.queries import rooms as queries
from portal.club.rooms.queries.messages import Talk
from portal.club.rooms.rules import rooms as rules
from portal.club.rooms.service import rooms as service
from portal.club.rooms.service import talking
from portal.club.rooms.views.blueprint import bp, is_script
from portal.core import clock, i18n, limits
from portal.core.db import end_reading, write
from portal.core.errors import PortalError
from portal.forum.queries.blocks import blocked_by
from portal.forum.queries.spaces import reader_of
from portal.forum.views.blueprint import check_voice, entered

Page = str | tuple[str, int] | Answer


@bp.get("")
def index() -> str:
    """Show the rooms, what is unread in each, and the next question hours."""
    user, _profile = entered()
    coming = hours.coming_for(user)[:3]
    return render_template(
        "club/rooms/index.html",
        rooms=queries.rooms_for(user),
        people=queries.people_counts(),
        is_invisible=queries.own_of(user)[0],
        hours=coming,
        hosts=hours.hosts_of(coming),
        zone=i18n.zone().key,
    )


@bp.get("/<slug>")
def room(slug: str) -> str:
    """Show what was said last in a room, or around the number asked for."""
    user, profile = entered()
    row = queries.room_for(user, slug)
    if is_script():
        talk = messages.before(user, row, request.args.get("before", type=int))
        return _fragment(user, row, talk)
    return _shown(user, profile, row, MessageForm(form_name=secrets.token_hex(16)))


def _talk(user: User, row: Any) -> Talk:
    if (no := request.args.get("at", type=int)) is not None:
        return messages.behind(user, row, max(no, 1) - 1)
    return messages.before(user, row, request.args.get("before", type=int))


def _shown(user: User, profile: Any, row: Any, form: MessageForm) -> str:
    talk = _talk(user, row)
    is_newest = not talk.has_newer
    if is_newest:
        _mark(user, row, row.last_no)
    reader = reader_of(user, profile)
    may_write = rules.may_write(row.writers, row.closed_at is not None, reader)
    return render_template(
        "club/rooms/room.html",
        talk=talk,
        is_newest=is_newest,
        form=form,
        may_write=may_write,
        is_slow=profile.trust == 0 and not user.is_staff,
        people=queries.people_in(user, row),
        is_invisible=queries.own_of(user)[0],
        **_values(user, row),
    )


def _values(user: User, row: Any) -> dict[str, Any]:
    return {
        "room": row,
        "blocked": blocked_by(user),
        "role_names": ROLE_NAMES,
        "now_at": clock.now(),
        "may_take_back": rules.may_take_back,
        "unread_behind": row.read_no if 0 < row.read_no < row.last_no else None,
    }


def _fragment(user: User, row: Any, talk: Talk) -> str:
    values = _values(user, row) | {"unread_behind": None}
    return render_template("club/rooms/_part.html", talk=talk, **values)


def _mark(user: User, row: Any, no: int) -> None:
    if no > row.read_no and user.person_id is not None:
        person_id = user.person_id
        end_reading()
        write(lambda on: service.mark(row.id, no, person_id, on=on))


@bp.get("/<slug>/behind")
def behind(slug: str) -> str:
    """Return what was said behind a number; ``seen``: the reader has it before his eyes."""
    user, _profile = entered()
    row = queries.room_for(user, slug)
    talk = messages.behind(user, row, max(request.args.get("no", 0, type=int), 0))
    if request.args.get("seen") == "1" and talk.messages:
        _mark(user, row, talk.last_no)
    return _fragment(user, row, talk)


@bp.get("/<slug>/here")
def here(slug: str) -> str:
    """Return the list of who is in a room now."""
    user, _profile = entered()
    row = queries.room_for(user, slug)
    return render_template("club/rooms/_here.html", room=row, people=queries.people_in(user, row))


@bp.post("/<slug>")
def say(slug: str) -> Page:
    """Say something: by the form, or by the page's script, which is answered with what is new."""
    user, profile = entered()
    row = queries.room_for(user, slug)
    form = MessageForm(request.form)
    no = _said(user, profile, row, form)
    if is_script():
        return _answered(user, row, form, no)
    if no is None:
        return _shown(user, profile, row, form), 422
    return redirect(url_for(".room", slug=slug, _anchor="say"), 303)


def _said(user: User, profile: Any, row: Any, form: MessageForm) -> int | None:
    """Return the number of the message; None where the form says why there is none."""
    if not form.validate():
        return None
    try:
        rules.check_write(row.writers, row.closed_at is not None, reader_of(user, profile))
        check_voice(user)
        limits.spend("chat", user.person_id)
        name, text, trust = form.form_name.data or None, form.text.data, profile.trust
        end_reading()
        return write(lambda on: talking.say(row, text, user, trust=trust, form_name=name, on=on))
    except PortalError as refusal:
        form.form_errors.append(str(refusal))
        return None


def _answered(user: User, row: Any, form: MessageForm, no: int | None) -> Page:
    if no is None:
        faults = [*form.form_errors, *form.text.errors]
        return Response(" ".join(map(str, faults)), 422, mimetype="text/plain")
    last = min(max(request.form.get("last", 0, type=int), 0), no - 1)
    talk = messages.behind(user, row, last)
    _mark(user, row, talk.last_no)
    return _fragment(user, row, talk), 201


@bp.post("/settings")
def settings() -> Answer:
    """Stand in no list of who is here, or stand there again."""
    user, _profile = entered()
    invisible, person_id = request.form.get("invisible") == "1", user.person_id
    if person_id is not None:
        write(lambda on: service.set_invisible(person_id, invisible, on=on))
    slug = request.form.get("room", "")
    known = {row.slug for row in queries.rooms_for(user)}
    return redirect(url_for(".room", slug=slug) if slug in known else url_for(".index"), 303)
