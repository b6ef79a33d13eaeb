"""Where things are, for maps: from co-ordinates that were given, else from the words of a place.

Words are looked up in the gazetteer, which remembers what it was asked: the same hubs and cities
come again and again. What was found without much confidence is said to be unsure, and drawn so.
"""

from dataclasses import dataclass
from typing import Any

from portal.consignments.rules.vocabulary import Status
from portal.consignments.rules.whereabouts import SET_OUT, side_of
from portal.core import i18n
from portal.places import queries as places
from portal.places.rules import is_low

ONE_PLACE = 0.025  # degrees: some two kilometres


@dataclass(frozen=True)
class Whereabouts:
    """A named point (WGS 84), and whether it is sure enough to be believed."""

    name: str
    lat: float
    lon: float
    is_sure: bool

    @property
    def point(self) -> tuple[float, float]:
        """Return latitude and longitude to the hundred metres."""
        return round(self.lat, 3), round(self.lon, 3)

    def is_at(self, other: "Whereabouts") -> bool:
        """Return whether both are so near to each other that a map draws them as one."""
        return abs(self.lat - other.lat) < ONE_PLACE and abs(self.lon - other.lon) < ONE_PLACE


def of_words(
    code: str, text: str, *, city: str | None = None, country: str | None = None
) -> Whereabouts | None:
    """Return where the words of an event's place lie; None where they say nothing.

    Between two hubs only the words of the haul are known, not how far it has come: unsure.
    """
    found = places.find(text, city=city, country=country)
    if found is None or found.kind == "country":
        return None
    is_sure = not found.is_low and code != Status.IN_TRANSIT
    return Whereabouts(text, found.lat, found.lon, is_sure)


def of_city(city: str | None, country: str | None) -> Whereabouts | None:
    """Return the centre of a city, under the name it was given; never anything nearer."""
    found = places.find(city, country=country or None) if city else None
    if found is None or found.kind not in ("city", "county"):
        return None
    return Whereabouts(city or "", found.lat, found.lon, not found.is_low)


def name_of(city: str, country: str) -> str:
    """Return the name of a city as everybody may read it, "" where no place is known by it.

    As it was written, or in letters for who reads no Chinese. What people wrote beside the name
    may tell of somebody: then it is the name that the gazetteer has.
    """
    found = places.find(city, country=country or None)
    if found is None:
        return ""
    in_letters = i18n.tag() == "en" and not city.isascii()
    if places.is_name(city) and not in_letters:
        return city
    return (found.name_en or found.name).partition(",")[0] if in_letters else found.name


def of_party(row: Any, side: str) -> Whereabouts | None:
    """Return where the consignor or the consignee of a consignment is.

    ``side`` is the start of its columns.
    """
    lat, lon = getattr(row, f"{side}_lat"), getattr(row, f"{side}_lon")
    city, country = getattr(row, f"{side}_city"), getattr(row, f"{side}_country")
    if lat is None or lon is None:
        return of_city(city, country)
    confidence = getattr(row, f"{side}_confidence", None)
    return Whereabouts(city or "", lat, lon, confidence is None or not is_low(confidence))


def of_event(row: Any, event: Any) -> Whereabouts | None:
    """Return where a tracking event of the consignment ``row`` happened; None: nobody knows."""
    side = side_of(event.code)
    if event.lat is not None and event.lon is not None:
        return Whereabouts(event.place or "", event.lat, event.lon, is_sure=True)
    if event.place:
        city, country = _city(row, side), _country(row, side)
        if (said := of_words(event.code, event.place, city=city, country=country)) is not None:
            return said
    return of_party(row, side) if side else None


def of_now(row: Any) -> Whereabouts | None:
    """Return where a consignment is, from its latest event and its status.

    Between two known places it is where it set out, unsure.
    """
    known = of_event(row, _Latest(row.status, row.last_place, row.event_lat, row.event_lon))
    if known is not None or row.status not in SET_OUT:
        return known
    start = of_party(row, "consignor")
    return start and Whereabouts(start.name, start.lat, start.lon, is_sure=False)


@dataclass(frozen=True)
class _Latest:
    code: str
    place: str | None
    lat: float | None
    lon: float | None


def _city(row: Any, side: str | None) -> str | None:
    return getattr(row, f"{side}_city") if side else None


def _country(row: Any, side: str | None) -> str | None:
    """Return the country in which words are looked for: one that both parties share, at least."""
    if side:
        return getattr(row, f"{side}_country") or None
    both = {getattr(row, "consignor_country", None), row.consignee_country}
    return both.pop() if len(both) == 1 else None
