"""The experts' queue: questions by their clock, and one question with all that can be done."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from portal.accounts.access import User
from portal.accounts.forms import filled, show
from portal.accounts.roles import ROLE_NAMES
from portal.core import clock, spam
from portal.core.db import AnyRow, db, transaction
from portal.core.errors import Invalid, Refused
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy as _l
from portal.learning.forms import AnswerForm
from portal.learning.queries import questions
from portal.learning.queries.questions import TABS, Wanted
from portal.learning.rules import questions as rules
from portal.learning.rules.questions import STATE_TEXT, State
from portal.learning.rules.topics import TOPICS
from portal.learning.service import asking
from portal.learning.service.asking import Words

bp = Blueprint("experts_desk", __name__)
MOVED = {
    "hidden": _l("Hidden."),
    "spam": _l("Marked as spam. It stands in that list if you want it back."),
    "open": _l("Taken back."),
    "published": _l("Everybody can read it again."),
}
TAB_NAMES = {
    "open": _l("To answer"),
    "overdue": _l("Past its clock"),
    "mine": _l("Mine"),
    "answered": _l("Answered in private"),
    "published": _l("Published"),
    "hidden": _l("Hidden"),
    "spam": _l("Spam"),
}


def asker() -> User:
    """Return who of the centre asks."""
    user: User = current_user._get_current_object()
    return user


@bp.get("")
def index() -> str:
    """Show the queue, the soonest due first."""
    tab, topic = request.args.get("tab", "open"), request.args.get("topic", "")
    wanted = Wanted(tab if tab in TABS else "open", topic if topic in TOPICS else "")
    me = asker().person_id
    counts = questions.counts(me)
    return render_template(
        "learning/desk/questions.html",
        page=questions.queue(wanted, me, request.args.get("after")),
        tabs=[_tab(name, wanted, counts) for name in TABS],
        wanted=wanted,
        topics=TOPICS,
        state_text=STATE_TEXT,
        reasons=spam.in_words,
        present=clock.now(),
    )


def _tab(name: str, wanted: Wanted, counts: dict[str, int]) -> tuple[Any, ...]:
    url = url_for(".index", tab=name, topic=wanted.topic or None)
    is_bad = name == "overdue" and counts[name] > 0
    return TAB_NAMES[name], url, name == wanted.tab, counts[name], is_bad


@bp.get("/<ref>")
def detail(ref: str) -> str:
    """Show one question."""
    return _page(ref)


@bp.post("/<ref>/answer")
def answer(ref: str) -> Any:
    """Answer in private, or in public with the edited words of the question."""
    form = AnswerForm(request.form)
    if not form.validate():
        return filled(_page(ref, form), form)
    words = Words(subject=form.public_subject.data, text=form.public_text.data)
    public = words if request.form.get("way") == "public" else None

    def work(question: AnyRow, on: Connection) -> None:
        asking.answer(question, form.text.data, public=public, by=asker(), on=on, own=_own())

    try:
        _change(ref, work)
    except (Invalid, Refused) as refusal:
        show(refusal, form)
        return _page(ref, form), refusal.status
    flash(_("Answered. Who asked gets a mail."), "good")
    return redirect(url_for(".detail", ref=ref), 303)


def _own() -> tuple[str, ...]:
    config = current_app.config
    return config["CENTRE_EMAIL"], config["CENTRE_PHONE"], config["CENTRE_FAX"]


@bp.post("/<ref>/take")
def take(ref: str) -> Response:
    """Take a question, or give it back."""
    _change(ref, lambda question, on: asking.take(question, by=asker(), on=on))
    return redirect(url_for(".detail", ref=ref), 303)


@bp.post("/<ref>/<any(hidden, spam, open, published):to>")
def move(ref: str, to: str) -> Response:
    """Hide a question, put it aside as spam, take it back, or show it again."""

    def work(question: AnyRow, on: Connection) -> None:
        if to == State.PUBLISHED:
            asking.show_again(question, by=asker(), on=on)
        else:
            asking.move(question, State(to), by=asker(), on=on)

    _change(ref, work)
    flash(str(MOVED[to]), "good")
    return redirect(url_for(".detail", ref=ref), 303)


def _change(ref: str, work: Callable[[AnyRow, Connection], None]) -> None:
    with transaction():
        work(questions.for_desk(ref, lock=True), db.session.connection())


def _page(ref: str, form: AnswerForm | None = None) -> str:
    question = questions.for_desk(ref)
    return render_template(
        "learning/desk/question_one.html",
        question=question,
        form=form or AnswerForm(**_proposed(question)),
        answers=questions.answers_of([question.id], public_only=False)[question.id],
        assigned=questions.name_of(question.assigned_id),
        me=asker().person_id,
        moves=[to for to in rules.MOVES[State(question.state)] if _is_offered(question, to)],
        topics=TOPICS,
        state_text=STATE_TEXT,
        role_names=ROLE_NAMES,
        reasons=spam.in_words(question.spam_reasons),
        present=clock.now(),
    )


def _is_offered(question: AnyRow, to: State) -> bool:
    """Return whether a move is a key of its own; publishing comes with an answer."""
    return to is not State.PUBLISHED or bool(question.public_subject and question.may_publish)


def _proposed(question: AnyRow) -> dict[str, str]:
    """Return what the learning pages would show: what they show already, else without contacts."""
    return {
        "public_subject": question.public_subject or rules.contact_free(question.subject),
        "public_text": question.public_text or rules.contact_free(question.text),
    }
