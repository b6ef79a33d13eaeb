"""The club in figures, for those who look after it."""

from typing import Any

from flask import Blueprint, render_template, request
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.accounts.access import User
from portal.club.figures import queries, rules, shown
from portal.core import sheets
from portal.core.i18n import gettext as _
from portal.core.i18n import pgettext
from portal.forum.queries.order import unanswered_for
from portal.forum.rules import trust

bp = Blueprint("club_desk", __name__)


def _user() -> User:
    user: User = current_user._get_current_object()
    return user


@bp.get("")
def index() -> str:
    """Show who is active, what is asked and answered, what waits and how long."""
    user, number = _user(), rules.period(request.args.get("weeks"))
    asked = rules.weeks_back(number)
    weeks = queries.weeks_for(user, asked)
    return render_template(
        "club/figures/index.html",
        number=number,
        periods=rules.PERIODS,
        weeks=weeks,
        answers=queries.answers_for(user, asked),
        held=queries.held_for(user, asked),
        reports=queries.reports_for(user, asked),
        unanswered=unanswered_for(user),
        levels=_levels(user),
        space_bars=shown.space_bars(queries.spaces_for(user, asked)),
        points={name: shown.points(weeks, name) for name in ("writers", "readers", "posts")},
        total=lambda name: shown.total(weeks, name),
        share=shown.share,
        lasted=shown.lasted,
        age=lambda at: shown.lasted(queries.age_s(at)),
    )


def _levels(user: User) -> list[tuple[str, int, str]]:
    people = queries.trust_for(user)
    return [
        (str(level.name), people.get(number, 0), str(people.get(number, 0)))
        for number, level in enumerate(trust.LEVELS)
    ]


@bp.get("/weeks.<any(csv, xlsx):file_format>")
def weeks_table(file_format: str) -> Response:
    """Give the weeks of the period as a file."""
    asked = rules.weeks_back(rules.period(request.args.get("weeks")))
    heads = [_("Week from"), _("Wrote"), _("Came"), *_heads()]
    rows: Any = (
        [week.week, week.writers, week.readers, *(getattr(week, name) for name in rules.COUNTED)]
        for week in queries.weeks_for(_user(), asked)
    )
    return sheets.attachment(heads, rows, "club-weeks", file_format)


@bp.get("/spaces.<any(csv, xlsx):file_format>")
def spaces_table(file_format: str) -> Response:
    """Give the spaces compared as a file."""
    asked = rules.weeks_back(rules.period(request.args.get("weeks")))
    rows: Any = (
        [shown.name_of(row.names), *(getattr(row, name) for name in rules.COUNTED)]
        for row in queries.spaces_for(_user(), asked)
    )
    return sheets.attachment(
        [pgettext("club", "Space"), *_heads()], rows, "club-spaces", file_format
    )


def _heads() -> list[str]:
    """Return what rules.COUNTED is called."""
    return [_("New topics"), _("Posts"), _("Questions"), _("With a reply"), _("Solved")]
