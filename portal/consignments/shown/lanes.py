"""The lanes of the home page: to which cities the centre delivers, and how much.

Everybody sees them, so that none may tell of one shipper: a city is shown once COMPANIES have
had goods delivered there. Even one of them who takes off his own sees a sum of two others.
"""

from collections import defaultdict
from typing import Any

from flask import current_app
from flask_babel import ngettext

from portal.consignments.queries.mapped import delivered_by_city
from portal.consignments.shown.facts import country_name
from portal.consignments.shown.whereabouts import name_of, of_city
from portal.core import clock, i18n, look
from portal.places import queries as places

#: Fewer shippers than this to a city, or fewer deliveries, might tell of one of them.
COMPANIES = 3
LEAST = 3
MOST = 60  # cities that are drawn
KEPT_S = 600  # seconds for which the lanes are not counted anew
_kept: dict[tuple[str, str], tuple[float, dict[str, Any] | None]] = {}


def lanes() -> dict[str, Any] | None:
    """Return the centre and the cities it delivered to in the last twelve months.

    None where too little was delivered to draw. Kept for KEPT_S: the home page is everybody's.
    """
    key = (current_app.config["DATABASE_URL"], i18n.tag())
    now = clock.now().timestamp()
    at, found = _kept.get(key, (0.0, None))
    if now - at > KEPT_S or current_app.testing:
        found = _counted()
        _kept[key] = now, found
    return found


def centre() -> dict[str, Any] | None:
    """Return name, lat and lon of the centre by its address; None where that is not found."""
    found = places.find(current_app.config["CENTRE_ADDRESS"])
    if found is None:
        return None
    return {
        "name": look.centre().name,
        "lat": found.lat,
        "lon": found.lon,
        "country": found.country,
    }


def _counted() -> dict[str, Any] | None:
    here = centre()
    if here is None:
        return None
    totals: dict[tuple[float, float], dict[str, Any]] = {}
    shippers: defaultdict[tuple[float, float], set[int]] = defaultdict(set)
    for country, city, counts in delivered_by_city():
        at = of_city(city, country)
        if at is None:
            continue
        shippers[at.point].update(counts)
        lane = totals.setdefault(
            at.point, {"name": name_of(city, country), "country": country, "count": 0}
        )
        lane |= {"lat": at.lat, "lon": at.lon, "count": lane["count"] + counts.total()}
    ends = [
        lane
        for point, lane in totals.items()
        if len(shippers[point]) >= COMPANIES and lane["count"] >= LEAST
    ]
    ends.sort(key=lambda lane: (-lane["count"], lane["name"]))
    if len(ends) < 2:
        return None
    home = here.pop("country")
    return {"centre": here, "lanes": [_said(lane, home) for lane in ends[:MOST]]}


def _said(lane: dict[str, Any], home: str | None) -> dict[str, Any]:
    abroad = lane["country"] not in ("", home)
    return lane | {
        "abroad": abroad,
        "where": country_name(lane["country"]) if abroad else "",
        "said": ngettext("%(num)d delivery", "%(num)d deliveries", lane["count"]),
    }
