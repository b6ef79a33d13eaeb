"""One's own points: what there is, why, what expires; badges; the rules."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice

from flask import Response, render_template, request

from portal.accounts.access import User
from portal.club.points import rules
from portal.club.points.queries import own
from portal.club.points.queries.own import Filter
from portal.club.points.shown import shown
from portal.club.points.views.blueprint import bp
from portal.core import clock, sheets
from portal.core.i18n import gettext as _
from portal.forum.rules.badges import GRADES, NAMES
from portal.forum.views.blueprint import entered

AT_ONCE = 500  # entries of a sheet whose causes are looked up together


def _filter() -> Filter:
    return Filter(request.args.get("kind", ""), _day("from"), _day("to"))


def _day(name: str) -> date | None:
    """Return a day that was chosen; None where what stands there is none."""
    try:
        day = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return day if 2000 <= day.year < 2200 else None


@bp.get("/points")
def index() -> str:
    """Show what somebody has, what expires when, and why he has it."""
    user, _profile = entered()
    chosen = _filter()
    page = own.entries_for(user, chosen, after=request.args.get("after"))
    return render_template(
        "club/points/index.html",
        balance=own.balance_for(user),
        account=own.account_for(user),
        lots=own.lots_for(user),
        entries=shown(page.items),
        page=page,
        filter=chosen,
        kinds_named=[(kind, rule.label) for kind, rule in rules.KINDS.items()],
        second=timedelta(seconds=1),
    )


@bp.get("/points/entries.csv")
def entries() -> Response:
    """Send the chosen entries as a sheet."""
    user, _profile = entered()
    heads = [_("When"), _("Kind"), _("What for"), _("Points"), _("Balance")]
    return sheets.attachment(heads, _rows(user, _filter()), _("points"), "csv")


def _rows(user: User, chosen: Filter) -> Iterator[list[sheets.Value]]:
    rows = own.all_entries_for(user, chosen)
    while some := list(islice(rows, AT_ONCE)):
        for each in shown(some):
            at = each.row.made_at.astimezone(clock.zone()).strftime("%Y-%m-%d %H:%M")
            yield [at, str(each.label), each.text, each.row.points, each.row.balance]


@bp.get("/points/rules")
def published() -> str:
    """Show the table that the program uses."""
    entered()
    earned = [(kind, rules.KINDS[kind]) for kind in rules.EARNED]
    return render_template("club/points/rules.html", earned=earned, rules=rules)


@bp.get("/points/badges")
def badges() -> str:
    """Show all badges, and how far somebody is."""
    user, profile = entered()
    return render_template(
        "club/points/badges.html",
        progress=own.badges_for(user, profile),
        names=NAMES,
        grades=GRADES,
    )
