"""Measured figures that everybody may see: sums over all companies, and none that are small."""

from typing import Any, NamedTuple

from flask import current_app

from portal.consignments.queries import figures
from portal.consignments.queries.figures import Cube, Figure, Wanted, quality
from portal.consignments.rules.durations import HOUR, Spread
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


class Measured(NamedTuple):
    """What the figures are made of: counters of all companies since the same month."""

    cube: Cube
    damages: int
    first_scan: Spread | None


_kept: dict[str, tuple[float, Measured]] = {}


def measured() -> list[dict[str, Any]]:
    """Return what is promised and measured over the last months, over all companies."""
    kept = _measured()
    cube = kept.cube.cut(Wanted(first=months_ago(MONTHS)))
    total = cube.total()
    if not total.delivered:
        return []
    period = _("Last %(months)s months", months=MONTHS)
    volume = _figure("volume", _("Consignments delivered"), number(total.delivered), period)
    reached = number(len(cube.by("country")))
    countries = _figure("countries", _("Countries and regions reached"), reached, period)
    quality = [*_first_scan(kept.first_scan, period), _damages(kept.damages, total, period)]
    return [*_on_time(total, period), *quality, volume, countries]


def _on_time(total: Figure, period: str) -> list[dict[str, Any]]:
    share = total.on_time_share
    if share is None:
        return []
    sample = _("%(count)s deliveries", count=number(total.promised))
    value = percent(share).removesuffix(" %")
    shown = _figure("on_time", _("Delivered on time"), value, period, unit="%", sample=sample)
    return [shown | {"share": share * 100}]


def _damages(damages: int, total: Figure, period: str) -> dict[str, Any]:
    value = number(round(damages * 1000 / total.delivered, 2))
    sample = _("%(count)s deliveries", count=number(total.delivered))
    return _figure("damage", _("Damaged, of a thousand"), value, period, unit="‰", sample=sample)


def _first_scan(spread: Spread | None, period: str) -> list[dict[str, Any]]:
    """Return the median time from the order to the first scan, the pick-up."""
    if spread is None:
        return []
    sample = _("median of %(count)s pick-ups", count=number(spread.deliveries))
    label, value = _("From order to first scan"), number(round(spread.usual / HOUR, 1))
    return [_figure("first_scan", label, value, period, unit=_("hours"), sample=sample)]


def charted() -> dict[str, Any] | None:
    """Return volume by month and by country of the last twelve months; None: too little."""
    cube = _measured().cube
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


def _measured() -> Measured:
    key, now = current_app.config["DATABASE_URL"], clock.now().timestamp()
    at, kept = _kept.get(key, (0.0, _NOTHING))
    if now - at > KEPT_S or current_app.testing:
        kept = _counted()
        _kept[key] = now, kept
    return kept


_NOTHING = Measured(Cube(()), 0, None)


def _counted() -> Measured:
    cube = figures.cube_public(months_ago(CHARTED))
    if not cube.cells:
        return _NOTHING
    since = months_ago(MONTHS)
    return Measured(cube, quality.damages_public(since), quality.first_scan_public(since))


def _figure(
    key: str, label: str, value: str, period: str, *, unit: str = "", sample: str = ""
) -> dict[str, Any]:
    return {
        "key": key,
        "label": label,
        "value": value,
        "unit": unit,
        "sample": sample or period,
        "period": period,
    }
