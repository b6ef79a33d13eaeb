"""Questions at the desk: a list with shares, writing in three languages, the plan of days."""

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from portal.club.daily.desk.blueprint import bp
from portal.club.daily.forms import ENDS, QuestionForm, question_values
from portal.club.daily.queries import quiz as queries
from portal.club.daily.queries import raffles
from portal.club.daily.rules import quiz as rules
from portal.club.daily.service import questions, quiz
from portal.core.db import write
from portal.core.errors import Invalid, PortalError
from portal.core.i18n import gettext as _
from portal.forum.views.blueprint import reader

Page = str | Answer | tuple[str, int]
WORDS_MAX = 100


@bp.get("")
def index() -> str:
    """Show the questions, the plan of the next days, the raffles."""
    user, asked = reader(), request.args
    words = asked.get("q", "").replace("\0", "")[:WORDS_MAX]
    wanted = queries.Wanted(asked.get("state", ""), asked.get("topic", ""), words)
    return render_template(
        "club/daily/desk/index.html",
        questions=queries.questions_for(user, wanted, after=asked.get("after")),
        number=queries.number_of(user, wanted),
        plan=queries.plan_for(user, quiz.today()),
        raffles=raffles.all_for(user, after=asked.get("raffles")),
        wanted=wanted,
        states=rules.STATES,
        topics=rules.TOPICS,
        share=rules.share,
        missing=rules.missing,
    )


@bp.route("/questions/new", methods=["GET", "POST"])
def new_question() -> Page:
    """Write a question."""
    form = QuestionForm(request.form or None)
    if request.method == "POST" and form.validate():
        user = reader()
        try:
            ref = write(lambda on: questions.make(form.said(), user, on=on))
            flash(_("The question is kept as a draft."), "good")
            return redirect(url_for(".question", ref=ref), 303)
        except PortalError as refusal:
            form.form_errors.append(str(refusal))
    return _page(form, None)


@bp.route("/questions/<ref>", methods=["GET", "POST"])
def question(ref: str) -> Page:
    """Change a question, see how it went, plan it, retire it."""
    user = reader()
    row = queries.question_for(user, ref)
    form = QuestionForm(request.form or None, data=question_values(row))
    if request.method == "POST" and form.validate():
        base = form.base.data or 0
        try:
            write(lambda on: questions.edit(ref, form.said(), user, base=base, on=on))
            flash(_("The question is kept."), "good")
            return redirect(url_for(".question", ref=ref), 303)
        except PortalError as refusal:
            form.form_errors.append(str(refusal))
    return _page(form, row)


def _page(form: QuestionForm, row: Any) -> Page:
    page = render_template(
        "club/daily/desk/question.html",
        form=form,
        question=row,
        ends=ENDS,
        missing=rules.missing(row.texts) if row else [],
        days=queries.days_of(reader(), row.id) if row else [],
        share=rules.share,
        states=rules.STATES,
    )
    return (page, 422) if form.errors or form.form_errors else page


@bp.post("/questions/<ref>/state")
def move(ref: str) -> Answer:
    """Let a question be asked, or retire it."""
    user, to = reader(), request.form.get("to", "")
    queries.question_for(user, ref)
    write(lambda on: questions.move(ref, to, user, on=on))
    flash(_("It is asked from now on.") if to == "ready" else _("It is retired."), "good")
    return redirect(url_for(".question", ref=ref), 303)


@bp.post("/questions/<ref>/plan")
def plan(ref: str) -> Answer:
    """Keep a question for a day; without a day for none."""
    user, day = reader(), _day(request.form.get("day", ""))
    queries.question_for(user, ref)
    write(lambda on: questions.plan(ref, day, user, on=on))
    flash(_("It is planned for that day.") if day else _("It is planned for no day."), "good")
    return redirect(url_for(".question", ref=ref), 303)


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(_("Choose a day.")) from None
