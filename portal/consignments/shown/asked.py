"""What a reader asks of the list: read from the address, and written back to it."""

from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from werkzeug.datastructures import MultiDict

from portal.consignments.queries.many import SORTS, Filter, statuses
from portal.consignments.rules.vocabulary import BIG_STEP_TEXT, VOCABULARY, BigStep, Status
from portal.core import i18n
from portal.core.i18n import gettext as _

MOST = 200  # characters of one condition
#: Parameter of the address → field, where Python keeps the word for itself.
_NAMES = {"from": "since"}


@dataclass(frozen=True)
class Asked:
    """The conditions as they were typed; empty strings: none."""

    status: str = ""
    q: str = ""
    city: str = ""
    since: str = ""
    to: str = ""
    sort: str = ""

    @classmethod
    def of(cls, args: MultiDict[str, str]) -> "Asked":
        """Read the conditions from the address."""
        return cls(**{f.name: clean(args.get(_parameter(f.name), "")) for f in fields(cls)})

    def args(self, **changes: str) -> dict[str, str]:
        """Return the parameters of the address, with some of them changed."""
        values = {f.name: getattr(self, f.name) for f in fields(self)} | changes
        return {_parameter(name): value for name, value in values.items() if value}

    def without(self, *names: str) -> "Asked":
        """Return the same without some conditions."""
        return replace(self, **dict.fromkeys(names, ""))

    def filter(self) -> Filter:
        """Return what the queries understand; a date that is none counts as not given."""
        return Filter(
            status=statuses(self.status),
            text=self.q,
            city=self.city or None,
            ordered_from=_midnight(self.since),
            ordered_to=_midnight(self.to, days=1),
            sort=self.sort if self.sort in SORTS else "newest",
        )

    def errors(self) -> dict[str, str]:
        """Return parameter → what is wrong with it."""
        problem = _("Write the date as year-month-day, such as 2026-11-21.")
        found = {
            _parameter(name): problem
            for name in ("since", "to")
            if getattr(self, name) and _day(getattr(self, name)) is None
        }
        first, last = _day(self.since), _day(self.to)
        if first and last and last < first:
            found["to"] = _("This day lies before the first one.")
        return found

    def conditions(self) -> list[tuple[str, "Asked"]]:
        """Return each chosen condition in words, with what remains without it."""
        named = (
            (self.q, _("Contains “%(text)s”", text=self.q), ("q",)),
            (self.city, _("To %(city)s", city=self.city), ("city",)),
            (self.since or self.to, self._period(), ("since", "to")),
            (self._status_word(), self._status_word(), ("status",)),
        )
        return [(text, self.without(*names)) for given, text, names in named if given]

    def narrows(self) -> bool:
        """Whether anything is asked that could leave some out."""
        return bool(self.status or self.q or self.city or self.since or self.to)

    def _period(self) -> str:
        if self.since and self.to:
            return _("Ordered %(first)s to %(last)s", first=self.since, last=self.to)
        if self.since:
            return _("Ordered from %(first)s", first=self.since)
        return _("Ordered until %(last)s", last=self.to)

    def _status_word(self) -> str:
        """Name the status where no tab shows it."""
        if not self.status or self.status == "active" or self.status in STEPS:
            return ""
        words = [
            str(VOCABULARY[Status(s)].text) for s in statuses(self.status) if s in list(Status)
        ]
        return _("Status: %(status)s", status=_(", ").join(words) or self.status)


STEPS = tuple(f"step:{step}" for step in BigStep)


def tabs(asked: Asked, counts: dict[str, int], total: int) -> list[tuple[Any, ...]]:
    """Return the tabs above a list: (text, parameters, whether it is this one, count, red)."""
    named: list[tuple[str, Any, int]] = [
        ("", _("All"), total),
        ("active", _("Under way"), counts["active"]),
        *((f"step:{step}", BIG_STEP_TEXT[step], counts[step]) for step in BigStep),
    ]
    return [
        (
            text,
            asked.args(status=key),
            asked.status == key,
            count,
            key == "step:exception" and count,
        )
        for key, text, count in named
    ]


def clean(text: str) -> str:
    """Return typed text without what no database keeps, cut to a sane length."""
    kept = "".join(c for c in text if c.isprintable() and not "\ud800" <= c <= "\udfff")
    return kept.strip()[:MOST]


def _parameter(name: str) -> str:
    return next((shown for shown, kept in _NAMES.items() if kept == name), name)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _midnight(text: str, *, days: int = 0) -> datetime | None:
    """Return the beginning of a day of the reader's, some days on."""
    day = _day(text)
    if day is None or not 1990 <= day.year <= 2200:
        return None
    return datetime.combine(day + timedelta(days=days), time.min, i18n.zone())
