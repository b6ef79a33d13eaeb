"""Figures of a company: kept promises, volume by month and by country."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, render_template, request
from flask_login import current_user

from portal.consignments.queries import figures
from portal.consignments.queries.figures import Figure
from portal.consignments.shown.asked import clean
from portal.consignments.shown.facts import country_name
from portal.core.i18n import gettext as _
from portal.core.i18n import number, percent

bp = Blueprint("figures", __name__)
MOST_COUNTRIES = 20  # bars; the table behind has all


@bp.get("")
def index() -> str:
    """Show the figures, of all time or of a year, of all countries or of one."""
    asked = {"year": _year(request.args.get("year", "")), "country": _country(request.args)}
    by_month = figures.by_month_for(current_user, **asked)
    by_country = figures.by_country_for(current_user, **asked)
    return render_template(
        "consignments/figures.html",
        total=figures.total_for(current_user, **asked),
        by_month=by_month,
        by_country=[(country_text(figure.key), figure) for figure in by_country],
        points=months(by_month),
        shares=_shares(by_month),
        bars=bars(by_country),
        asked=asked,
        **_choices(),
    )


def _shares(by_month: Sequence[Figure]) -> list[tuple[str, float, str]]:
    """Return the points of a chart of shares on time; months without a promise say nothing."""
    known = [(f.key, f.on_time_share) for f in by_month]
    return [(key, share * 100, percent(share)) for key, share in known if share is not None]


def _choices() -> dict[str, Any]:
    """Return the years and countries there are figures of."""
    years = sorted({f.key[:4] for f in figures.by_month_for(current_user)}, reverse=True)
    named = [(f.key or "none", country_text(f.key)) for f in figures.by_country_for(current_user)]
    return {
        "years": [("", _("All years")), *((year, year) for year in years)],
        "countries": [("", _("All countries and regions")), *sorted(named, key=lambda c: c[1])],
    }


def _year(given: str) -> str | None:
    return given if len(given) == 4 and given.isascii() and given.isdigit() else None


def _country(args: Any) -> str | None:
    """Return the country asked for; "none" stands for deliveries without one."""
    given = clean(args.get("country", ""))
    return "" if given == "none" else given or None


def country_text(code: str) -> str:
    """Return the name of a country, or words for none."""
    return country_name(code) or _("Not known")


def months(by_month: Sequence[Figure]) -> list[tuple[str, int, str]]:
    """Return the points of a chart of deliveries by month; months without any are 0."""
    known = {figure.key: figure.delivered for figure in by_month}
    return [(key, known.get(key, 0), number(known.get(key, 0))) for key in _every(list(known))]


def _every(keys: list[str]) -> list[str]:
    """Return every month from the first to the last."""
    if not keys:
        return []
    first, last = (int(key[:4]) * 12 + int(key[5:]) - 1 for key in (keys[0], keys[-1]))
    return [f"{each // 12}-{each % 12 + 1:02d}" for each in range(first, last + 1)]


def bars(by_country: Sequence[Figure]) -> list[tuple[str, int, str]]:
    """Return the bars of deliveries by country, the rest in one."""
    shown, rest = by_country[:MOST_COUNTRIES], by_country[MOST_COUNTRIES:]
    rows = [(country_text(f.key), f.delivered, number(f.delivered)) for f in shown]
    if rest:
        others = sum(f.delivered for f in rest)
        rows.append((_("Other countries"), others, number(others)))
    return rows
