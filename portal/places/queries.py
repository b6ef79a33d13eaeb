"""Finding places by what people write of them."""

import math
from functools import lru_cache
from typing import NamedTuple

from portal.places import gazetteer, reading
from portal.places.china import POSTCODES
from portal.places.gazetteer import Spot
from portal.places.names import has_han, normalise
from portal.places.reading import Hit
from portal.places.rules import (
    AT_SEA,
    CONFIDENCE,
    COUNTY_BY_CITY,
    DISPUTED,
    DISTRICT_BY_CITY,
    FAR_M,
    GIVEN,
    Place,
    distance_m,
    looks_elsewhere,
)

#: Longer texts are no addresses; what they begin with may be one.
MAX_TEXT = 300
#: How many places a person is offered to choose from.
MAX_CANDIDATES = 8
_GREATER_CHINA = frozenset({"CN", "HK", "MO", "TW"})


class Asked(NamedTuple):
    """What is known of a place; texts are cut to what can be an address."""

    text: str
    city: str
    country: str
    division: str
    postcode: str


def find(
    text: str | None,
    *,
    city: str | None = None,
    country: str | None = None,
    division_code: str | None = None,
    postcode: str | None = None,
) -> Place | None:
    """Return the likeliest place of an address, None where nothing is known of it.

    ``country`` is ISO 3166-1 alpha-2. Opens no socket; remembers what it was asked.
    """
    spot = _by_code(division_code[:6]) if division_code else None
    if spot is None or spot.kind != "county":
        spot = spot or _sure_city((city or "")[:MAX_TEXT], country or "", (postcode or "")[:2])
        spot = _county(text, spot) if text and spot is not None else spot
    if spot is not None:
        return _sure(spot.id)
    return _guessed(_asked(text, city, country, division_code, postcode))


def candidates(
    text: str | None,
    *,
    city: str | None = None,
    country: str | None = None,
    division_code: str | None = None,
    postcode: str | None = None,
) -> list[Place]:
    """Return the places that it may be, the likeliest first; at most MAX_CANDIDATES."""
    asked = _asked(text, city, country, division_code, postcode)
    best = find(text, city=city, country=country, division_code=division_code, postcode=postcode)
    ranked = [_place(r.hit.spot, r.confidence) for r in _ranked(asked)]
    unique = {(p.name, p.country): p for p in ([best] if best else []) + ranked}
    return list(unique.values())[:MAX_CANDIDATES]


@lru_cache(maxsize=4096)
def is_name(text: str) -> bool:
    """Return whether a text is the name of a place and holds nothing beside it."""
    name = normalise(_storable(text))
    return bool(name) and bool(gazetteer.named([name]))


def _asked(
    text: str | None,
    city: str | None,
    country: str | None,
    division: str | None,
    postcode: str | None,
) -> Asked:
    return Asked(
        _storable(text),
        _storable(city),
        (country or "").upper()[:2],
        "".join(c for c in (division or "")[:12] if c.isascii() and c.isdigit())[:6],
        _storable(postcode).strip()[:16],
    )


def _storable(text: str | None) -> str:
    """Return the beginning of a text without halves of characters, which nothing can look up."""
    cut = (text or "")[:MAX_TEXT]
    return cut if cut.isascii() else cut.encode("utf-8", "ignore").decode()


@lru_cache(maxsize=4096)
def _sure(id_: int) -> Place | None:
    spot = gazetteer.by_id(id_)
    return None if spot is None else _place(spot, worth(spot))


@lru_cache(maxsize=8192)
def _guessed(asked: Asked) -> Place | None:
    ranked = _ranked(asked)
    if ranked:
        return _place(ranked[0].hit.spot, ranked[0].confidence)
    country = gazetteer.of_country(asked.country)
    return None if country is None else _place(country, worth(country))


@lru_cache(maxsize=4096)
def _by_code(code: str) -> Spot | None:
    """Return the place of a division code, or the nearest above it that we know."""
    if len(code) < 2 or not (code.isascii() and code.isdigit()):
        return None
    for known in (code.ljust(6, "0"), code[:4].ljust(6, "0"), code[:2].ljust(6, "0")):
        spot = gazetteer.by_division(known)
        if spot is not None:
            return spot
    return None


@lru_cache(maxsize=4096)
def _sure_city(city: str, country: str, postcode: str) -> Spot | None:
    """Return the city of this name if there is no doubt about it."""
    ranked = _ranked(_asked(None, city, country, None, postcode))
    if not ranked or ranked[0].hit.spot.kind not in ("city", "county"):
        return None
    return ranked[0].hit.spot if ranked[0].confidence >= worth(ranked[0].hit.spot) else None


def _county(text: str, city: Spot) -> Spot:
    """Return the county of ``city`` that the address names first, else the city."""
    if city.division is None:
        return city
    found = reading.county_in(text[:MAX_TEXT], city.id)
    return city if found is None else gazetteer.by_id(found) or city


class Ranked(NamedTuple):
    """A place that may be meant: how much speaks for it, and what it is worth."""

    hit: Hit
    score: float
    confidence: float


@lru_cache(maxsize=4096)
def _ranked(asked: Asked) -> tuple[Ranked, ...]:
    hits = [h for h in _hits(asked) if _is_within(h.spot, asked.country)]
    scored: dict[int, tuple[float, Hit]] = {}
    for hit in hits:
        score = _score(hit, hits, asked)
        if hit.spot.id not in scored or score > scored[hit.spot.id][0]:
            scored[hit.spot.id] = score, hit
    order = sorted(scored.values(), key=lambda s: (-s[0], -s[1].spot.population))
    return tuple(
        Ranked(hit, score, worth(hit.spot) * _doubt(score, hit, order)) for score, hit in order
    )


def _hits(asked: Asked) -> list[Hit]:
    inside = reading.hits(asked.text)
    if not asked.city:
        return inside
    return [h._replace(in_city=True) for h in reading.hits(asked.city)] + inside


def _is_within(spot: Spot, country: str) -> bool:
    if not country or spot.country == country:
        return True
    return country == "CN" and spot.country in _GREATER_CHINA


_KIND_SCORE = {"city": 3.0, "county": 2.5, "province": 2.5, "country": 1.5, "village": 1.5}


def _rank(spot: Spot) -> str:
    """Return how large a thing a place is: a town of China that is no division is a village."""
    return (
        "village"
        if spot.country == "CN" and spot.kind == "city" and not spot.division
        else spot.kind
    )


def _score(hit: Hit, hits: list[Hit], asked: Asked) -> float:
    """Say how much speaks for a place: what else was written of where it lies counts most."""
    spot = hit.spot
    score = _KIND_SCORE[_rank(spot)] + hit.weight + (3.0 if hit.in_city else 0.0)
    score += math.log10(spot.population + 1) / 4
    score += 1.5 if spot.country in _GREATER_CHINA and has_han(hit.name) else 0.0
    others = [h.spot for h in hits if not h.covers(hit)]
    score += 4.0 if any(h.id == spot.parent for h in others) else 0.0
    if spot.region and spot.kind != "province":
        province = any(
            h.kind == "province" and (h.country, h.region) == (spot.country, spot.region)
            for h in others
        )
        score += 4.0 if province else 0.0
    score += 1.0 if any(h.kind == "country" and h.country == spot.country for h in others) else 0.0
    if spot.country == "CN" and POSTCODES.get(asked.postcode[:2]) == spot.region != "":
        score += 2.0
    if spot.country == "CN" and asked.division[:2] == spot.region != "":
        score += 4.0
    return score


def _doubt(score: float, hit: Hit, order: list[tuple[float, Hit]]) -> float:
    """Return by how much others of the same name, as likely, lower the confidence."""
    rivals = [
        other.spot.population
        for rival, other in order
        if other.spot.id != hit.spot.id
        and other.name == hit.name
        and rival >= score - 0.5
        and other.spot.parent != hit.spot.id
        and hit.spot.parent != other.spot.id
    ]
    sure = 1.0 if hit.whole else 0.85
    if not rivals:
        return sure
    return sure * (0.9 - 0.4 * min(1.0, (max(rivals) + 1) / (hit.spot.population + 1)))


def worth(spot: Spot) -> float:
    """Return the confidence of a place that was found without doubt."""
    if spot.precise:
        return CONFIDENCE[spot.kind]
    return DISTRICT_BY_CITY if spot.name.endswith("区") else COUNTY_BY_CITY


def _place(spot: Spot, confidence: float) -> Place:
    return Place(
        name=spot.name,
        lat=spot.lat,
        lon=spot.lon,
        confidence=round(confidence, 2),
        country=spot.country,
        division_code=spot.division,
        kind=spot.kind,  # type: ignore[arg-type]
        name_en=spot.name_en,
    )


def trust(lat: float, lon: float, near: Place | None) -> float:
    """Return the confidence of co-ordinates that were given with an address found at ``near``.

    Low where they lie far out at sea, or far from the city that the address names.
    """
    if nearest(lat, lon) is None and gazetteer.is_there():
        return AT_SEA
    if near is not None and looks_elsewhere(lat, lon, near):
        return DISPUTED
    return GIVEN


@lru_cache(maxsize=4096)
def nearest(lat: float, lon: float) -> tuple[Place, float] | None:
    """Return the place of the gazetteer closest to a point, and how far it is in metres.

    None where there is none within FAR_M: perhaps in the sea.
    """
    cells = {
        gazetteer.cell(max(-90.0, min(90.0, lat + north)), lon + east)
        for north in (-1, 0, 1)
        for east in _columns(lat)
    }
    spots = gazetteer.of_cells(sorted(cells))
    near = min(spots, key=lambda s: (s.lat - lat) ** 2 + _east(s.lon - lon, lat) ** 2, default=None)
    if near is None:
        return None
    metres = distance_m(lat, lon, near.lat, near.lon)
    return (_place(near, worth(near)), metres) if metres <= FAR_M else None


def _columns(lat: float) -> range:
    """Return which square degrees beside a point lie within reach: they narrow to the poles."""
    reach = 1 if abs(lat) < 50 else 3 if abs(lat) < 75 else 6
    return range(-reach, reach + 1)


def _east(degrees: float, lat: float) -> float:
    degrees = (degrees + 180) % 360 - 180
    return degrees * max(0.05, 1 - abs(lat) / 90)
