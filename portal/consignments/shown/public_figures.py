"""Measured figures that everybody may see: sums over all companies, and none that are small."""

from typing import Any

from flask import current_app

from portal.consignments.queries import figures
from portal.consignments.queries.figures import Cube, Figure, Wanted
from portal.consignments.shown import figures as charts
from portal.consignments.shown.figures_asked import country_text
from portal.consignments.shown.glance import months_ago
from portal.core import clock
from portal.core.i18n import gettext as _
from portal.core.i18n import number, percent

MONTHS = 3  # of which the figures speak
CHARTED = 12  # months
MOST_COUNTRIES = 8
#: A country with fewer deliveries stands among the others.
LEAST = 20
KEPT_S = 300  # seconds for which nothing is counted anew: the home page is everybody's
_kept: dict[str, tuple[float, Cube]] = {}


def measured() -> list[dict[str, Any]]:
    """Return on-time share and volume of the last months, over all companies."""
    cube = _cube().cut(Wanted(first=months_ago(MONTHS)))
    total = cube.total()
    if not total.delivered:
        return []
    period = _("Last %(months)s months", months=MONTHS)
    volume = _figure(_("Consignments delivered"), number(total.delivered), "", period, period)
    reached = number(len(cube.by("country")))
    countries = _figure(_("Countries and regions reached"), reached, "", period, period)
    return [*_on_time(total, period), volume, countries]


def _on_time(total: Figure, period: str) -> list[dict[str, Any]]:
    share = total.on_time_share
    if share is None:
        return []
    sample = _("%(count)s deliveries", count=number(total.promised))
    shown = _figure(_("Delivered on time"), percent(share).removesuffix(" %"), "%", sample, period)
    return [shown | {"share": share * 100}]


def charted() -> dict[str, Any] | None:
    """Return volume by month and by country of the last twelve months; None: too little."""
    cube = _cube()
    if not cube.cells:
        return None
    return {
        "points": charts.volume_points(cube, "delivered"),
        "bars": _bars(figures.by_volume(cube.by("country"))),
        "period": _("Last %(months)s months", months=CHARTED),
        "sample": _("%(count)s deliveries", count=number(cube.total().delivered)),
    }


def _bars(countries: list[Figure]) -> list[tuple[str, int, str]]:
    named = [f for f in countries[:MOST_COUNTRIES] if f.delivered >= LEAST and f.key]
    rows = [(country_text(f.key), f.delivered, number(f.delivered)) for f in named]
    others = sum(f.delivered for f in countries) - sum(f.delivered for f in named)
    return [*rows, (_("Other countries"), others, number(others))] if others else rows


def _cube() -> Cube:
    key, now = current_app.config["DATABASE_URL"], clock.now().timestamp()
    at, cube = _kept.get(key, (0.0, Cube(())))
    if now - at > KEPT_S or current_app.testing:
        cube = figures.cube_public(months_ago(CHARTED))
        _kept[key] = now, cube
    return cube


def _figure(label: str, value: str, unit: str, sample: str, period: str) -> dict[str, Any]:
    return {"label": label, "value": value, "unit": unit, "sample": sample, "period": period}
