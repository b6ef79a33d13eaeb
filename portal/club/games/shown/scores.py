"""What a score is made of, as rows of a table, and why a round may not count."""

from datetime import date
from typing import Any

from babel.dates import format_date

from portal.club.games.rules import route, sort, truck, weeks
from portal.core import clock, i18n
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy as _l

#: For every log that cannot come from playing: no hint at what was found.
NOT_COUNTED = _l(
    "This round could not be counted, because its moves do not follow from one another. "
    "It leaves no score and no other trace; you can play on."
)

Rows = list[tuple[str, str]]


def rows_of(game: str, parts: dict[str, Any]) -> Rows:
    """Return (what, how much) of a counted round."""
    return {"truck": _truck, "route": _route, "sort": _sort}[game](parts)


def _truck(parts: dict[str, Any]) -> Rows:
    number = i18n.number
    return [
        (
            _("Loaded"),
            _(
                "%(loaded)s of %(of)s, %(share)s of the volume",
                loaded=number(parts["loaded"]),
                of=number(parts["of"]),
                share=i18n.percent(parts["volume"] / 1000),
            ),
        ),
        (_("Moved out of the way at stops"), _("%(n)s times", n=number(parts["rehandled"]))),
        (_("On the front axle"), i18n.weight(parts["front"] * 1000)),
        (_("On the rear axle"), i18n.weight(parts["rear"] * 1000)),
        (_("Off the middle"), _("%(cm)s cm", cm=number(parts["side"]))),
    ]


def _route(parts: dict[str, Any]) -> Rows:
    hours, minutes = divmod(parts["end"] // 60, 60)
    return [
        (_("Driven"), _("%(km)s km", km=i18n.number(parts["metres"] / 1000, 1))),
        (_("Late, all stops together"), _("%(n)s min", n=i18n.number(parts["late"] // 60))),
        (_("Back at the centre"), f"{hours:02d}:{minutes:02d}"),
        (_("Counts as"), _("%(km)s km", km=i18n.number(parts["cost"] / 1000, 1))),
        (_("Our own tour"), _("%(km)s km", km=i18n.number(parts["reference"] / 1000, 1))),
    ]


def _sort(parts: dict[str, Any]) -> Rows:
    number = i18n.number
    return [
        (_("Sorted right"), number(parts["right"])),
        (_("Sorted wrong"), number(parts["wrong"])),
        (_("Missed"), number(parts["missed"])),
        (_("Longest run without a mistake"), number(parts["streak"])),
    ]


#: The numbers that the pages of rules name: those that the rules use.
NUMBERS = {
    "truck": {
        "support": truck.SUPPORT,
        "all_in": truck.ALL_IN,
        "rehandled": truck.REHANDLED,
        "axle": truck.AXLE_OVER,
        "side": truck.TO_ONE_SIDE,
        "side_free": truck.SIDE_FREE,
    },
    "route": {
        "late": route.LATE_M,
        "speed": 360 // route.SECONDS_PER_100_M,
        "full": route.FULL,
        "most": route.MOST,
    },
    "sort": {
        "right": sort.RIGHT,
        "streak": sort.STREAK,
        "speed": sort.SPEED,
        "wrong": -sort.WRONG,
        "missed": -sort.MISSED,
        "pauses": sort.PAUSES,
    },
}


def week_name(week: str) -> str:
    """Return what a week is called: ``Week 47, 16 Nov to 22 Nov``. Raises NotFound."""
    first, last = weeks.days_of(week)
    return _(
        "Week %(number)s, %(first)s to %(last)s",
        number=int(week[-2:]),
        first=_day(first),
        last=_day(last),
    )


def _day(on: date) -> str:
    """Return a day by its date, also where it is today."""
    is_near = on.year == clock.now().year
    if i18n.tag() == "en":
        return str(format_date(on, "d MMM" if is_near else "d MMM y", locale="en_GB"))
    return f"{on:%m-%d}" if is_near else f"{on:%Y-%m-%d}"
