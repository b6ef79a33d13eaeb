"""What a reader asks of the list: read from the address, and written back to it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from portal.core import i18n
from portal.core.i18n import gettext as _
from portal.warehousing.inbound.queries.many import Filter, statuses
from portal.warehousing.inbound.rules import states

MOST = 100  # characters of one condition
_NAMES = {"from": "since"}


@dataclass(frozen=True)
class Asked:
    """The conditions as they were typed; empty strings: none."""

    status: str = ""
    q: str = ""
    warehouse: str = ""
    company: str = ""
    since: str = ""
    to: str = ""

    @classmethod
    def of(cls, args: Mapping[str, str]) -> "Asked":
        """Read the conditions from the address."""
        return cls(**{f.name: _clean(args.get(_parameter(f.name), "")) for f in fields(cls)})

    def args(self, **changes: str) -> dict[str, str]:
        """Return the parameters of the address, with some of them changed."""
        values = {f.name: getattr(self, f.name) for f in fields(self)} | changes
        return {_parameter(name): value for name, value in values.items() if value}

    def filter(self, warehouse_id: int | None = None, company_id: int | None = None) -> Filter:
        """Return what the queries understand; ids are what the words were found to be."""
        return Filter(
            status=() if self.status == "differs" else statuses(self.status),
            text=self.q,
            warehouse_id=warehouse_id,
            company_id=company_id,
            since=_midnight(self.since),
            until=_midnight(self.to, days=1),
            differs=self.status == "differs",
        )

    def errors(self) -> dict[str, str]:
        """Return parameter → what is wrong with it."""
        problem = _("Write the date as year-month-day, such as 2026-11-21.")
        return {
            _parameter(name): problem
            for name in ("since", "to")
            if getattr(self, name) and _day(getattr(self, name)) is None
        }

    def conditions(self) -> list[tuple[str, "Asked"]]:
        """Return each chosen condition in words, with what remains without it."""
        named: tuple[tuple[str, str, tuple[str, ...]], ...] = (
            (self.q, _("Contains “%(text)s”", text=self.q), ("q",)),
            (self.warehouse, _("Warehouse: %(code)s", code=self.warehouse), ("warehouse",)),
            (self.company, _("Company: %(name)s", name=self.company), ("company",)),
            (self.since or self.to, self._period(), ("since", "to")),
        )
        return [(text, self._without(*names)) for given, text, names in named if given]

    def _without(self, *names: str) -> "Asked":
        return replace(self, **dict.fromkeys(names, ""))

    def narrows(self) -> bool:
        """Whether anything is asked that could leave some out."""
        return self != Asked()

    def _period(self) -> str:
        if self.since and self.to:
            return _("Expected %(first)s to %(last)s", first=self.since, last=self.to)
        if self.since:
            return _("Expected from %(first)s", first=self.since)
        return _("Expected until %(last)s", last=self.to)


def tabs(asked: Asked, counts: Mapping[str, int]) -> list[tuple[Any, ...]]:
    """Return the tabs above a list: (text, parameters, whether it is this one, count, red)."""
    named = (
        ("", _("All"), sum(counts.get(each, 0) for each in states.STATES)),
        ("draft", _("Drafts"), counts.get("draft", 0)),
        ("expected", _("On their way"), _sum(counts, states.EXPECTED)),
        ("here", _("At the warehouse"), _sum(counts, states.HERE)),
        ("differs", _("To be answered"), counts.get("differs", 0)),
        ("completed", _("In storage"), counts.get("completed", 0)),
        ("cancelled", _("Cancelled"), counts.get("cancelled", 0)),
    )
    return [
        (text, asked.args(status=key), asked.status == key, count, key == "differs" and count)
        for key, text, count in named
    ]


def _sum(counts: Mapping[str, int], some: tuple[str, ...]) -> int:
    return sum(counts.get(each, 0) for each in some)


def _clean(text: str) -> str:
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
    """Return the beginning of a day of the reader’s, some days on."""
    day = _day(text)
    if day is None or not 1990 <= day.year <= 2200:
        return None
    return datetime.combine(day + timedelta(days=days), time.min, i18n.zone())
