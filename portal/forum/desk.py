"""The moderators' desk: one queue of what waits, what was done, who may not write."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response as Answer

from portal.core import clock
from portal.core.db import write
from portal.core.errors import Refused
from portal.core.i18n import gettext as _
from portal.forum import elsewhere
from portal.forum.queries import order as queries
from portal.forum.rules import order, trust
from portal.forum.service import acts, appealing, holding, reporting
from portal.forum.views.blueprint import reader

bp = Blueprint("review", __name__)
NOTE_MAX = 500  # characters
OUTCOMES = ("agreed", "disagreed", "ignored")


def _said(name: str = "reason") -> str | None:
    return " ".join(request.form.get(name, "").split())[:NOTE_MAX] or None


@bp.get("")
def index() -> str:
    """Show what waits: first texts, reports, appeals; and questions without an answer."""
    user = reader()
    reviews = queries.reviews_for(user)
    return render_template(
        "forum/desk/review.html",
        held=queries.held_for(user) if user.may("club.moderate") else [],
        reviews=reviews,
        flags=queries.flags_of(reviews),
        appeals=queries.acts_for(user, appeals=True).items if user.may("club.moderate") else [],
        unanswered=queries.unanswered_for(user),
        elsewhere=elsewhere.sections_for(user),
        reasons=order.REASONS,
        acts=order.ACTS,
    )


@bp.get("/log")
def log() -> str:
    """Show what moderators did, the newest first."""
    page = queries.acts_for(reader(), after=request.args.get("after"))
    return render_template("forum/desk/log.html", page=page, acts=order.ACTS)


@bp.post("/held/<ref>")
def held(ref: str) -> Answer:
    """Let a first text through, or refuse it with a reason."""
    user = reader()
    row = queries.held_one_for(user, ref)
    if request.form.get("act") == "approve":
        return _done(lambda on: holding.let_through(row, user, on=on), _("The text is shown."))

    def refuse(on: Connection) -> None:
        reason = _said()
        if reason is None:
            raise Refused(_("Say why: its author reads it."))
        holding.refuse(row, reason, user, on=on)

    return _done(refuse, _("The text is not shown; its author reads why."))


def _done(work: Callable[[Connection], object], said: str) -> Answer:
    """Decide, and say so above what waits now; or say why it cannot be decided so."""
    try:
        write(work)
        flash(said, "good")
    except Refused as refusal:
        flash(str(refusal), "bad")
    return redirect(url_for(".index"), 303)


@bp.post("/report/<int:review_id>")
def decide(review_id: int) -> Answer:
    """Agree with the reports against a post, disagree, or ignore them."""
    user = reader()
    row = queries.review_for(user, review_id)
    outcome = request.form.get("outcome", "")
    if outcome not in OUTCOMES:
        raise Refused(_("Choose what is to be done."))
    seen: dict[str, Any] = {"version": request.form.get("version", 0, type=int), "reason": _said()}
    return _done(lambda on: reporting.decide(row, outcome, user, **seen, on=on), _("Decided."))


@bp.post("/appeal/<ref>")
def appeal(ref: str) -> Answer:
    """Answer an appeal against what somebody else did."""
    user = reader()
    row = queries.act_for(user, ref)
    answer = _said("answer")
    if answer is None:
        raise Refused(_("Write an answer: who asked reads it."))
    right = request.form.get("act") == "reverse"
    return _done(
        lambda on: appealing.answer_appeal(row, right, answer, user, on=on), _("Answered.")
    )


@bp.route("/people/<ref>", methods=["GET", "POST"])
def person(ref: str) -> str | Answer:
    """Show somebody of the club; silence or suspend him until a day, or lift that."""
    user = reader()
    row = queries.person_for(user, ref)
    if request.method == "POST":
        return _sanctioned(row)
    return render_template(
        "forum/desk/person.html",
        person=row,
        sanctions=queries.sanctions_of(row.person_id),
        kinds=order.SANCTIONS,
        levels=trust.LEVELS,
        tomorrow=(clock.now() + timedelta(days=1)).date(),
    )


def _sanctioned(row) -> Answer:  # type: ignore[no-untyped-def]
    try:
        _sanction(row.person_id)
        flash(_("Done. The person concerned sees it and may ask for another look."), "good")
    except Refused as refusal:
        flash(str(refusal), "bad")
    return redirect(url_for(".person", ref=row.ref), 303)


def _sanction(person_id: int) -> None:
    """Decide about somebody as the form says; raises Refused for what it lacks."""
    user, reason = reader(), _said()
    if reason is None:
        raise Refused(_("Say why: the person concerned reads it."))
    if request.form.get("act") == "lift":
        write(lambda on: acts.lift(person_id, user, reason=reason, on=on))
    else:
        kind, until = request.form.get("kind", ""), _until()
        write(lambda on: acts.sanction(person_id, kind, until, user, reason=reason, on=on))


def _until() -> datetime:
    """Return the end of the day that was chosen, at the centre; raises Refused for no day."""
    try:
        day = datetime.strptime(request.form.get("until", ""), "%Y-%m-%d").date()  # noqa: DTZ007
    except ValueError:
        raise Refused(_("A sanction ends, within a year. Choose a day in the future.")) from None
    return datetime.combine(day, time(23, 59), tzinfo=clock.zone())
