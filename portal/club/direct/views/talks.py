"""The list of talks, and one talk: read, written in, deleted for oneself."""

import secrets
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from portal.accounts.access import User
from portal.accounts.roles import ROLE_NAMES
from portal.club.direct.forms import MessageForm
from portal.club.direct.queries import messages
from portal.club.direct.queries import talks as queries
from portal.club.direct.queries.messages import Thread
from portal.club.direct.rules import OUTCOMES, TOO_NEW, most_a_day
from portal.club.direct.service import talking
from portal.club.direct.service.talking import Sent
from portal.club.direct.views.blueprint import bp, found, is_script
from portal.club.people.queries.standing import somebody_for
from portal.core import limits
from portal.core.db import end_reading, write
from portal.core.errors import PortalError, Refused
from portal.core.i18n import gettext as _
from portal.forum.queries.blocks import blocked_by
from portal.forum.service import blocking
from portal.forum.views.blueprint import check_voice, entered

Page = str | tuple[str, int] | Answer


@bp.get("")
def index() -> str:
    """Show one's talks, the last written first."""
    return render_template("club/direct/index.html", **_list())


@bp.get("/list")
def listed() -> str:
    """Return the list alone, for pages that follow it."""
    return render_template("club/direct/_list.html", **_list())


def _list() -> dict[str, Any]:
    user, _profile = entered()
    only = request.args.get("only") == "unread"
    page = queries.talks_for(user, only_unread=only, after=request.args.get("after"))
    blocked = blocked_by(user)
    unread = queries.unread_for(user)
    return {"page": page, "only": only, "blocked": blocked, "unread": unread, "roles": ROLE_NAMES}


@bp.get("/to/<handle>")
def begin(handle: str) -> Page:
    """Write to somebody for the first time; where there is a talk, go there."""
    user, profile = entered()
    other = somebody_for(user, handle)
    if (ref := queries.talk_with(user, other.person_id)) is not None:
        return redirect(url_for(".talk", ref=ref), 303)
    form = MessageForm(form_name=secrets.token_hex(16))
    is_new = most_a_day(profile.trust, is_staff=user.is_staff) == 0
    return _first(user, other, form, is_new=is_new)


def _first(user: User, other: Any, form: MessageForm, *, is_new: bool = False) -> str:
    is_me = other.person_id == user.person_id
    is_blocked = other.person_id in blocked_by(user)
    values = {"other": other, "is_me": is_me, "is_blocked": is_blocked, "roles": ROLE_NAMES}
    values["too_new"] = TOO_NEW if is_new else None
    return render_template("club/direct/begin.html", form=form, **values)


@bp.post("/to/<handle>")
def send_first(handle: str) -> Page:
    """Send the first message to somebody; what is refused stands in the form again."""
    user, profile = entered()
    other = somebody_for(user, handle)
    form = MessageForm(request.form)
    sent = _sent(other.person_id, user, profile, form)
    if sent is None:
        return _first(user, other, form), 422
    return redirect(url_for(".talk", ref=sent.ref, _anchor=f"m{sent.no}"), 303)


def _sent(to_id: int, user: User, profile: Any, form: MessageForm) -> Sent | None:
    """Return the message that was sent; None where the form says why there is none."""
    if not form.validate():
        return None
    name, text, trust = form.form_name.data or None, form.text.data, profile.trust
    try:
        check_voice(user)
        limits.spend("direct", user.person_id)
        end_reading()
        return write(lambda on: talking.send(to_id, text, user, trust=trust, form_name=name, on=on))
    except PortalError as refusal:
        form.form_errors.append(str(refusal))
        return None


@bp.get("/<ref>")
def talk(ref: str) -> str:
    """Show what was said last between two people, or around the number asked for."""
    user, _profile, row = found(ref)
    thread = _thread(user, row)
    if is_script():
        return _fragment(row, thread)
    return _shown(user, row, thread, MessageForm(form_name=secrets.token_hex(16)))


def _thread(user: User, row: Any) -> Thread:
    if (no := request.args.get("at", type=int)) is not None:
        return messages.behind(user, row, max(no, 1) - 1)
    return messages.before(user, row, request.args.get("before", type=int))


def _shown(user: User, row: Any, thread: Thread, form: MessageForm) -> str:
    is_newest = not thread.has_newer
    if is_newest:
        _mark(user, row, row.last_no)
    is_blocked = row.other_id in blocked_by(user)
    values = {"is_newest": is_newest, "is_blocked": is_blocked, "roles": ROLE_NAMES}
    new_behind = row.read_no if row.unread and row.read_no >= row.gone_no else None
    return render_template(
        "club/direct/talk.html", form=form, **values, **_values(row, thread, new_behind)
    )


def _values(row: Any, thread: Thread, new_behind: int | None = None) -> dict[str, Any]:
    return {"talk": row, "thread": thread, "outcomes": OUTCOMES, "new_behind": new_behind}


def _fragment(row: Any, thread: Thread) -> str:
    return render_template("club/direct/_part.html", **_values(row, thread))


def _mark(user: User, row: Any, no: int) -> None:
    if no > row.read_no:
        end_reading()
        write(lambda on: talking.mark(row.id, no, user, on=on))


@bp.get("/<ref>/behind")
def behind(ref: str) -> str:
    """Return what was said behind a number; ``seen``: the reader has it before his eyes."""
    user, _profile, row = found(ref)
    no = max(request.args.get("no", 0, type=int), 0)
    thread = messages.behind(user, row, no)
    if request.args.get("seen") == "1":
        _mark(user, row, min(max(no, thread.last_no), row.last_no))
    return _fragment(row, thread)


@bp.post("/<ref>")
def send(ref: str) -> Page:
    """Write: by the form, or by the page's script, which is answered with what is new."""
    user, profile, row = found(ref)
    form = MessageForm(request.form)
    sent = _sent(row.other_id, user, profile, form)
    if is_script():
        return _answered(user, ref, form, sent)
    if sent is None:
        return _shown(user, row, _thread(user, row), form), 422
    return redirect(url_for(".talk", ref=ref, _anchor=f"m{sent.no}"), 303)


def _answered(user: User, ref: str, form: MessageForm, sent: Sent | None) -> Page:
    if sent is None:
        faults = [*form.form_errors, *form.text.errors]
        return Response(" ".join(map(str, faults)), 422, mimetype="text/plain")
    row = queries.talk_for(user, ref)
    last = min(max(request.form.get("last", 0, type=int), 0), sent.no - 1)
    thread = messages.behind(user, row, last)
    _mark(user, row, thread.last_no)
    return _fragment(row, thread), 201


@bp.post("/<ref>/delete")
def forget(ref: str) -> Answer:
    """Delete a talk for oneself."""
    user, _profile, row = found(ref)
    write(lambda on: talking.forget(row.id, user, on=on))
    flash(_("The conversation is deleted for you. The other still has it."), "good")
    return redirect(url_for(".index"), 303)


@bp.post("/<ref>/block")
def block(ref: str) -> Answer:
    """Hear nothing from the other any more, or hear him again."""
    user, _profile, row = found(ref)
    if request.form.get("blocked") not in ("0", "1"):
        raise Refused(_("Choose what is to be done."))
    if request.form["blocked"] == "1":
        write(lambda on: blocking.block(user, row.other_id, on=on))
        flash(_("You hear nothing from this person any more. He is not told."), "good")
    else:
        write(lambda on: blocking.unblock(user, row.other_id, on=on))
        flash(_("You hear from this person again."), "good")
    return redirect(url_for(".talk", ref=ref), 303)
