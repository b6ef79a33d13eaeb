"""Polls in a topic: begun, voted in, closed."""

from datetime import datetime, time
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from portal.core import clock, limits
from portal.core.db import end_reading, write
from portal.core.errors import PortalError, Refused
from portal.core.i18n import gettext as _
from portal.forum.forms import PollForm, TopicForm
from portal.forum.queries import polls as queries
from portal.forum.queries import topics
from portal.forum.rules import polls as rules
from portal.forum.service import polls as service
from portal.forum.service.polls import Asked
from portal.forum.views.blueprint import bp, check_voice, entered

Page = str | tuple[str, int] | Answer


def asked_in(form: PollForm | TopicForm) -> Asked | None:
    """Return the poll that a form asks for; None where it asks for none.

    Raises Refused for what no poll can be.
    """
    if not form.poll.data and not form.choices.data:
        return None
    if not form.poll.data:
        raise Refused(_("Your poll has choices, but no question."))
    ends_at = None
    if form.ends.data:
        ends_at = datetime.combine(form.ends.data, time(23, 59), tzinfo=clock.zone())
    rules.check_end(ends_at, clock.now())
    choices = rules.choices_of(form.choices.data or "")
    most = min(form.most.data or 1, len(choices))
    return Asked(
        question=form.poll.data,
        choices=choices,
        most=most,
        shown=form.shown.data,
        ends_at=ends_at,
    )


@bp.route("/t/<ref>/polls/new", methods=["GET", "POST"])
def new_poll(ref: str) -> Page:
    """Add a poll to a topic of one's own."""
    user, _profile = entered()
    check_voice(user)
    row = topics.topic_for(user, ref)
    service.check_may(row, user)
    form = PollForm(request.form)
    if request.method == "POST" and form.validate() and _is_begun(row, form, user):
        return redirect(url_for(".topic", ref=ref, post=1, _anchor="polls"), 303)
    page = render_template("forum/poll.html", topic=row, form=form)
    return (page, 422) if form.errors else page


def _is_begun(row: Any, form: PollForm, user: Any) -> bool:
    try:
        asked = asked_in(form)
        if asked is not None:
            limits.spend("post", user.person_id)
            end_reading()
            write(lambda on: service.begin(row, asked, user, on=on))
    except PortalError as refusal:
        form.form_errors.append(str(refusal))
        return False
    return True


@bp.get("/t/<ref>/polls")
def polls(ref: str) -> str:
    """Show the polls of a topic, for a page that is open."""
    user, _profile = entered()
    row = topics.topic_for(user, ref)
    return render_template("forum/_poll.html", topic=row, polls=queries.polls_for(user, row))


@bp.post("/t/<ref>/polls/<poll_ref>")
def vote(ref: str, poll_ref: str) -> Answer:
    """Vote, vote otherwise, take one's vote back; or close one's own poll."""
    user, _profile = entered()
    row = topics.topic_for(user, ref)
    poll = queries.poll_for(user, row, poll_ref)
    check_voice(user)
    act = request.form.get("act")
    if act == "close":
        end_reading()
        write(lambda on: service.close(row, poll, user, on=on))
        flash(_("The poll has ended. Its counts are shown to everybody here."), "good")
        return _back(ref)
    chosen = set(request.form.getlist("no", type=int)) if act != "withdraw" else set()
    if not chosen and act != "withdraw":
        raise Refused(_("Choose something first, or take your vote back."))
    limits.spend("react", user.person_id)
    end_reading()
    write(lambda on: service.vote(row, poll, chosen, user, on=on))
    return _back(ref)


def _back(ref: str) -> Answer:
    return redirect(url_for(".topic", ref=ref, _anchor="polls"), 303)
