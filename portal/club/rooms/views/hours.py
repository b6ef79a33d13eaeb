"""Question hours: which there are, one of them, signing up, asking, voting."""

import secrets
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from portal.accounts.access import User
from portal.accounts.roles import ROLE_NAMES
from portal.club.rooms.forms import QuestionForm
from portal.club.rooms.queries import hours as queries
from portal.club.rooms.queries import rooms
from portal.club.rooms.rules import hours as rules
from portal.club.rooms.service import questions, seats
from portal.club.rooms.shown import feed_token
from portal.club.rooms.views.blueprint import bp
from portal.core import clock, i18n, limits, links
from portal.core.db import end_reading, write
from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.forum.queries.blocks import blocked_by
from portal.forum.views.blueprint import check_voice, entered

Page = str | tuple[str, int] | Answer


@bp.get("/hours")
def hours() -> str:
    """Show the hours that come, and those that are over with their topics."""
    user, _profile = entered()
    coming = queries.coming_for(user)
    past = queries.past_for(user, after=request.args.get("after"))
    token = feed_token(user.person_id or 0, rooms.own_of(user)[1])
    return render_template(
        "club/rooms/hours.html",
        coming=coming,
        past=past,
        hosts=queries.hosts_of([*coming, *past.items]),
        states=rules.STATES,
        zone=i18n.zone().key,
        feed=links.abroad(url_for("hours_open.feed", token=token)),
    )


@bp.get("/hours/<ref>")
def hour(ref: str) -> str:
    """Show one hour: what it is about, who comes, what is asked and answered."""
    user, _profile = entered()
    row = queries.hour_for(user, ref)
    return _shown(user, row, QuestionForm(form_name=secrets.token_hex(16)))


def _shown(user: User, row: Any, form: QuestionForm) -> str:
    return render_template(
        "club/rooms/hour.html",
        form=form,
        zone=i18n.zone().key,
        **_values(user, row),
    )


def _values(user: User, row: Any) -> dict[str, Any]:
    asked = queries.questions_of(user, row)
    return {
        "hour": row,
        "hosts": queries.hosts_of([row])[row.id],
        "questions": asked,
        "states": rules.STATES,
        "question_states": rules.QUESTIONS,
        "blocked": blocked_by(user),
        "role_names": ROLE_NAMES,
        "takes_seats": rules.takes_seats(row.state, row.ends_at, clock.now()),
        "takes_questions": rules.takes_questions(row.state),
    }


@bp.get("/hours/<ref>/board")
def board(ref: str) -> str:
    """Return the questions of an hour as they stand now."""
    user, _profile = entered()
    row = queries.hour_for(user, ref)
    return render_template("club/rooms/_board.html", **_values(user, row))


@bp.post("/hours/<ref>/seat")
def seat(ref: str) -> Answer:
    """Sign up for an hour, or leave one's seat."""
    user, _profile = entered()
    row = queries.hour_for(user, ref)
    if request.form.get("act") == "leave":
        write(lambda on: seats.leave(row, user, on=on))
        flash(_("Your seat is free for somebody else."), "good")
    else:
        mail = request.form.get("mail") == "1"
        write(lambda on: seats.take(row, user, mail=mail, on=on))
        flash(_("You have a seat. Put the hour into your calendar."), "good")
    return redirect(url_for(".hour", ref=ref), 303)


@bp.post("/hours/<ref>")
def ask(ref: str) -> Page:
    """Ask something; what is refused stands in the form again."""
    user, _profile = entered()
    row = queries.hour_for(user, ref)
    form = QuestionForm(request.form)
    no = _asked(user, row, form)
    if no is None:
        return _shown(user, row, form), 422
    return redirect(url_for(".hour", ref=ref, _anchor=f"q{no}"), 303)


def _asked(user: User, row: Any, form: QuestionForm) -> int | None:
    if not form.validate():
        return None
    try:
        check_voice(user)
        limits.spend("post", user.person_id)
        name, text = form.form_name.data or None, form.text.data
        end_reading()
        return write(lambda on: questions.ask(row, text, user, form_name=name, on=on))
    except PortalError as refusal:
        form.form_errors.append(str(refusal))
        return None


@bp.post("/hours/<ref>/<int:no>/vote")
def vote(ref: str, no: int) -> Answer:
    """Want to hear an answer, too, or no more."""
    user, _profile = entered()
    row = queries.hour_for(user, ref)
    question = queries.question_for(user, row, no)
    check_voice(user)
    limits.spend("react", user.person_id)
    write(lambda on: questions.vote(row, question, user, on=on))
    return redirect(url_for(".hour", ref=ref, _anchor=f"q{no}"), 303)


@bp.post("/hours/<ref>/<int:no>/withdraw")
def withdraw(ref: str, no: int) -> Answer:
    """Take one's own question back."""
    user, _profile = entered()
    row = queries.hour_for(user, ref)
    question = queries.question_for(user, row, no)
    write(lambda on: questions.withdraw(row, question, user, on=on))
    return redirect(url_for(".hour", ref=ref), 303)
