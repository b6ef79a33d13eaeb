"""The days that a report is about, from the address, and how they stand in a chart."""

from collections.abc import Mapping
from datetime import date, timedelta
from math import ceil
from typing import Any

from portal.core import clock
from portal.core.i18n import day as said_day
from portal.core.i18n import number, percent
from portal.promotion.forms import day_of
from portal.promotion.queries.reports import MOST_DAYS, Total, summed

USUAL_DAYS = 30
COLUMNS = 31  # days in a chart; of a longer period a column is a week


def asked_days(args: Mapping[str, str]) -> tuple[date, date]:
    """Return the first and last day asked for; the last 30 days where none can be read."""
    today = day_of(clock.now())
    last = _day(args.get("to")) or today
    first = _day(args.get("from")) or last - timedelta(days=USUAL_DAYS - 1)
    if first > last:
        first, last = last, first
    return max(first, last - timedelta(days=MOST_DAYS - 1)), last


def _day(text: str | None) -> date | None:
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2100 else None


def on_chart(days: Mapping[date, Total]) -> dict[str, Any]:
    """Return points for charts: valid views, and the click rate in per cent."""
    every = list(days.items())
    step = 1 if len(every) <= COLUMNS else 7
    groups = [every[i : i + step] for i in range(0, len(every), step)]
    sums = [(group[0][0], summed([total for _, total in group])) for group in groups]
    highest = max((t.click_rate or 0) for _, t in sums)
    return {
        "by_week": step == 7,
        "ceiling": max(1, ceil(200 * highest)) / 2,  # half a per cent, so that the axis reads well
        "views": [(said_day(on), t.valid_views, number(t.valid_views)) for on, t in sums],
        "rates": [
            (said_day(on), 100 * (t.click_rate or 0), percent(t.click_rate), t.valid_views < 200)
            for on, t in sums
        ],
    }
