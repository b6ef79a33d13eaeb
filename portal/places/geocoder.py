"""The gazetteer as a geocoder of geopy: whoever knows geopy knows how to ask it."""

from typing import Any

from geopy.adapters import BaseSyncAdapter
from geopy.geocoders.base import Geocoder
from geopy.location import Location

from portal.places import queries
from portal.places.rules import Place


class NoAdapter(BaseSyncAdapter):
    """An adapter that has no way out: this geocoder opens no socket."""

    def get_json(self, url: str, *, timeout: float, headers: dict[str, str]) -> Any:
        """Refuse to fetch anything."""
        raise RuntimeError("The gazetteer is asked without a network.")

    get_text = get_json


class Gazetteer(Geocoder):
    """Geocoding over the packaged gazetteer; every ``Location.raw`` is a ``Place``."""

    def __init__(self) -> None:
        super().__init__(user_agent="quayside-portal", adapter_factory=NoAdapter)

    def geocode(
        self, query: str, *, exactly_one: bool = True, country: str | None = None, **_: Any
    ) -> Location | list[Location] | None:
        """Return the place of an address, or with ``exactly_one=False`` all that it may be."""
        if exactly_one:
            place = queries.find(query, country=country)
            return None if place is None else _location(place)
        return [_location(p) for p in queries.candidates(query, country=country)] or None

    def reverse(
        self, query: Any, *, exactly_one: bool = True, **_: Any
    ) -> Location | list[Location] | None:
        """Return the known place closest to a point; None in the middle of the sea."""
        lat, lon = map(float, self._coerce_point_to_string(query).split(","))
        near = queries.nearest(lat, lon)
        if near is None:
            return None
        return _location(near[0]) if exactly_one else [_location(near[0])]


def _location(place: Place) -> Location:
    return Location(place.name, (place.lat, place.lon, 0.0), place)
