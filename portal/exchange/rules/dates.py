"""Days and instants in the many ways sheets write them."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache

from portal.core.i18n import lazy as _l
from portal.exchange.rules import cells
from portal.exchange.rules.problems import Unreadable

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
ORDERS = ("dmy", "mdy")
PIVOT = 70  # two-digit years: 70 to 99 are 19xx, POSIX says 69
SERIAL_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet's days have no zone
SERIALS = range(20_000, 80_000)  # 1954 to 2119
YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
DAY_NAME = re.compile(r"(\d{1,2})[-/. ]*([A-Za-z]{3,9})[-/., ]*(\d{4}|\d{2})(?!\d)")
NAME_DAY = re.compile(r"([A-Za-z]{3,9})\.?[- ]*(\d{1,2})(?:st|nd|rd|th)?[-, ]+(\d{4}|\d{2})(?!\d)")
NUMERIC = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
CLOCK = re.compile(
    r"[T ]*(上午|下午|am|pm)?\s*(\d{1,2})[:时時点](\d{2})(?:[:分](\d{2})(?:\.\d+)?)?\s*[分秒]?"
    r"\s*(am|pm)?\s*(Z|[+-]\d\d:?\d\d)?",
    re.IGNORECASE,
)


@lru_cache(cells.REMEMBERED)
def moment(given: str, order: str = "") -> date | datetime:
    """Return a date, or a datetime (aware if the cell names its offset) where a time stands.

    ``order`` (dmy or mdy) says how this column's numeric dates run; with a dot the day is
    always first. Empty accepts only those that can be read one way. Raises Unreadable.
    """
    clean = unicodedata.normalize("NFKC", cells.text(given, 60))
    found = _serial(clean)
    if found is not None:
        return found
    day, rest = _day(clean, order)
    return _with_clock(day, rest) if rest.strip() else day


def on(given: str, order: str = "") -> date:
    """Return the day alone."""
    found = moment(given, order)
    return found.date() if isinstance(found, datetime) else found


def instant(value: date | datetime, zone: tzinfo, *, end_of_day: bool = False) -> str:
    """Return ISO 8601 with offset; a bare day begins (or ends) at ``zone``'s midnight."""
    if not isinstance(value, datetime):
        value = datetime.combine(value, time(23, 59) if end_of_day else time())
    return (value if value.tzinfo else value.replace(tzinfo=zone)).isoformat()


def _serial(clean: str) -> date | datetime | None:
    if not re.fullmatch(r"\d{5}(?:\.\d+)?", clean) or int(clean[:5]) not in SERIALS:
        return None
    found = SERIAL_ZERO + timedelta(seconds=round(float(clean) * 86_400))
    return found.date() if found.time() == time() else found


def _day(clean: str, order: str) -> tuple[date, str]:
    if found := YEAR_FIRST.match(clean) or COMPACT.match(clean):
        return _date(found[1], int(found[2]), found[3]), clean[found.end() :]
    if found := DAY_NAME.match(clean):
        return _date(found[3], _month(found[2]), found[1]), clean[found.end() :]
    if found := NAME_DAY.match(clean):
        return _date(found[3], _month(found[1]), found[2]), clean[found.end() :]
    if found := NUMERIC.match(clean):
        day, month = _ordered(found, order)
        return _date(found[4], month, day), clean[found.end() :]
    raise _no_date()


def _ordered(found: re.Match[str], order: str) -> tuple[int, int]:
    """Return (day, month) of a numeric date."""
    first, second = int(found[1]), int(found[3])
    if found[2] == "." or first > 12 or first == second:
        return first, second
    if second > 12:
        return second, first
    if order not in ORDERS:
        raise Unreadable(
            _l("Day and month cannot be told apart here. Choose how this column writes dates.")
        )
    return (first, second) if order == "dmy" else (second, first)


def _month(name: str) -> int:
    if name[:3].lower() not in MONTHS:
        raise _no_date()
    return MONTHS.index(name[:3].lower()) + 1


def _date(year: str, month: int, day: str | int) -> date:
    full = int(year)
    if len(year) == 2:
        full += 1900 if full >= PIVOT else 2000
    try:
        found = date(full, month, int(day))
    except ValueError:
        raise Unreadable(_l("There is no such day in the calendar.")) from None
    if not 1950 <= full <= 2100:
        raise Unreadable(_l("This date is too far away."))
    return found


def _with_clock(day: date, rest: str) -> datetime:
    found = CLOCK.fullmatch(rest.strip(" ,"))
    if found is None:
        raise _no_date()
    half = (found[1] or found[5] or "").lower()
    hour = int(found[2])
    if half in ("pm", "下午") and hour < 12:
        hour += 12
    elif half in ("am", "上午") and hour == 12:
        hour = 0
    try:
        at = time(hour, int(found[3]), int(found[4] or 0))
        return datetime.combine(day, at, _offset(found[6]))
    except ValueError:
        raise Unreadable(_l("There is no such time of day.")) from None


def _offset(given: str | None) -> tzinfo | None:
    if not given:
        return None
    if given in "Zz":
        return timezone.utc  # noqa: UP017
    sign = -1 if given[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(given[1:3]), minutes=int(given[-2:])))


def _no_date() -> Unreadable:
    return Unreadable(_l("This is not a date. Write it like 2026-11-21 or 2026-11-21 15:30."))


@lru_cache(cells.REMEMBERED)
def hint(given: str) -> str:
    """Return which order a numeric date proves: dmy, mdy, ``either``, or nothing."""
    found = NUMERIC.match(given.strip())
    if found is None or found[2] == ".":
        return ""
    first, second = int(found[1]), int(found[3])
    if first == second:
        return ""
    return "dmy" if first > 12 else "mdy" if second > 12 else "either"


def order_of(hints: Iterable[str], default: str = "dmy") -> str:
    """Return the order a column's hints prove, ``default`` where all are open.

    Empty when the hints contradict each other: then each open date must be asked about.
    """
    seen = set(hints)
    if {"dmy", "mdy"} <= seen:
        return ""
    return "mdy" if "mdy" in seen else "dmy" if "dmy" in seen else default
