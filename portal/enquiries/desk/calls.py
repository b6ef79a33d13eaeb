"""Calls to be made: in the order of their time, each in the caller's zone and in ours."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response as Answer

from portal.core import clock, spam, working
from portal.core.db import AnyRow, db, transaction
from portal.core.errors import Invalid, PortalError
from portal.core.i18n import gettext as _
from portal.enquiries import rules
from portal.enquiries.desk.blueprint import asker
from portal.enquiries.forms import AttemptForm
from portal.enquiries.queries import calls
from portal.enquiries.service import calling
from portal.enquiries.shown.sending import wrong

bp = Blueprint("calls_desk", __name__)


@bp.get("")
def index() -> str:
    """Show the calls: those to be made, or those that are over."""
    return render_template("enquiries/desk/calls.html", **_queue())


@bp.get("/list")
def rows() -> str:
    """Return the list anew, for pages that follow the inbox."""
    return render_template("enquiries/desk/_calls.html", **_queue())


def _queue() -> dict[str, Any]:
    tab = request.args.get("tab", "due")
    tab = tab if tab in calls.TABS else "due"
    page = calls.queue(tab, after=request.args.get("after"))
    place: dict[str, Any] = {n: request.args[n] for n in ("tab", "after") if n in request.args}
    return {
        "page": page,
        "tab": tab,
        "tabs": _tabs(tab),
        "tries": calls.attempts_of(page.items),
        "older": page.next and url_for(".index", tab=tab, after=page.next),
        "fragment": url_for(".rows", **place),
        **_words(),
    }


def _tabs(tab: str) -> list[tuple[Any, ...]]:
    names = {
        "due": _("To call"),
        "reached": _("Reached"),
        "closed": _("Not reached"),
        "spam": _("Spam"),
    }
    late = calls.due_count()
    return [
        (text, url_for(".index", tab=name), name == tab, late if name == "due" else None, True)
        for name, text in names.items()
    ]


def _words() -> dict[str, Any]:
    return {
        "window_in": window_in,
        "own_zone": clock.zone().key,
        "call_states": rules.CALL_STATES,
        "most_tries": rules.MAX_TRIES,
        "reasons": spam.in_words,
        "present": clock.now(),
        "me": asker().person_id,
    }


def window_in(call: Any, zone: str) -> tuple[str, str]:
    """Return day and hours of a call's window as the clock of a zone shows them."""
    begin, end = (at.astimezone(ZoneInfo(zone)) for at in (call.window_from, call.window_to))
    return f"{begin:%Y-%m-%d}", f"{begin:%H:%M}–{end:%H:%M}"


@bp.get("/<ref>")
def detail(ref: str) -> str:
    """Show one call and its tries."""
    return _page(ref)


def _page(ref: str, form: AttemptForm | None = None) -> str:
    call = calls.call(ref)
    again = working.hours().next_open(clock.now() + rules.CALL_WINDOW * 4).astimezone(clock.zone())
    usual = AttemptForm(
        again_on=again.date(), again_time=again.time().replace(second=0, microsecond=0)
    )
    return render_template(
        "enquiries/desk/call.html",
        call=call,
        tries=calls.attempts_of([call])[call.id],
        form=form or usual,
        **_words(),
    )


@bp.post("/<ref>/<any(take, give_back, spam, not_spam):act>")
def act(ref: str, act: str) -> Answer:
    """Take a call, give it back, or put it aside as spam and take it from there again."""
    works: dict[str, Callable[[AnyRow, Connection], None]] = {
        "take": lambda call, on: calling.take(call, by=asker(), on=on),
        "give_back": lambda call, on: calling.give_back(call, by=asker(), on=on),
        "spam": lambda call, on: calling.mark(call, is_spam=True, by=asker(), on=on),
        "not_spam": lambda call, on: calling.mark(call, is_spam=False, by=asker(), on=on),
    }
    with transaction():
        works[act](calls.call(ref, lock=True), db.session.connection())
    return redirect(url_for(".detail", ref=ref))


@bp.post("/<ref>/attempt")
def attempt(ref: str) -> Answer | tuple[str, int]:
    """Keep what came of a try."""
    form = AttemptForm(request.form)
    outcome = request.form.get("outcome", "")
    if outcome not in (rules.REACHED, rules.NOT_REACHED):
        raise Invalid(_("Say whether you reached the caller."))
    if not form.validate():
        return _page(ref, form), 422
    try:
        _attempt(ref, outcome, form)
    except PortalError as refusal:
        wrong(form, refusal)
        return _page(ref, form), 422
    flash(_("Kept."), "good")
    return redirect(url_for(".index"))


def _attempt(ref: str, outcome: str, form: AttemptForm) -> None:
    with transaction():
        calling.attempt(
            calls.call(ref, lock=True),
            outcome,
            note=form.note.data or None,
            again_at=form.again_at(),
            by=asker(),
            on=db.session.connection(),
        )
