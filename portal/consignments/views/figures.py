"""Figures: kept promises, volume by month, lanes, countries, ages and incidents.

Members see those of their company at /portal/figures; staff those of all, or of the company
they choose, at /desk/figures.
"""

from functools import partial
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_login import current_user

from portal.consignments.queries import board, figures, promises
from portal.consignments.queries.figures import Cube, Wanted
from portal.consignments.shown import figures as charts
from portal.consignments.shown import sheets
from portal.consignments.shown.figures_asked import AskedFigures, choices
from portal.consignments.shown.promised import accuracy_text
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy as _l

bp = Blueprint("figures", __name__)
desk_bp = Blueprint("figures_desk", __name__)
MOST_LANES = 12  # bars
LANES_TO_CHOOSE = 60


@bp.get("")
def index() -> str:
    """Show the company's figures, as far as the address narrows them."""
    asked = AskedFigures.of(request.args)
    wanted = asked.wanted(current_user.company_id)
    return _page(
        asked,
        wanted,
        layout="layouts/member.html",
        here="figures.index",
        company_name=current_user.company_name,
    )


@desk_bp.get("")
def desk_index() -> str:
    """Show the figures of all companies, or of one."""
    asked, members = AskedFigures.of(request.args), board.members()
    wanted = asked.wanted(company_id(asked, members))
    options = [("", _("All companies")), *((ref, name) for ref, name, _id in members)]
    return _page(
        asked,
        wanted,
        layout="layouts/desk.html",
        here="figures_desk.desk_index",
        company_options=options,
        company_name=dict(options)[asked.company],
    )


def company_id(asked: AskedFigures, members: Any) -> int | None:
    """Return the company asked for, None for all. Raises NotFound if there is none such."""
    if not asked.company:
        return None
    found = [id_ for ref, _name, id_ in members if ref == asked.company]
    if not found:
        raise NotFound(_l("There is no such company."))
    return int(found[0])


def _page(asked: AskedFigures, wanted: Wanted, *, here: str, **more: Any) -> str:
    everything = figures.cube_for(current_user, Wanted(company_id=wanted.company_id))
    narrow = figures.cube_for(current_user, wanted) if wanted.lane else everything
    every_lane = Wanted(company_id=wanted.company_id)
    known = figures.lanes_for(current_user, every_lane, limit=LANES_TO_CHOOSE)
    return render_template(
        "consignments/figures.html",
        asked=asked,
        here=here,
        at_desk=here != "figures.index",
        has_any=bool(everything.cells),
        accuracy="" if asked.company else accuracy_text(promises.accuracy_for(current_user)),
        sheet_url=partial(_sheet_url, asked, here),
        **choices(asked, everything, known),
        **_volumes(asked, narrow.cut(wanted), wanted, here),
        **_now(asked, wanted, here),
        **more,
    )


def _volumes(asked: AskedFigures, cube: Cube, wanted: Wanted, here: str) -> dict[str, Any]:
    """Return what is counted by month, country, service and lane."""
    lanes = figures.lanes_for(current_user, wanted, limit=MOST_LANES)
    by_country = figures.by_volume(cube.by("country"))
    narrower = partial(_narrower, asked, here)
    return {
        "total": cube.total(),
        "months": [figure.key for figure in cube.by("month")],
        "delivered_points": charts.volume_points(cube, "delivered"),
        "ordered_points": charts.volume_points(cube, "ordered"),
        "share_points": (shares := charts.share_points(cube)),
        "share_floor": charts.share_floor(shares),
        "few": charts.FEW,
        "country_count": len(by_country),
        "country_bars": charts.country_bars(by_country, narrower),
        "service_bars": charts.service_bars(figures.by_volume(cube.by("service")), narrower),
        "lane_bars": charts.lane_bars(lanes, narrower),
        "sheets": [sheets.months(cube), sheets.countries(cube), sheets.services(cube)],
        "lane_sheet": sheets.ways(lanes),
    }


def _now(asked: AskedFigures, wanted: Wanted, here: str) -> dict[str, Any]:
    """Return what is under way, and what went wrong."""
    ages = figures.ages_for(current_user, wanted, sheets.today())
    troubles = figures.incidents_for(current_user, wanted)
    by_month = figures.incidents_by_month_for(current_user, wanted)
    return {
        "under_way": sum(age.count for age in ages),
        "overdue": sum(age.overdue for age in ages),
        "age_bars": charts.age_bars(ages, partial(_listed, asked, here)),
        "open_incidents": sum(each.open for each in troubles),
        "incident_bars": charts.incident_bars(troubles),
        "incident_points": charts.incident_points(by_month),
        "incident_sheet": sheets.incident_months(by_month),
    }


def _sheet_url(asked: AskedFigures, here: str, name: str, file_format: str) -> str:
    """Return the address of the table of a chart as a file, cut as the page is."""
    ending = "figure_table" if here == "figures.index" else "desk_figure_table"
    args: dict[str, Any] = asked.args()
    return url_for(f"exports.{ending}", name=name, format=file_format, **args)


def _narrower(asked: AskedFigures, here: str, **changes: str) -> str | None:
    """Return the address of the figures of one bar; None for the bar that is asked for."""
    args: dict[str, Any] = asked.args(**changes)
    return None if args == asked.args() else url_for(here, **args)


def _listed(asked: AskedFigures, here: str, first: str, last: str) -> str | None:
    """Return the address of the list of what is under way and was ordered between two days.

    The list cannot ask for a country, a service or a lane: then there is none.
    """
    if asked.goods():
        return None
    listing = "consignments.index" if here == "figures.index" else "consignments_desk.index"
    args = {"from": first, "to": last, "company": asked.company}
    given: dict[str, Any] = {name: value for name, value in args.items() if value}
    return url_for(listing, status=charts.UNDER_WAY, **given)
