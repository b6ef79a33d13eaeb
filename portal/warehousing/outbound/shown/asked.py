"""What a reader asks of the list of orders: read from the address, and written back to it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from portal.core import clock, i18n
from portal.core.i18n import gettext as _
from portal.core.i18n import pgettext
from portal.warehousing.outbound.forms.typed import clean
from portal.warehousing.outbound.queries.many import SORTS, TABS, Filter, statuses_of
from portal.warehousing.outbound.rules import orders as rules

MOST = 200  # characters of one condition
#: Parameter of the address → field, where Python keeps the word for itself.
_NAMES = {"from": "since"}


@dataclass(frozen=True)
class Asked:
    """The conditions as they were typed; empty strings: none."""

    status: str = ""
    q: str = ""
    warehouse: str = ""
    company: str = ""
    service: str = ""
    policy: str = ""
    late: str = ""
    since: str = ""
    to: str = ""
    sort: str = ""

    @classmethod
    def of(cls, args: Mapping[str, str]) -> "Asked":
        """Read the conditions from the address."""
        return cls(**{f.name: clean(args.get(_parameter(f.name), ""))[:MOST] for f in fields(cls)})

    def args(self, **changes: str) -> dict[str, str]:
        """Return the parameters of the address, with some of them changed."""
        values = {f.name: getattr(self, f.name) for f in fields(self)} | changes
        return {_parameter(name): value for name, value in values.items() if value}

    def filter(
        self, *, warehouses: Mapping[str, int], companies: Mapping[str, int] | None = None
    ) -> Filter:
        """Return what the queries understand; what is unknown shows nothing rather than all."""
        return Filter(
            statuses=statuses_of(self.status),
            text=self.q,
            warehouse_id=warehouses.get(self.warehouse, 0) if self.warehouse else None,
            company_id=(companies or {}).get(self.company, 0) if self.company else None,
            service=self.service or None,
            policy=self.policy or None,
            late_at=clock.now() if self.late else None,
            since=_midnight(self.since),
            until=_midnight(self.to, days=1),
            sort=self.sort if self.sort in SORTS else "newest",
        )

    def conditions(self, names: Mapping[str, str] | None = None) -> list[tuple[str, "Asked"]]:
        """Return each chosen condition in words, with what remains without it."""
        company = (names or {}).get(self.company, self.company)
        named = (
            ("q", _("Contains “%(text)s”", text=self.q)),
            ("warehouse", _("Warehouse %(code)s", code=self.warehouse)),
            ("company", _("Company: %(name)s", name=company)),
            ("service", str(rules.SERVICES.get(self.service, self.service))),
            ("policy", str(rules.POLICIES.get(self.policy, self.policy))),
            ("late", _("Overdue")),
            ("since", _("Ordered from %(first)s", first=self.since)),
            ("to", _("Ordered until %(last)s", last=self.to)),
        )
        found = [(text, replace(self, **{name: ""})) for name, text in named if getattr(self, name)]
        if self.status and self.status not in TABS:
            words = [
                str(rules.STATUSES[s]) for s in statuses_of(self.status) if s in rules.STATUSES
            ]
            text = _("Status: %(status)s", status=_(", ").join(words) or self.status)
            found.append((text, replace(self, status="")))
        return found

    def narrows(self) -> bool:
        """Whether anything is asked that could leave some out."""
        return any(getattr(self, f.name) for f in fields(self) if f.name != "sort")


def tabs(asked: Asked, counts: Mapping[str, int]) -> list[tuple[Any, ...]]:
    """Return the tabs above a list: (text, parameters, whether it is this one, count, red)."""
    named = {
        "": _("All"),
        "open": _("Under way"),
        "waiting": pgettext("outbound", "Waiting"),
        "ready": pgettext("outbound", "Ready"),
        "floor": _("On the floor"),
        "staged": _("To be fetched"),
        "shipped": pgettext("outbound", "Shipped"),
        "draft": _("Drafts"),
        "cancelled": _("Cancelled"),
    }
    uncounted = ("", "shipped", "cancelled")
    return [
        (
            text,
            asked.args(status=tab),
            asked.status == tab,
            None if tab in uncounted else sum(counts.get(status, 0) for status in TABS[tab]),
            tab == "waiting" and any(counts.get(status) for status in TABS[tab]),
        )
        for tab, text in named.items()
    ]


def sorts() -> list[tuple[str, str]]:
    """Return the orders that the list can have: (parameter, words)."""
    return [("newest", _("Newest first")), ("due", _("Due first"))]


def _parameter(name: str) -> str:
    return next((shown for shown, kept in _NAMES.items() if kept == name), name)


def _midnight(text: str, *, days: int = 0) -> datetime | None:
    """Return the beginning of a day of the reader's, some days on."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    if not 1990 <= day.year <= 2200:
        return None
    return datetime.combine(day + timedelta(days=days), time.min, i18n.zone())
