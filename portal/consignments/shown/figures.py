"""Charts of figures: points and bars as the macros of components/data.html take them."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from portal.consignments.queries.figures import Age, Cube, Figure, Lane, Trouble
from portal.consignments.rules.vocabulary import Status
from portal.consignments.service.totals import OPEN
from portal.consignments.shown import sheets
from portal.consignments.shown.figures_asked import NONE, country_text, lane_text, service_text
from portal.core.i18n import gettext as _
from portal.core.i18n import number, percent

MOST_BARS = 12  # the table behind has all
FEW = 10  # deliveries of which a share says little

Point = tuple[str, float, str]
#: Gives the address of what stands behind a bar, by what it stands for; None: nothing does.
Link = Callable[..., str | None]


def volume_points(cube: Cube, name: str) -> list[Point]:
    """Return the points of ``ordered`` or ``delivered`` by month; months without any are 0."""
    found = {figure.key: getattr(figure, name) for figure in cube.by("month")}
    return [(key, found.get(key, 0), number(found.get(key, 0))) for key in every_month(found)]


def every_month(keys: Iterable[str]) -> list[str]:
    """Return every month from the first to the last."""
    known = sorted(keys)
    if not known:
        return []
    first, last = (int(key[:4]) * 12 + int(key[5:]) - 1 for key in (known[0], known[-1]))
    return [f"{each // 12}-{each % 12 + 1:02d}" for each in range(first, last + 1)]


def share_points(cube: Cube) -> list[tuple[str, float, str, bool]]:
    """Return the share on time by month, and whether it stands on few deliveries.

    Months in which nothing was promised say nothing and are left out.
    """
    return [
        (figure.key, share * 100, f"{percent(share)}", figure.promised < FEW)
        for figure in cube.by("month")
        if (share := figure.on_time_share) is not None
    ]


def share_floor(points: Sequence[tuple[str, float, str, bool]]) -> int:
    """Return where the axis of shares begins: at the ten below the lowest, so that it is read."""
    lowest = min((point[1] for point in points), default=0)
    return max(0, int(lowest - 1) // 10 * 10)


def incident_points(found: Sequence[tuple[str, int]]) -> list[Point]:
    """Return the incidents opened by month."""
    known = dict(found)
    return [(key, known.get(key, 0), number(known.get(key, 0))) for key in every_month(known)]


def figure_bars(
    figures: Sequence[Figure], named: Callable[[str], str], link: Link
) -> list[dict[str, Any]]:
    """Return bars of deliveries with their share on time, the rest of them in one."""
    shown, rest = figures[:MOST_BARS], figures[MOST_BARS:]
    rows = [_bar(named(f.key), f, f.delivered, link(f.key)) for f in shown]
    if rest:
        amounts = ("ordered", "delivered", "promised", "on_time", "weight_g")
        others = Figure("", *(sum(getattr(f, name) for f in rest) for name in amounts))
        rows.append(_bar(_("%(count)s others", count=len(rest)), others, others.delivered, None))
    return rows


def country_bars(figures: Sequence[Figure], link: Link) -> list[dict[str, Any]]:
    """Return bars of deliveries by country."""
    return figure_bars(figures, country_text, lambda key: link(country=key or NONE))


def service_bars(figures: Sequence[Figure], link: Link) -> list[dict[str, Any]]:
    """Return bars of deliveries by service."""
    return figure_bars(figures, service_text, lambda key: link(service=key))


def lane_bars(lanes: Sequence[Lane], link: Link) -> list[dict[str, Any]]:
    """Return bars of orders by lane with the share on time."""
    return [
        _bar(lane_text(lane.key), lane.figure, lane.figure.ordered, link(lane=lane.key))
        for lane in lanes
    ]


def _bar(label: str, figure: Figure, value: int, url: str | None) -> dict[str, Any]:
    share = percent(figure.on_time_share) or "—"
    return {"label": label, "value": value, "text": number(value), "url": url, "cells": [share]}


def age_bars(ages: Sequence[Age], link: Callable[[str, str], str | None]) -> list[dict[str, Any]]:
    """Return bars of what is under way by age, the overdue part marked and counted."""
    now = sheets.today()
    return [
        {
            "label": sheets.days(age),
            "value": age.count,
            "text": number(age.count),
            "part": age.overdue,
            "cells": [number(age.overdue)],
            "url": link(*_ordered_between(age, now)) if age.count else None,
        }
        for age in ages
    ]


def _ordered_between(age: Age, now: date) -> tuple[str, str]:
    """Return the first and the last day on which goods of that age were ordered; "": any."""
    first = "" if age.last is None else (now - timedelta(days=age.last)).isoformat()
    return first, (now - timedelta(days=age.first)).isoformat()


#: Asks a list for exactly what counts as under way.
UNDER_WAY = ",".join(status for status in Status if status in OPEN)


def incident_bars(found: Sequence[Trouble]) -> list[dict[str, Any]]:
    """Return bars of open incidents by class."""
    return [
        {
            "label": sheets.kind_text(each.kind),
            "value": each.open,
            "text": number(each.open),
            "cells": [number(each.ever)],
        }
        for each in found
    ]
