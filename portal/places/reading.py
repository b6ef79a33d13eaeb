"""Reading addresses: which names of places stand in a text, and where in it."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from portal.places import gazetteer
from portal.places.gazetteer import Spot
from portal.places.names import has_han, normalise, short, traditional

#: Names are no longer; an address that names its place later than this does not name it.
MAX_HAN_NAME, MAX_HAN, MAX_WORDS, MAX_NAME_WORDS = 12, 40, 40, 4
_HAN_RUN = re.compile(r"[\u3400-\u9fff]{2,}")
_SEGMENT = re.compile(r"[,;，；、/\n()（）]+")
#: A name that goes on like this is that of a street or a house.
_STREET = re.compile(
    r"(?:[东南西北中一二三四五六]{0,2}(?:大道|路|街|道|巷|弄|村|桥|大厦|广场|花园|号))"
)
_STREET_WORDS = frozenset(
    "road rd street st avenue ave av lane ln drive dr boulevard blvd way square plaza building "
    "lu jie dadao dao xiang strasse str weg allee platz rue calle via rua ulitsa tower house "
    "park".split()
)


class Hit(NamedTuple):
    """A place whose name stands in a text.

    ``weight`` grows with the sureness that the words mean a place at all; ``whole``: nothing
    else stands beside them.
    """

    name: str
    spot: Spot
    start: int
    end: int
    weight: float
    whole: bool
    in_city: bool = False

    def covers(self, other: "Hit") -> bool:
        """Return whether these are the very same words."""
        same = self.in_city == other.in_city
        return same and self.start <= other.start and other.end <= self.end


@lru_cache(maxsize=4096)
def hits(text: str) -> list[Hit]:
    """Return the places whose names stand in ``text``; of names inside names, the longest."""
    if not text:
        return []
    found = _han_hits(normalise(text)) if has_han(text) else []
    return found + _latin_hits(text)


def _han_hits(text: str) -> list[Hit]:
    spans: list[tuple[int, int, str]] = []
    for run in _HAN_RUN.finditer(text):
        for start in range(run.start(), min(run.end(), MAX_HAN)):
            for end in range(start + 2, min(run.end(), start + MAX_HAN_NAME) + 1):
                spans.append((start, end, text[start:end]))
    known: dict[str, list[tuple[bool, Spot]]] = {}
    for name, main, spot in gazetteer.named(name for *_, name in spans):
        known.setdefault(name, []).append((main, spot))
    kept: list[Hit] = []
    reach = 0
    for start, end, name in sorted(spans, key=lambda s: (s[0], -s[1])):
        if end <= reach or name not in known or _is_street(text, end):
            continue
        reach = max(reach, end)
        whole = len(name) == len(text)
        kept += [
            Hit(
                name, spot, start, end, _han_weight(name, start, main), whole or short(name) != name
            )
            for main, spot in known[name]
        ]
    return kept


def _is_street(text: str, end: int) -> bool:
    return _STREET.match(text, end) is not None


def _han_weight(name: str, start: int, main: bool) -> float:
    """Names with the word for their kind, and those that come first, mean a place."""
    weight = 1.5 if short(name) != name else 0.0
    return weight + (1.0 if start == 0 else 0.0) + (0.5 if main else 0.0) - start / 100


def _latin_hits(text: str) -> list[Hit]:
    spans = list(_latin_spans(text))
    known: dict[str, list[tuple[bool, Spot]]] = {}
    for name, main, spot in gazetteer.named(name for *_, name, _ in spans):
        known.setdefault(name, []).append((main, spot))
    kept: list[Hit] = []
    taken: list[tuple[int, int]] = []
    for start, end, name, whole in sorted(spans, key=lambda s: (not s[3], s[0] - s[1], -s[0])):
        if name not in known or any(a <= start and end <= b for a, b in taken):
            continue
        meant = [(main, spot) for main, spot in known[name] if whole or _is_meant(name, main, spot)]
        if meant:
            taken.append((start, end))
        kept += [Hit(name, s, start, end, _latin_weight(whole, main), whole) for main, s in meant]
    return kept


def _latin_spans(text: str) -> Iterator[tuple[int, int, str, bool]]:
    """Yield (start, end, name, whether it is all that stands between two commas), in words."""
    at = 0
    for segment in _SEGMENT.split(text):
        words = [w for w in normalise(segment).split() if not any(c.isdigit() for c in w)]
        words = [w for w in words if not has_han(w)][: MAX_WORDS - at]
        for start in range(len(words)):
            for end in range(start + 1, min(len(words), start + MAX_NAME_WORDS) + 1):
                if end < len(words) and words[end] in _STREET_WORDS:
                    continue
                whole = end - start == len(words)
                name = " ".join(words[start:end])
                yield at + start, at + end, name, whole
                if (bare := short(name)) != name:
                    yield at + start, at + end, bare, whole
        at += len(words)


def _is_meant(name: str, main: bool, spot: Spot) -> bool:
    """Return whether words among others mean this place: a usual name, of a place of weight."""
    if len(name) < 4 or not main:
        return False
    return (
        spot.kind in ("province", "country")
        or spot.population >= 50_000
        or spot.division is not None
    )


def _latin_weight(whole: bool, main: bool) -> float:
    return (2.0 if whole else 0.0) + (1.0 if main else 0.0)


@lru_cache(maxsize=512)
def _counties(city: int) -> tuple[re.Pattern[str], dict[str, int]] | None:
    """Return what finds the counties of a city in a text, and their ids."""
    names: dict[str, int] = {}
    own = gazetteer.by_id(city)
    for name, id_ in gazetteer.counties_of(city):
        full = normalise(name.removeprefix(own.name if own else ""))
        for spelt in (full, short(full)):
            names.setdefault(spelt, id_)
            names.setdefault(traditional(spelt), id_)
    if not names:
        return None
    longest = sorted(names, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest))), names


def county_in(text: str, city: int) -> int | None:
    """Return the id of the county of ``city`` that ``text`` names first.

    Each row of an import comes through here: the names are written both ways, not the text.
    """
    counties = _counties(city)
    if counties is None:
        return None
    pattern, ids = counties
    for found in pattern.finditer(text):
        if not _is_street(text, found.end()):
            return ids[found[0]]
    return None
