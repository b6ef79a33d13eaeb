"""A geocoder elsewhere, of the Nominatim kind: asked by jobs only, never in a request."""

import time
from collections.abc import Iterator
from functools import lru_cache
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, ProxyHandler, build_opener

import structlog
from geopy.adapters import URLLibAdapter
from geopy.exc import GeocoderParseError, GeocoderServiceError, GeocoderTimedOut, GeopyError
from geopy.geocoders import Nominatim
from geopy.geocoders.base import Geocoder

from portal.places import elsewhere
from portal.places.rules import CONFIDENCE, Kind, Place, faults

TIMEOUT_S = 5.0
MOST_BYTES = 1_000_000  # of an answer
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


class _Nowhere(HTTPRedirectHandler):
    """Follows no redirection: only the address in the settings is asked."""

    def redirect_request(self, *_args: Any) -> None:
        """Make what points elsewhere an error."""


class _Wary(URLLibAdapter):
    """geopy's own way to the web, for answers of the size and in the time that one may take."""

    def __init__(self, *, proxies: Any, ssl_context: Any) -> None:
        super().__init__(proxies=proxies, ssl_context=ssl_context)
        https = HTTPSHandler(context=ssl_context)
        self.urlopen = build_opener(https, ProxyHandler(proxies), _Nowhere()).open

    def _decode_page(self, page: Any) -> str:
        try:
            return b"".join(_parts(page)).decode("utf-8", "replace")
        except (OSError, HTTPException) as fault:
            raise GeocoderServiceError("The answer broke off.") from fault


def _parts(page: Any) -> Iterator[bytes]:
    size, until = 0, time.monotonic() + TIMEOUT_S
    while part := page.read1(65536):
        yield part
        size += len(part)
        if size > MOST_BYTES:
            raise GeocoderParseError("The geocoder answers too much.")
        if time.monotonic() > until:
            raise GeocoderTimedOut("The geocoder answers too slowly.")


def use(url: str | None) -> None:
    """Ask the geocoder at ``url`` from now on; None: none."""
    elsewhere.use(url)
    _geocoder.cache_clear()


@lru_cache(maxsize=1)
def _geocoder(url: str) -> Geocoder:
    parts = urlsplit(url)
    return Nominatim(
        domain=(parts.netloc + parts.path).rstrip("/"),
        scheme=parts.scheme,
        user_agent=USER_AGENT,
        timeout=TIMEOUT_S,
        adapter_factory=_Wary,
    )


@lru_cache(maxsize=2048)
def find(text: str, country: str | None) -> Place | None:
    """Return what the geocoder says of an address; None where it does not know it.

    Raises GeopyError when it cannot be asked: what we have found ourselves stays.
    """
    try:
        found = _geocoder(elsewhere.url()).geocode(
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


__all__ = ["GeopyError", "find", "use"]
