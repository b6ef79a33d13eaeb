"""The tables behind the charts: shown beside them, and sent as CSV or XLSX."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from portal.accounts.access import User
from portal.consignments.queries import figures
from portal.consignments.queries.figures import Age, Cube, Figure, Lane, Trouble, Wanted
from portal.consignments.rules import lanes
from portal.consignments.rules.incident_words import KIND_TEXT
from portal.consignments.shown.figures_asked import country_text, service_text
from portal.core import clock
from portal.core.i18n import gettext as _
from portal.core.i18n import number, percent

MOST_LANES = 5000  # rows of the table that is sent; the page shows the first


@dataclass(frozen=True)
class Sheet:
    """A table: columns (heading, kind: text, number, share or weight) and rows of raw values."""

    name: str  # in addresses
    title: str
    columns: tuple[tuple[str, str], ...]
    rows: list[tuple[Any, ...]]

    def headers(self) -> list[str]:
        """Return the headings, units included, for programs."""
        return [f"{text} (kg)" if kind == "weight" else text for text, kind in self.columns]

    def values(self) -> list[list[Any]]:
        """Return the rows for programs: shares as fractions, weights in kilograms."""
        kinds = [kind for _text, kind in self.columns]
        return [[_value(v, k) for v, k in zip(row, kinds, strict=True)] for row in self.rows]

    def texts(self) -> list[list[str]]:
        """Return the rows for people."""
        kinds = [kind for _text, kind in self.columns]
        return [[_text(v, k) for v, k in zip(row, kinds, strict=True)] for row in self.rows]


def _value(value: Any, kind: str) -> Any:
    if value is None:
        return None
    if kind == "share":
        return round(value, 4)
    return Decimal(value).scaleb(-3) if kind == "weight" else value


def _text(value: Any, kind: str) -> str:
    if kind == "share":
        return percent(value) or "—"
    if kind == "weight":
        return f"{number(round(value / 1000))} kg"
    return number(value) if kind == "number" else str(value)


def _columns(*headings: str) -> tuple[tuple[str, str], ...]:
    return (
        *((heading, "text") for heading in headings),
        (_("Ordered"), "number"),
        (_("Delivered"), "number"),
        (_("With a planned time"), "number"),
        (_("On time"), "number"),
        (_("Share on time"), "share"),
        (_("Weight"), "weight"),
    )


def _amounts(figure: Figure) -> tuple[Any, ...]:
    return (
        figure.ordered,
        figure.delivered,
        figure.promised,
        figure.on_time,
        figure.on_time_share,
        figure.weight_g,
    )


def months(cube: Cube) -> Sheet:
    """Return the table by month."""
    rows = [(figure.key, *_amounts(figure)) for figure in cube.by("month")]
    return Sheet("month", _("By month"), _columns(_("Month")), rows)


def countries(cube: Cube) -> Sheet:
    """Return the table by country of the consignee, the largest first."""
    by_volume = figures.by_volume(cube.by("country"))
    rows = [(country_text(figure.key), *_amounts(figure)) for figure in by_volume]
    return Sheet("country", _("By country or region"), _columns(_("Country or region")), rows)


def services(cube: Cube) -> Sheet:
    """Return the table by service."""
    by_volume = figures.by_volume(cube.by("service"))
    rows = [(service_text(figure.key), *_amounts(figure)) for figure in by_volume]
    return Sheet("service", _("By service"), _columns(_("Service")), rows)


def ways(found: Iterable[Lane]) -> Sheet:
    """Return the table by lane."""
    headings = (_("From city"), _("From country"), _("To city"), _("To country"))
    rows = [(*_ends(lane.key), *_amounts(lane.figure)) for lane in found]
    return Sheet("lane", _("By lane"), _columns(*headings), rows)


def _ends(lane: str) -> tuple[str, str, str, str]:
    from_country, from_city, to_country, to_city = lanes.ends_of(lane)
    return from_city or "—", country_text(from_country), to_city or "—", country_text(to_country)


def ages(found: Iterable[Age]) -> Sheet:
    """Return the table of what is under way by age."""
    columns = (
        (_("Days since the order"), "text"),
        (_("Under way"), "number"),
        (_("Past the promised day"), "number"),
    )
    rows = [(days(age), age.count, age.overdue) for age in found]
    return Sheet("age", _("Under way by age"), columns, rows)


def days(age: Age) -> str:
    """Return an age in words that fit before a bar."""
    if age.last is None:
        return _("%(days)s days or more", days=age.first)
    if age.first == 0:
        return _("Up to 1 day")
    return _("%(first)s–%(last)s days", first=age.first, last=age.last)


def incidents(found: Iterable[Trouble]) -> Sheet:
    """Return the table of incidents by class."""
    columns = ((_("Incident"), "text"), (_("Open"), "number"), (_("So far"), "number"))
    rows = [(kind_text(each.kind), each.open, each.ever) for each in found]
    return Sheet("incident", _("Incidents by class"), columns, rows)


def kind_text(kind: str) -> str:
    """Return the name of a class of incidents."""
    return str(KIND_TEXT.get(kind, kind))


def incident_months(found: Iterable[tuple[str, int]]) -> Sheet:
    """Return the table of incidents by month."""
    columns = ((_("Month"), "text"), (_("Incidents"), "number"))
    return Sheet("incident_month", _("Incidents by month"), columns, list(found))


def _cut(user: User, wanted: Wanted) -> Cube:
    return figures.cube_for(user, wanted).cut(wanted)


#: Name in addresses → what makes the table for somebody.
SHEETS: dict[str, Callable[[User, Wanted], Sheet]] = {
    "month": lambda user, wanted: months(_cut(user, wanted)),
    "country": lambda user, wanted: countries(_cut(user, wanted)),
    "service": lambda user, wanted: services(_cut(user, wanted)),
    "lane": lambda user, wanted: ways(figures.lanes_for(user, wanted, limit=MOST_LANES)),
    "age": lambda user, wanted: ages(figures.ages_for(user, wanted, today())),
    "incident": lambda user, wanted: incidents(figures.incidents_for(user, wanted)),
    "incident_month": lambda user, wanted: incident_months(
        figures.incidents_by_month_for(user, wanted)
    ),
}


def today() -> Any:
    """Return the present day in the centre's zone."""
    return clock.now().astimezone(clock.zone()).date()
