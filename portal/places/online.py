"""A geocoder elsewhere, of the Nominatim kind: asked by jobs only, never in a request."""

from functools import lru_cache
from urllib.parse import urlsplit

import structlog
from geopy.adapters import URLLibAdapter
from geopy.exc import GeocoderParseError, GeopyError
from geopy.geocoders import Nominatim
from geopy.geocoders.base import Geocoder

from portal.places.rules import CONFIDENCE, Kind, Place, faults

TIMEOUT_S = 5.0
USER_AGENT = "quayside-portal"
#: Nominatim's address ranks: from 26 on it is a street or better, from 13 a place of some size.
_KINDS: tuple[tuple[int, Kind], ...] = (
    (26, "address"),
    (17, "county"),
    (12, "city"),
    (8, "province"),
    (0, "country"),
)
log = structlog.get_logger()
_url: str | None = None


def use(url: str | None) -> None:
    """Ask the geocoder at ``url`` from now on; None: none."""
    global _url
    _url = url
    _geocoder.cache_clear()


def is_set() -> bool:
    """Return whether there is a geocoder to ask."""
    return _url is not None


@lru_cache(maxsize=1)
def _geocoder() -> Geocoder:
    parts = urlsplit(_url or "")
    return Nominatim(
        domain=(parts.netloc + parts.path).rstrip("/"),
        scheme=parts.scheme,
        user_agent=USER_AGENT,
        timeout=TIMEOUT_S,
        adapter_factory=URLLibAdapter,
    )


@lru_cache(maxsize=2048)
def find(text: str, country: str | None) -> Place | None:
    """Return what the geocoder says of an address; None where it does not know it.

    Raises GeopyError when it cannot be asked: what we have found ourselves stays.
    """
    try:
        found = _geocoder().geocode(
            text, country_codes=country.lower() if country else None, exactly_one=True
        )
    except (ValueError, KeyError, TypeError, AttributeError) as fault:  # geopy trusts answers
        raise GeocoderParseError("The geocoder did not answer as one.") from fault
    return None if found is None else _place(found.raw, country)


def _place(raw: dict[str, object], country: str | None) -> Place | None:
    try:
        lat, lon = float(str(raw["lat"])), float(str(raw["lon"]))
        rank = int(str(raw.get("place_rank", 0)))
    except (KeyError, ValueError):
        return None
    if faults(lat, lon):
        return None
    kind = next(kind for least, kind in _KINDS if rank >= least)
    name = str(raw.get("display_name") or "")[:300]
    return Place(name, lat, lon, CONFIDENCE[kind], country, None, kind)


__all__ = ["GeopyError", "find", "is_set", "use"]
