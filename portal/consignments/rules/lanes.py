"""Lanes: from where to where goods travel, in one spelling, so that they can be counted.

A lane is written ``CN/上海>DE/Hamburg``: country and city of the consignor, then of the
consignee; what is not known is empty. Spellings of a city that mean the same fall together.
"""

import re
import unicodedata
from functools import lru_cache

ALL = ""  # the lane of what is not told apart by lanes
CITY_LENGTH = 40  # characters; longer ones are hardly cities
_NOT_IN_NAMES = re.compile(r"[^\w'’.()-]+")
_HAN_CITY = re.compile(r"^([\u4e00-\u9fff]{2,})市$")

Ends = tuple[str, str, str, str]


@lru_cache(maxsize=8192)
def lane_of(
    from_country: str | None, from_city: str | None, to_country: str | None, to_city: str | None
) -> str:
    """Return the lane between two places."""
    return f"{_place(from_country, from_city)}>{_place(to_country, to_city)}"


def ends_of(lane: str) -> Ends:
    """Return country and city of the consignor, country and city of the consignee."""
    start, _, end = lane.partition(">")
    from_country, _, from_city = start.partition("/")
    to_country, _, to_city = end.partition("/")
    return from_country, from_city, to_country, to_city


def is_lane(text: str) -> bool:
    """Return whether ``text`` is written as lanes are."""
    return text.count(">") == 1 and all(end.count("/") == 1 for end in text.split(">"))


def _place(country: str | None, city: str | None) -> str:
    return f"{(country or '').strip()}/{folded(city)}"


@lru_cache(maxsize=8192)
def folded(city: str | None) -> str:
    """Return a city in the one spelling it is counted under."""
    text = _NOT_IN_NAMES.sub(" ", unicodedata.normalize("NFKC", city or "")).strip()
    if han := _HAN_CITY.match(text):
        return han[1]
    if text.isupper() or text.islower():
        text = text.title()
    return text[:CITY_LENGTH].strip()
