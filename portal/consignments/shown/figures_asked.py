"""Which figures a reader asks for: read from the address, and written back to it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from werkzeug.datastructures import MultiDict

from portal.consignments.queries.figures import Cube, Lane, Wanted
from portal.consignments.rules import lanes
from portal.consignments.rules.promise import Service
from portal.consignments.shown.asked import clean
from portal.consignments.shown.facts import SERVICE_TEXT, country_name
from portal.core.i18n import gettext as _

NONE = "none"  # stands for consignees whose country is not known
_MONTH = re.compile(r"[12]\d{3}-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True)
class AskedFigures:
    """The conditions as they stand in the address; empty strings: none."""

    first: str = ""
    last: str = ""
    country: str = ""
    service: str = ""
    lane: str = ""
    company: str = ""

    @classmethod
    def of(cls, args: MultiDict[str, str]) -> "AskedFigures":
        """Read the conditions; what cannot be meant counts as not given."""
        given = {field.name: clean(args.get(field.name, "")) for field in fields(cls)}
        first, last = (_month(given[name]) for name in ("first", "last"))
        if first and last and last < first:
            first, last = last, first
        lane = given["lane"] if lanes.is_lane(given["lane"]) else ""
        service = given["service"] if given["service"] in list(Service) else ""
        return cls(**{**given, "first": first, "last": last, "lane": lane, "service": service})

    def wanted(self, company_id: int | None = None) -> Wanted:
        """Return what the queries understand."""
        return Wanted(
            first=self.first or None,
            last=self.last or None,
            country="" if self.country == NONE else self.country or None,
            service=self.service or None,
            lane=self.lane or None,
            company_id=company_id,
        )

    def args(self, **changes: str) -> dict[str, str]:
        """Return the parameters of the address, with some of them changed."""
        values = {f.name: getattr(self, f.name) for f in fields(self)} | changes
        return {name: value for name, value in values.items() if value}

    def narrows(self) -> bool:
        """Return whether anything is asked that could leave some out."""
        return bool(self.args(company=""))

    def conditions(self) -> list[str]:
        """Return what is asked for in words, so that paper tells it too."""
        period = _("%(first)s to %(last)s", first=self.first or "…", last=self.last or "…")
        country = country_text("" if self.country == NONE else self.country)
        known = (
            (self.first or self.last, period),
            (self.country, country),
            (self.service, service_text(self.service)),
            (self.lane, lane_text(self.lane) if self.lane else ""),
        )
        return [words for given, words in known if given]

    def goods(self) -> bool:
        """Return whether only some goods are asked for: incidents are not told apart so."""
        return bool(self.country or self.service or self.lane)


def _month(text: str) -> str:
    return text if _MONTH.fullmatch(text) else ""


def choices(asked: AskedFigures, everything: Cube, known: Iterable[Lane]) -> dict[str, Any]:
    """Return the options of the form, of what there are figures of; what is asked is among them."""
    months = [figure.key for figure in reversed(everything.by("month"))]
    countries = [(f.key or NONE, country_text(f.key)) for f in everything.by("country")]
    services = [(f.key, service_text(f.key)) for f in everything.by("service")]
    ways = [(lane.key, lane_text(lane.key)) for lane in known]
    return {
        "first_months": _with(asked.first, _("From the first"), [(m, m) for m in months]),
        "last_months": _with(asked.last, _("Until now"), [(m, m) for m in months]),
        "countries": _with(
            asked.country,
            _("All countries and regions"),
            sorted(countries, key=lambda each: each[1]),
        ),
        "services": _with(asked.service, _("All services"), services),
        "lanes": _with(
            asked.lane, _("All lanes"), ways, lane_text(asked.lane) if asked.lane else ""
        ),
    }


def _with(
    asked: str, every: str, options: list[tuple[str, str]], text: str = ""
) -> list[tuple[str, str]]:
    """Return the options behind the one for all of them, and what is asked if it is missing."""
    missing = [(asked, text or asked)] if asked and asked not in dict(options) else []
    return [("", every), *missing, *options]


def country_text(code: str) -> str:
    """Return the name of a country, or words for none."""
    return country_name(code) or _("Not known")


def service_text(code: str) -> str:
    """Return the name of a service."""
    return str(SERVICE_TEXT[Service(code)]) if code in list(Service) else code


def lane_text(lane: str) -> str:
    """Return a lane for people: from where to where."""
    from_country, from_city, to_country, to_city = lanes.ends_of(lane)
    return f"{_place(from_country, from_city)} → {_place(to_country, to_city)}"


def _place(country: str, city: str) -> str:
    return city or country_text(country)
