"""An hour is held: opened, its questions taken up in their order and answered, closed."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response as Answer

from portal.accounts.access import User
from portal.accounts.roles import ROLE_NAMES
from portal.club.rooms.desk.blueprint import bp
from portal.club.rooms.forms import AnswerForm, said
from portal.club.rooms.queries import hours as queries
from portal.club.rooms.rules import hours as rules
from portal.club.rooms.service import hours as service
from portal.club.rooms.service import questions as asked
from portal.core import i18n
from portal.core.db import end_reading, write
from portal.core.errors import PortalError, Refused
from portal.core.i18n import gettext as _
from portal.forum.views.blueprint import reader

Page = str | tuple[str, int] | Answer
MOVES: dict[str, Callable[..., None]] = {
    "call": asked.call,
    "decline": asked.decline,
    "back": asked.bring_back,
}


@bp.get("/hours/<ref>")
def hour(ref: str) -> str:
    """Show an hour to its hosts: the question being answered, and those that wait."""
    user = reader()
    return _shown(user, queries.hour_for(user, ref), AnswerForm())


def _shown(user: User, row: Any, form: AnswerForm, question: Any = None) -> str:
    """Show the hour; with ``question`` an answer to it that was refused, so that it is not lost."""
    values = _list(user, row)
    current = (q for q in values["questions"] if q.state == "current")
    return render_template(
        "club/rooms/desk/hour.html",
        hosts=queries.hosts_of([row])[row.id],
        seats=queries.seats_of(row),
        states=rules.STATES,
        opens_at=rules.opens_at(row.starts_at),
        role_names=ROLE_NAMES,
        form=form,
        answering=question or next(current, None),
        zone=i18n.zone().key,
        **values,
    )


def _list(user: User, row: Any) -> dict[str, Any]:
    found = queries.questions_of(user, row)
    return {"hour": row, "questions": found, "question_states": rules.QUESTIONS}


@bp.get("/hours/<ref>/questions")
def questions(ref: str) -> str:
    """Return the questions of an hour as they stand now."""
    user = reader()
    row = queries.hour_for(user, ref)
    return render_template("club/rooms/desk/_list.html", **_list(user, row))


@bp.post("/hours/<ref>/act")
def act(ref: str) -> Answer:
    """Open, close or cancel an hour."""
    user = reader()
    row = queries.hour_for(user, ref)
    kind, reason = request.form.get("act"), said("reason")
    if kind == "open":
        write(lambda on: service.begin(row, user, on=on))
        flash(_("The hour is open. Take the first question."), "good")
    elif kind == "close":
        write(lambda on: service.close(row, user, on=on))
        flash(_("The hour is closed. It becomes a topic in a moment."), "good")
    elif kind == "cancel" and reason:
        write(lambda on: service.cancel(row, reason[: rules.REASON_MAX], user, on=on))
        flash(_("The hour is cancelled; those who signed up are told."), "good")
    else:
        raise Refused(_("Say why: those who signed up read it."))
    return redirect(url_for(".hour", ref=ref), 303)


@bp.post("/hours/<ref>/<int:no>")
def move(ref: str, no: int) -> Answer:
    """Take a question up, leave it out, or let it wait."""
    user = reader()
    row = queries.hour_for(user, ref)
    question = queries.question_for(user, row, no)
    verb = MOVES.get(request.form.get("act", ""))
    if verb is None:
        raise Refused(_("Choose what is to be done."))
    write(lambda on: verb(row, question, user, on=on))
    return redirect(url_for(".hour", ref=ref), 303)


@bp.post("/hours/<ref>/<int:no>/answer")
def answer(ref: str, no: int) -> Page:
    """Answer a question, and go on to the one with the most votes."""
    user = reader()
    row = queries.hour_for(user, ref)
    question = queries.question_for(user, row, no)
    form = AnswerForm(request.form)
    if not form.validate() or not _answered(row, question, form, user):
        return _shown(user, row, form, question), 422
    return redirect(url_for(".hour", ref=ref), 303)


def _answered(row: Any, question: Any, form: AnswerForm, user: User) -> bool:
    text = form.text.data
    end_reading()

    def work(on: Connection) -> None:
        asked.answer(row, question, text, user, on=on)
        asked.call_next(row, user, on=on)

    try:
        write(work)
    except PortalError as refusal:
        form.form_errors.append(str(refusal))
        return False
    return True
