"""Which column means what: guessed from headers, corrected by a person, remembered."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from portal.core.i18n import lazy as _l
from portal.exchange.rules import cells, dates
from portal.exchange.rules.evidence import bare, currency_in, fits, unit_in
from portal.exchange.rules.fields import FIELDS, HISTORY, MODES, NEW, choices, required
from portal.exchange.rules.problems import SheetError

#: A consignor that is the importing company itself; the caller knows its name and address.
OWN = "own"
SIMILAR = 0.72  # share of common letter pairs; below it two headers are two things
DEFAULTS = {"service": "standard", "consignee_country": "CN", "currency": "CNY"}


@dataclass(frozen=True)
class ColumnMap:
    """What the columns of one kind of file mean.

    ``columns`` gives a field key for each mapped header; ``constants`` the value of a field no
    column has (``consignor`` may be ``own``). ``units`` gives kg, g, cm … or a currency by
    header, ``orders`` dmy or mdy for a date column whose files do not prove it themselves.
    """

    mode: str = NEW
    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    orders: Mapping[str, str] = field(default_factory=dict)

    def headers_of(self, key: str) -> list[str]:
        """Return the headers that hold field ``key``, in the order given."""
        return [header for header, held in self.columns.items() if held == key]

    def holds(self, key: str) -> bool:
        """Say whether a column or a constant gives field ``key``."""
        return key in self.columns.values() or bool(self.constants.get(key))

    def as_json(self) -> dict[str, Any]:
        """Return plain values to remember; ``from_json`` reads them back."""
        return {
            "mode": self.mode,
            "columns": dict(self.columns),
            "constants": dict(self.constants),
            "units": dict(self.units),
            "orders": dict(self.orders),
        }


def from_json(given: Mapping[str, Any]) -> ColumnMap:
    """Return a remembered or submitted mapping, without whatever it cannot hold."""
    mode = given.get("mode") if given.get("mode") in MODES else NEW
    allowed = {one.key for one in choices(str(mode))}
    parts = {name: _texts(given.get(name)) for name in ("columns", "constants", "units", "orders")}
    return ColumnMap(
        str(mode),
        {header: key for header, key in parts["columns"].items() if key in allowed},
        {key: text for key, text in parts["constants"].items() if key in {*allowed, "consignor"}},
        {header: unit for header, unit in parts["units"].items() if _is_unit(unit)},
        {header: order for header, order in parts["orders"].items() if order in dates.ORDERS},
    )


def _is_unit(given: str) -> bool:
    return given in cells.WEIGHT_G or given in cells.LENGTH_MM or given == currency_in(given)


def _texts(given: object) -> dict[str, str]:
    pairs = given.items() if isinstance(given, Mapping) else ()
    return {key: value for key, value in pairs if isinstance(key, str) and isinstance(value, str)}


def missing(mapping: ColumnMap) -> list[str]:
    """Return the keys of required fields that neither a column nor a constant gives."""
    own = mapping.constants.get("consignor") == OWN
    grouped = mapping.holds("consignment")
    size_known = mapping.holds("dimensions")
    lacking = []
    for one in required(mapping.mode):
        given = mapping.holds(one.key) or (own and one.part == "consignor")
        given = given or (one.key == "order_ref" and grouped)
        given = given or (one.key == "length" and size_known)
        if not given:
            lacking.append(one.key)
    if mapping.mode == HISTORY and not (grouped or mapping.holds("order_ref")):
        lacking.insert(0, "consignment")
    return lacking


def check(mapping: ColumnMap, headers: Sequence[str]) -> None:
    """Refuse a mapping that lacks a required field, or holds one twice or a column unknown.

    Raises SheetError with a sentence naming the fields.
    """
    unknown = [header for header in mapping.columns if header not in headers]
    if unknown:
        raise SheetError(_l("The file has no column “%(column)s”.", column=unknown[0]))
    for key in dict.fromkeys(mapping.columns.values()):
        if not FIELDS[key].several and len(mapping.headers_of(key)) > 1:
            raise SheetError(_l("Two columns are given for “%(field)s”.", field=FIELDS[key].title))
    lacking = missing(mapping)
    if lacking:
        raise SheetError(
            _l("Choose a column or a fixed value for “%(field)s”.", field=FIELDS[lacking[0]].title)
        )


def signature(headers: Iterable[str]) -> str:
    """Return a key under which a mapping for files with these headers is remembered."""
    joined = "\x1f".join(bare(header) for header in headers)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()


def guess(
    headers: Sequence[str], samples: Sequence[Sequence[str]] = (), mode: str | None = None
) -> ColumnMap:
    """Return the likeliest mapping of ``headers``.

    ``samples`` are rows of cells: a guess that fits none of a column's cells is withdrawn,
    except for a required field: its cells are rather told one by one.
    Without ``mode``, a column of delivery dates makes the file a history. A history keeps
    every column: what means nothing else is a further reference.
    """
    found = _assigned(headers, samples, mode or HISTORY)
    if mode is None and "delivered" not in found.values():
        mode = NEW
        found = _assigned(headers, samples, NEW)
    mapping = ColumnMap(mode or HISTORY, found)
    mapping = _grouped(mapping)
    if mapping.mode == HISTORY:
        rest = {header: "reference" for header in headers if header not in mapping.columns}
        mapping = replace(mapping, columns={**mapping.columns, **rest})
    ordered = {header: mapping.columns[header] for header in headers if header in mapping.columns}
    mapping = replace(mapping, columns=ordered, units=_units(ordered))
    return replace(mapping, constants=_constants(mapping))


def _assigned(
    headers: Sequence[str], samples: Sequence[Sequence[str]], mode: str
) -> dict[str, str]:
    ranked = sorted(
        (
            (-score, place, key)
            for place, header in enumerate(headers)
            for key, score in _scores(header, mode)
        ),
    )
    found: dict[str, str] = {}
    taken: set[str] = set()
    for _, place, key in ranked:
        header = headers[place]
        if header in found or (key in taken and not FIELDS[key].several):
            continue
        if mode in FIELDS[key].required or fits(
            key, [row[place] for row in samples if place < len(row)]
        ):
            found[header] = key
            taken.add(key)
    return found


def _scores(header: str, mode: str) -> list[tuple[str, float]]:
    full, short = bare(header), bare(_without_unit(header))
    scored = []
    for key, names, pairs in _vocabulary(mode):
        if full in names:
            scored.append((key, 2.0))
        elif short in names:
            scored.append((key, 1.5))
        else:
            mine = _pairs(short)
            best = max((_alike(mine, other) for other in pairs), default=0.0)
            if best >= SIMILAR:
                scored.append((key, best))
    return scored


@lru_cache(len(MODES))
def _vocabulary(mode: str) -> list[tuple[str, frozenset[str], list[frozenset[str]]]]:
    table = []
    for one in choices(mode):
        names = frozenset(bare(name) for name in (*one.names, one.key))
        table.append((one.key, names, [_pairs(name) for name in names if len(name) > 3]))
    return table


def _pairs(name: str) -> frozenset[str]:
    return frozenset(name[place : place + 2] for place in range(len(name) - 1))


def _alike(mine: frozenset[str], other: frozenset[str]) -> float:
    common = len(mine & other)
    return common / (len(mine) + len(other) - common) if common else 0.0


def _without_unit(header: str) -> str:
    return re.sub(r"[(（\[【/].*$", "", header) or header


def _grouped(mapping: ColumnMap) -> ColumnMap:
    """Leave the identity of a consignment to its group column where the file has one.

    One order may travel in several consignments: its number is then a further reference.
    """
    if not (mapping.headers_of("consignment") and mapping.headers_of("order_ref")):
        return mapping
    columns = {
        header: "reference" if key == "order_ref" else key
        for header, key in mapping.columns.items()
    }
    return replace(mapping, columns=columns)


def _units(columns: Mapping[str, str]) -> dict[str, str]:
    units = {}
    for header, key in columns.items():
        named = unit_in(header, FIELDS[key].kind)
        if named:
            units[header] = named
    return units


def _constants(mapping: ColumnMap) -> dict[str, str]:
    named = {code for code in mapping.units.values() if len(code) == 3 and code.isupper()}
    constants = {
        key: value
        for key, value in DEFAULTS.items()
        if key not in mapping.columns.values() and (mapping.mode == NEW or key == "currency")
    }
    # One currency in the headers is most likely that of the columns which name none.
    if len(named) == 1 and "currency" in constants:
        constants["currency"] = named.pop()
    if mapping.mode == NEW and not mapping.headers_of("consignor_name"):
        constants["consignor"] = OWN
    elif mapping.mode == NEW and not mapping.headers_of("consignor_country"):
        constants["consignor_country"] = "CN"
    return constants
