"""A first look over the whole sheet, for what no single cell can tell.

Which lines belong together and where each group ends, whether a column's dates begin with the
day, whether its numbers use a decimal comma. Then the second reading can be a stream.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from portal.exchange.rules import dates
from portal.exchange.rules.fields import FIELDS
from portal.exchange.rules.mapping import ColumnMap
from portal.exchange.rules.sheets import Row

NUMERIC_KINDS = ("quantity", "weight", "length", "money")
DATE_KINDS = ("day", "moment")
COMMA = re.compile(r"\d,(?:\d{1,2}|\d{4,})\D*$|\d\.\d{3},\d")
POINT = re.compile(r"\d\.(?:\d{1,2}|\d{4,})\D*$|\d,\d{3}\.\d")


@dataclass
class Survey:
    """What the first reading found.

    ``sizes`` counts the lines of each group key, ``places`` gives the group of a line number,
    ``orders`` the date order and ``commas`` the decimal comma of columns by header, ``open``
    the date columns whose order no cell proves.
    """

    rows: int = 0
    sizes: Counter[str] = field(default_factory=Counter)
    places: dict[str, str] = field(default_factory=dict)
    orders: dict[str, str] = field(default_factory=dict)
    commas: set[str] = field(default_factory=set)
    open: list[str] = field(default_factory=list)


def group_place(headers: Sequence[str], mapping: ColumnMap) -> int | None:
    """Return the place of the column whose equal cells make lines one consignment."""
    named = mapping.headers_of("consignment") or mapping.headers_of("order_ref")
    return headers.index(named[0]) if named else None


def survey(headers: Sequence[str], rows: Iterable[Row], mapping: ColumnMap) -> Survey:
    """Read all ``rows`` once and return what they tell together."""
    found = Survey()
    group = group_place(headers, mapping)
    ids = mapping.headers_of("line_id")
    line_id = headers.index(ids[0]) if ids else None
    days = _places(headers, mapping, DATE_KINDS)
    figures = _places(headers, mapping, NUMERIC_KINDS)
    hints: dict[int, set[str]] = {place: set() for place in days}
    marks: dict[int, set[str]] = {place: set() for place in figures}
    keys: list[str] = []
    for _, cells in rows:
        found.rows += 1
        if group is not None:
            key = cells[group].strip()
            keys.append(key)
            if line_id is not None:
                found.places[cells[line_id].strip()] = key
        for place in days:
            hints[place].add(dates.hint(cells[place]))
        for place in figures:
            text = cells[place]
            if "," in text or "." in text:
                marks[place].add(_mark(text))
    found.sizes = Counter(keys)
    _decide(found, headers, mapping.orders, hints)
    found.commas = {headers[p] for p, seen in marks.items() if "," in seen and "." not in seen}
    return found


def _places(headers: Sequence[str], mapping: ColumnMap, kinds: tuple[str, ...]) -> list[int]:
    return [
        place
        for place, header in enumerate(headers)
        if header in mapping.columns and FIELDS[mapping.columns[header]].kind in kinds
    ]


def _mark(text: str) -> str:
    return "," if COMMA.search(text) else "." if POINT.search(text) else ""


def _decide(
    found: Survey,
    headers: Sequence[str],
    chosen: Mapping[str, str],
    hints: Mapping[int, set[str]],
) -> None:
    for place, seen in hints.items():
        header = headers[place]
        found.orders[header] = chosen.get(header) or dates.order_of(seen)
        if "either" in seen and header not in chosen and not seen & {"dmy", "mdy"}:
            found.open.append(header)
