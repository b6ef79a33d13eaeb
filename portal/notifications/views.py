"""Notices of whoever is signed in, and the links that stop mails without signing in."""

from itertools import groupby
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.accounts.access import User
from portal.core import i18n, limits, pagination
from portal.core.db import db, end_reading, write
from portal.core.errors import Forbidden, NotFound
from portal.core.i18n import gettext as _
from portal.notifications import forms, mailing, queries, rules, shown
from portal.notifications.service import choosing, reading, recounting
from portal.notifications.visible import Seen

bp = Blueprint("notifications", __name__)
mail_bp = Blueprint("notice_mail", __name__)


@bp.record
def _known_to_frames(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals["unread_notices"] = _unread


def _unread() -> int | None:
    """Return what the bell of a page says; None for whoever has no bell."""
    if not current_user.is_authenticated or current_user.is_program:
        return None
    return queries.unread_of(current_user.person_id)


def _own() -> User:
    """Return who asks: a person, since programs are told nothing."""
    if current_user.is_program:
        raise Forbidden(_("This page is for people who have signed in."))
    user: User = current_user._get_current_object()
    return user


@bp.get("")
def index() -> str:
    """Show one's notices by day, the latest first."""
    user = _own()
    _settle(user)
    return render_template("notifications/index.html", **_list(user), **_frame(user))


@bp.get("/list")
def listed() -> str:
    """Return the list alone, for pages that follow it."""
    user = _own()
    _settle(user)
    return render_template("notifications/_list.html", **_list(user))


def _list(user: User) -> dict[str, Any]:
    only = request.args.get("only") == "unread"
    page = queries.notices_for(user, only_unread=only, after=request.args.get("after"))
    return {
        "days": [(day, list(each)) for day, each in groupby(page.items, _day)],
        "next": page.next,
        "only": only,
        "unread": queries.unread_of(user.person_id),
        "text_of": shown.text_of,
        "more_of": shown.more_of,
    }


def _day(seen: Seen) -> str:
    return i18n.day(seen.notice.at)


def _frame(user: User) -> dict[str, Any]:
    """Return the frame in which somebody reads: the desk's for the centre's people."""
    desk = user.is_staff and user.company_id is None
    return {"layout": "layouts/desk.html" if desk else "layouts/member.html"}


def _settle(user: User) -> None:
    """Let the count kept for somebody be that of what he may see now."""
    on = db.session.connection()
    stands = recounting.standing(user.person_id, on=on)
    if stands.read or not recounting.is_settled(user.person_id, len(stands.seen), on=on):
        end_reading()
        write(lambda on: recounting.settle(user.person_id, on=on))


@bp.get("/count")
def count() -> str:
    """Return the bell alone, with its number as it is now."""
    _settle(_own())
    return render_template("layouts/_bell.html")


@bp.get("/<int:notice_id>")
def open_one(notice_id: int) -> Response:
    """Go to what a notice is about; it is read then."""
    user = _own()
    seen = queries.notice_for(user, notice_id)
    end_reading()
    write(lambda on: reading.mark(seen.notice, on=on))
    return redirect(request.script_root + seen.path, 303)


@bp.post("/<int:notice_id>")
def read_one(notice_id: int) -> Response:
    """Let a notice be read, without going there."""
    user = _own()
    seen = queries.notice_for(user, notice_id)
    end_reading()
    write(lambda on: reading.mark(seen.notice, on=on))
    return redirect(_back(), 303)


@bp.post("")
def read_all() -> Response:
    """Let all be read that one has been told of."""
    user = _own()
    write(lambda on: reading.mark_all(user.person_id, on=on))
    flash(_("Everything counts as read."), "good")
    return redirect(_back(), 303)


def _back() -> str:
    """Return the list from which a key was pressed."""
    only = "unread" if request.form.get("only") == "unread" else None
    after = request.form.get("after") or None
    if after is not None:
        pagination.decode(after, str, int)
    return url_for(".index", only=only, after=after)


@bp.get("/settings")
def settings() -> str:
    """Show how one is told of what."""
    user = _own()
    on = db.session.connection()
    kinds = list(rules.KINDS.values())
    return render_template(
        "notifications/settings.html",
        groups=[
            (label, [kind for kind in kinds if kind.group == group])
            for group, label in rules.GROUPS.items()
        ],
        channels=rules.CHANNELS,
        chosen=choosing.choices_of(user.person_id, on=on),
        email=user.email,
        zone=choosing.zone_of(user.person_id, on).key,
        at=rules.DIGEST_AT,
        **_frame(user),
    )


@bp.post("/settings")
def choose() -> Response:
    """Keep how one wants to be told."""
    user = _own()
    wanted = forms.wanted(request.form)
    write(lambda on: choosing.choose(user.person_id, wanted, on=on))
    flash(_("Saved. It holds for what happens from now on."), "good")
    return redirect(url_for(".settings"), 303)


@mail_bp.before_request
def refuse_foreign() -> None:
    """Refuse forms that another site sends.

    Mail programs send none of these headers; that they have the link is all that they show.
    """
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    is_foreign = origin is not None and origin.partition("://")[2] != request.host
    if request.method == "POST" and (site in ("cross-site", "same-site") or is_foreign):
        raise Forbidden(_("This request came from another site."))


@mail_bp.after_request
def keep_private(response: Response) -> Response:
    """Keep the page out of caches and search engines: its address is a key."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@mail_bp.get("/<token>")
def show(token: str) -> str:
    """Show whether such mails come, with one key; opening the link alone changes nothing."""
    limits.spend("lookup")
    person_id, kind = _stopper(token)
    who = queries.person_of(person_id)
    if who is None:
        raise _no_link()
    daily = kind == choosing.DAILY
    return render_template(
        "notifications/stop.html",
        email=who.email,
        label=_("Mail of the day") if daily else rules.KINDS[kind].label,
        comes=choosing.is_mailed(person_id, kind, on=db.session.connection()),
        may_go_on=not daily,
        token=token,
    )


@mail_bp.post("/<token>")
def switch(token: str) -> Response:
    """Stop mails of one kind, or let them come again."""
    limits.spend("lookup")
    person_id, kind = _stopper(token)
    if queries.person_of(person_id) is None:
        raise _no_link()
    end_reading()
    turn = choosing.go_on if request.form.get("mails") == "on" else choosing.stop
    write(lambda on: turn(person_id, kind, on=on))
    return redirect(url_for(".show", token=token), 303)


def _stopper(token: str) -> tuple[int, str]:
    found = mailing.stopper(token)
    if found is None:
        raise _no_link()
    return found


def _no_link() -> NotFound:
    return NotFound(_("This link is not whole. Copy all of it from the mail."))
