"""The page of today: check-in, the question, raffles, games, the reading corner."""

from datetime import date, timedelta
from typing import Any

from babel.dates import format_skeleton
from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import get_locale, ngettext
from werkzeug.wrappers import Response as Answer

from portal.accounts.access import User
from portal.club.daily.queries import quiz as questions
from portal.club.daily.queries import raffles, reading
from portal.club.daily.queries import visits as seen
from portal.club.daily.queries.quiz import Asked
from portal.club.daily.rules import visits as rules
from portal.club.daily.rules.visits import Why
from portal.club.daily.service import quiz, visits
from portal.club.daily.service.visits import Done
from portal.club.daily.views.blueprint import bp
from portal.club.points.rules import KINDS
from portal.core import i18n, limits
from portal.core.db import end_reading, write
from portal.core.i18n import gettext as _
from portal.forum.views.blueprint import entered

RAFFLES = 4  # that stand on the page


@bp.get("")
def index() -> str:
    """Show what there is today."""
    user, _profile = entered()
    standing = seen.standing_of(user)
    return render_template(
        "club/daily/index.html",
        standing=standing,
        month=_month(user, standing.today),
        question=_question(user),
        quiz_streak=standing.row.quiz_streak if quiz.is_alive(standing.row) else 0,
        before=_yesterday(user),
        raffles=raffles.running_for(user)[:RAFFLES],
        drawn=raffles.ended_for(user, size=2).items,
        games="games.index" in current_app.view_functions,
        reading=reading.reading_of(user, i18n.tag()),
        points=KINDS,
        rewarded=rules.REWARDED,
        every=rules.EVERY,
    )


def _month(user: User, today: date) -> dict[str, Any]:
    """Return what the calendar of the month asked for shows."""
    first_day = seen.first_day(user)
    first = rules.month_of(request.args.get("month"), today, first_day)
    done, rested = seen.days_in(user, first)
    earlier, later = rules.next_month(first, -1), rules.next_month(first)
    return {
        "name": format_skeleton("yMMMM", first, locale=get_locale()),
        "weeks": rules.weeks_of(first),
        "done": done,
        "rested": rested,
        "earlier": f"{earlier:%Y-%m}" if first_day and first_day < first else None,
        "later": f"{later:%Y-%m}" if later <= today else None,
    }


def _question(user: User) -> Asked | None:
    """Return the question of today, chosen now where nobody came before."""
    day = quiz.today()
    row = questions.day_of(day)
    if row is None:
        end_reading()
        secret = current_app.config["SECRET_KEY"]
        row = write(lambda on: quiz.ask(day, secret, on=on))
    return None if row is None else questions.asked_for(user, row, i18n.tag())


def _yesterday(user: User) -> Asked | None:
    row = questions.day_of(quiz.today() - timedelta(days=1))
    return None if row is None else questions.asked_for(user, row, i18n.tag(), is_over=True)


@bp.post("/check-in")
def check_in() -> Answer:
    """Check in; once more on the same day changes nothing."""
    user, _profile = entered()
    limits.spend("daily", user.person_id)
    zone = request.form.get("zone")
    end_reading()
    done = write(lambda on: visits.check_in(user, zone, on=on))
    flash(_said(done), "good" if done.why is None else "now")
    return redirect(url_for(".index", _anchor="check-in"), 303)


def _said(done: Done) -> str:
    if done.why is Why.SAME_DAY:
        return _("You have checked in today. Tomorrow goes on.")
    if done.why is Why.TOO_SOON:
        return _("You are in another time zone. You can check in 20 hours after the last time.")
    text = ngettext("Day %(num)d in a row.", "Day %(num)d in a row.", done.streak)
    if done.forgave:
        text = _("%(text)s The day you missed is forgiven.", text=text)
    if done.points:
        points = ngettext("%(num)d point", "%(num)d points", done.points)
        text = _("%(text)s It brought %(points)s.", text=text, points=points)
    return text


@bp.post("/quiz")
def answer() -> Answer:
    """Answer the question of today."""
    user, _profile = entered()
    limits.spend("daily", user.person_id)
    day, place = request.form.get("day", ""), request.form.get("place")
    end_reading()
    write(lambda on: quiz.answer(user, day, place, on=on))
    return redirect(url_for(".index", _anchor="quiz"), 303)
