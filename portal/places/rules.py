"""What a place is, when co-ordinates can be believed, and distances. WGS 84 throughout."""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from portal.core import later
from portal.core.errors import FieldError
from portal.core.i18n import lazy as _l

Kind = Literal["address", "county", "city", "province", "country"]
#: From a person, or from a device that stood there.
GIVEN = 1.0
#: Chosen by a person from what was found.
CHOSEN = 0.9
#: Below this a place is shown to people, to be put right.
LOW_CONFIDENCE = 0.5
#: What a place is worth that was found without doubt, by how exactly its kind says where.
CONFIDENCE: dict[str, float] = {
    "address": 0.95,
    "county": 0.8,
    "city": 0.7,
    "province": 0.3,
    "country": 0.1,
}
#: A county of which only the city's position is known: a district lies close to it.
DISTRICT_BY_CITY, COUNTY_BY_CITY = 0.6, 0.45
#: Co-ordinates that lie farther than this from every place we know may lie in the sea.
FAR_M = 120_000
AT_SEA = 0.2
#: Co-ordinates this far from the town that the address names do not belong to it.
ELSEWHERE_M = 300_000
DISPUTED = 0.4

_geodesic = later.function("geopy.distance:geodesic")
SWAPPED = _l("Latitude and longitude seem to be swapped.")


@dataclass(frozen=True)
class Place:
    """Where something is, and from 0 to 1 how sure that is.

    ``country`` is ISO 3166-1 alpha-2, ``division_code`` six digits (行政区划代码), in China only.
    """

    name: str
    lat: float
    lon: float
    confidence: float
    country: str | None
    division_code: str | None
    kind: Kind
    name_en: str = ""

    def shown(self, locale: str) -> str:
        """Return its name for readers of ``locale``."""
        return self.name_en if locale == "en" and self.name_en else self.name

    @property
    def position(self) -> tuple[float, float]:
        """Latitude and longitude."""
        return self.lat, self.lon

    @property
    def is_low(self) -> bool:
        """Return whether people are asked to put it right."""
        return is_low(self.confidence)


def is_low(confidence: float | None) -> bool:
    """Return whether a place of this confidence is to be put right; None: it has none."""
    return confidence is None or confidence < LOW_CONFIDENCE


@lru_cache(maxsize=16384)  # lanes come again and again; one geodesic costs 0.2 ms
def distance_m(a_lat: float, a_lon: float, b_lat: float, b_lon: float) -> float:
    """Return the length of the geodesic between two points, in metres.

    geopy comes with the first distance: with its geocoders it takes 7 MB.
    """
    return float(_geodesic((a_lat, a_lon), (b_lat, b_lon)).m)


def faults(
    lat: float | None, lon: float | None, *, prefix: str = "", near: Place | None = None
) -> list[FieldError]:
    """Return what is wrong with a pair of co-ordinates, by field; nothing where both are None.

    ``near`` is where the address was found: the pair may fit it only when swapped.
    """
    if lat is None and lon is None:
        return []
    if not all(value is None or math.isfinite(value) for value in (lat, lon)):
        return [FieldError(f"{prefix}lat", _l("Co-ordinates are numbers of degrees."))]
    if lat is None or lon is None:
        missing = "lat" if lat is None else "lon"
        wrong = _out_of_range(lat or 1.0, lon or 100.0)
        wrong = wrong or [(missing, _l("Latitude and longitude belong together."))]
        return [FieldError(prefix + name, text) for name, text in wrong]
    wrong = _out_of_range(lat, lon)
    if not wrong and looks_swapped(lat, lon, near):
        wrong = [("lat", SWAPPED)]
    return [FieldError(prefix + name, text) for name, text in wrong]


def _out_of_range(lat: float, lon: float) -> list[tuple[str, Any]]:
    if abs(lat) > 90 and abs(lat) <= 180 and abs(lon) <= 90:
        return [("lat", SWAPPED)]
    found = []
    if abs(lat) > 90:
        found.append(("lat", _l("A latitude lies between -90 and 90.")))
    if abs(lon) > 180:
        found.append(("lon", _l("A longitude lies between -180 and 180.")))
    if lat == 0 and lon == 0:
        found.append(("lat", _l("0, 0 lies in the sea: leave both empty if they are not known.")))
    return found


def looks_elsewhere(lat: float, lon: float, near: Place) -> bool:
    """Return whether a point cannot be where an address was found to be, without doubt."""
    named = near.kind in ("address", "county", "city") and not near.is_low
    return named and distance_m(lat, lon, near.lat, near.lon) > ELSEWHERE_M


def looks_swapped(lat: float, lon: float, near: Place | None) -> bool:
    """Return whether latitude and longitude fit the address only the other way round."""
    if near is None or abs(lon) > 90 or not looks_elsewhere(lat, lon, near):
        return False
    return not looks_elsewhere(lon, lat, near)
