"""The figures in short, for first pages: the member's, the desk's."""

from typing import Any

from portal.accounts.access import User
from portal.consignments.queries import figures
from portal.consignments.queries.figures import Wanted
from portal.consignments.shown import figures as charts
from portal.consignments.shown import sheets
from portal.consignments.shown.figures_asked import lane_text
from portal.core.i18n import number

MONTHS = 12
LANES = 3


def months_ago(count: int) -> str:
    """Return the first of the last ``count`` months, of which this one is the last."""
    today = sheets.today()
    first = today.year * 12 + today.month - count
    return f"{first // 12}-{first % 12 + 1:02d}"


def glance_for(user: User, company_id: int | None) -> dict[str, Any]:
    """Return the last twelve months in short, and how things stand now.

    ``company_id`` None: of all companies, for those who may see them.
    """
    wanted = Wanted(first=months_ago(MONTHS), company_id=company_id)
    cube = figures.cube_for(user, wanted).cut(wanted)
    ages = figures.ages_for(user, wanted, sheets.today())
    troubles = figures.incidents_for(user, wanted)
    lanes = figures.lanes_for(user, wanted, limit=LANES)
    return {
        "total": cube.total(),
        "months": MONTHS,
        "points": charts.volume_points(cube, "delivered"),
        "under_way": sum(age.count for age in ages),
        "age_bars": charts.age_bars(ages, lambda _first, _last: None),
        "open_incidents": sum(each.open for each in troubles),
        "troubles": [(sheets.kind_text(t.kind), number(t.open)) for t in troubles if t.open],
        "lanes": [(lane.key, lane_text(lane.key), number(lane.figure.ordered)) for lane in lanes],
    }
