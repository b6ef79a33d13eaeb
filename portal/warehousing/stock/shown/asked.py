"""What a reader asks of stock and its movements: read from the address, and written back."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from portal.core import clock, i18n
from portal.core.errors import FieldError, Invalid
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy as _l
from portal.warehousing.ledger.queries.entries import Wanted as WantedEntries
from portal.warehousing.ledger.rules import KINDS
from portal.warehousing.stock import rules
from portal.warehousing.stock.queries.levels import SHOWS, Wanted

MOST = 100  # characters of one condition
A = TypeVar("A", bound="_Asked")


def clean(text: str) -> str:
    """Return typed text without what no database keeps, cut to a sane length."""
    kept = "".join(c for c in text if c.isprintable() and not "\ud800" <= c <= "\udfff")
    return kept.strip()[:MOST]


def moment(text: str) -> datetime | None:
    """Return the moment that is asked for: a day means its end; None: what cannot be one.

    Times without an offset are those of the reader's clock.
    """
    try:
        if len(text) == 10:
            end = datetime.combine(date.fromisoformat(text), time.max, i18n.zone())
            return end if 1990 <= end.year <= 2200 else None
        found = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        return None
    if not 1990 <= found.year <= 2200:
        return None
    return found if found.tzinfo else found.replace(tzinfo=i18n.zone())


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
    return day if day is not None and 1990 <= day.year <= 2200 else None


@dataclass(frozen=True)
class _Asked:
    """Conditions as they were typed; empty strings: none."""

    @classmethod
    def of(cls: type[A], args: Mapping[str, str]) -> A:
        """Read the conditions from the address."""
        return cls(**{f.name: clean(args.get(_parameter(f.name), "")) for f in fields(cls)})

    def args(self, **changes: str) -> dict[str, str]:
        """Return the parameters of the address, with some of them changed."""
        values = {f.name: getattr(self, f.name) for f in fields(self)} | changes
        return {_parameter(name): value for name, value in values.items() if value}

    def _without(self: A, named: Any) -> list[tuple[str, A]]:
        return [
            (words, replace(self, **dict.fromkeys(names, "")))
            for given, words, names in named
            if given
        ]


def _parameter(name: str) -> str:
    return {"since": "from"}.get(name, name)


@dataclass(frozen=True)
class Asked(_Asked):
    """What of the stock somebody wants to see."""

    q: str = ""
    show: str = ""
    warehouse: str = ""
    lot: str = ""
    days: str = ""
    as_of: str = ""
    company: str = ""

    @property
    def expiring_days(self) -> int:
        """Within how many days goods count as expiring soon."""
        plain = self.days if self.days.isascii() and self.days.isdigit() else ""
        return min(int(plain[:4]), rules.MOST_DAYS) if plain else rules.EXPIRING

    @property
    def expiring_until(self) -> date:
        """Return the last day that counts as soon."""
        return clock.now().astimezone(clock.zone()).date() + timedelta(days=self.expiring_days)

    def at(self) -> datetime | None:
        """Return the moment asked for; None: now. Raises Invalid for what is none."""
        if not self.as_of:
            return None
        found = moment(self.as_of)
        if found is None:
            sentence = _l("Write a day (2026-11-20) or a time (2026-11-20T15:00).")
            raise Invalid(_l("Please check what you entered."), [FieldError("as_of", sentence)])
        return None if found >= clock.now() else found

    def wanted(self, **more: Any) -> Wanted:
        """Return what the queries understand."""
        return Wanted(
            text=self.q,
            show=self.show if self.show in SHOWS else "",
            lot=self.lot,
            expiring_until=self.expiring_until,
            **more,
        )

    def conditions(self) -> list[tuple[str, "Asked"]]:
        """Return each chosen condition in words, with what remains without it."""
        named = (
            (self.q, _("Contains “%(text)s”", text=self.q), ("q",)),
            (self.warehouse, _("Warehouse %(code)s", code=self.warehouse), ("warehouse",)),
            (self.lot, _("Lot %(code)s", code=self.lot), ("lot",)),
            (self.days, _("Expiring within %(days)s days", days=self.expiring_days), ("days",)),
            (self.as_of, _("As of %(moment)s", moment=self.as_of.replace("T", " ")), ("as_of",)),
        )
        return self._without(named)

    def narrows(self) -> bool:
        """Whether anything is asked that could leave some out."""
        return bool(self.q or self.show or self.warehouse or self.lot or self.company)


@dataclass(frozen=True)
class AskedEntries(_Asked):
    """Which movements somebody wants to see."""

    sku: str = ""
    kind: str = ""
    document: str = ""
    warehouse: str = ""
    lot: str = ""
    since: str = ""
    to: str = ""
    company: str = ""

    def wanted(self, **more: Any) -> WantedEntries:
        """Return what the queries understand; a day that is none counts as not given."""
        first, last = _day(self.since), _day(self.to)
        return WantedEntries(
            kind=self.kind if self.kind in KINDS else "",
            document=self.document.upper(),
            lot=self.lot,
            since=_midnight(first) if first else None,
            until=_midnight(last + timedelta(days=1)) if last else None,
            **more,
        )

    def conditions(self) -> list[tuple[str, "AskedEntries"]]:
        """Return each chosen condition in words, with what remains without it."""
        kind = str(KINDS.get(self.kind, self.kind))
        named = (
            (self.sku, _("Article %(code)s", code=self.sku), ("sku",)),
            (self.kind, kind, ("kind",)),
            (self.document, _("Document %(ref)s", ref=self.document), ("document",)),
            (self.warehouse, _("Warehouse %(code)s", code=self.warehouse), ("warehouse",)),
            (self.lot, _("Lot %(code)s", code=self.lot), ("lot",)),
            (self.since, _("From %(day)s", day=self.since), ("since",)),
            (self.to, _("Until %(day)s", day=self.to), ("to",)),
        )
        return self._without(named)

    def errors(self) -> dict[str, str]:
        """Return parameter → what is wrong with it."""
        problem = _("Write the date as year-month-day, such as 2026-11-21.")
        given = (("from", self.since), ("to", self.to))
        return {name: problem for name, text in given if text and _day(text) is None}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, i18n.zone())
