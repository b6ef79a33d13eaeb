"""Which column means what: guessed from headers, corrected by a person, remembered."""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from opencc import OpenCC

from portal.core.i18n import lazy as _l
from portal.exchange.rules import cells, codes, dates, money
from portal.exchange.rules.fields import FIELDS, HISTORY, MODES, NEW, choices, required
from portal.exchange.rules.problems import SheetError, Unreadable

#: A consignor that is the importing company itself; the caller knows its name and address.
OWN = "own"
SIMILAR = 0.72  # share of common letter pairs; below it two headers are two things
DEFAULTS = {"service": "standard", "consignee_country": "CN", "currency": "CNY"}
UNIT_OF = {"weight": "kg", "length": "cm", "dimensions": "cm"}


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
    return given in cells.WEIGHT_G or given in cells.LENGTH_MM or given == _currency(given)


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
    joined = "\x1f".join(_bare(header) for header in headers)
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
        if mode in FIELDS[key].required or _fits(
            key, [row[place] for row in samples if place < len(row)]
        ):
            found[header] = key
            taken.add(key)
    return found


def _scores(header: str, mode: str) -> list[tuple[str, float]]:
    full, bare = _bare(header), _bare(_without_unit(header))
    scored = []
    for key, names, pairs in _vocabulary(mode):
        if full in names:
            scored.append((key, 2.0))
        elif bare in names:
            scored.append((key, 1.5))
        else:
            mine = _pairs(bare)
            best = max((_alike(mine, other) for other in pairs), default=0.0)
            if best >= SIMILAR:
                scored.append((key, best))
    return scored


@lru_cache(len(MODES))
def _vocabulary(mode: str) -> list[tuple[str, frozenset[str], list[frozenset[str]]]]:
    table = []
    for one in choices(mode):
        names = frozenset(_bare(name) for name in (*one.names, one.key))
        table.append((one.key, names, [_pairs(name) for name in names if len(name) > 3]))
    return table


def _pairs(name: str) -> frozenset[str]:
    return frozenset(name[place : place + 2] for place in range(len(name) - 1))


def _alike(mine: frozenset[str], other: frozenset[str]) -> float:
    common = len(mine & other)
    return common / (len(mine) + len(other) - common) if common else 0.0


@lru_cache(1)
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


@lru_cache(4096)
def _bare(header: str) -> str:
    """Return the header's letters and digits alone, lower case, in simplified characters."""
    plain = unicodedata.normalize("NFKC", header).casefold()
    if not plain.isascii():
        plain = _simplifier().convert(plain)
    plain = plain.replace("必填", "").replace("选填", "")
    return re.sub(r"[\W_]+", "", plain)


def _without_unit(header: str) -> str:
    return re.sub(r"[(（\[【/].*$", "", header) or header


#: Kinds whose cells can refute a guess, each with its parser.
FITS: dict[str, Callable[[str], object]] = {
    "unit": codes.unit,
    "country": codes.country,
    "service": codes.service,
    "phone": cells.phone,
    "quantity": lambda text: cells.quantity(text, "." not in text),
    "weight": lambda text: cells.weight_g(text, comma="." not in text),
    "length": lambda text: cells.length_mm(text, comma="." not in text),
    "dimensions": cells.dimensions_mm,
    "money": lambda text: money.amount(text, comma="." not in text),
    "currency": money.currency,
    "day": lambda text: dates.moment(text, "dmy"),
    "moment": lambda text: dates.moment(text, "dmy"),
}


def _fits(key: str, column: Sequence[str]) -> bool:
    parse = FITS.get(FIELDS[key].kind)
    filled = [text for text in column if text.strip()]
    return parse is None or not filled or any(_reads(parse, text) for text in filled)


def _reads(parse: Callable[[str], object], text: str) -> bool:
    try:
        parse(text)
    except Unreadable:
        return False
    return True


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
        named = _unit_in(header, FIELDS[key].kind)
        if named:
            units[header] = named
    return units


def _unit_in(header: str, kind: str) -> str:
    """Return the unit or currency a header names, else the usual one of its kind."""
    words = re.findall(r"[a-z]+|[^\W\d_a-z]+|[¥€£$]", unicodedata.normalize("NFKC", header).lower())
    if kind in UNIT_OF:
        known = cells.WEIGHT_G if kind == "weight" else cells.LENGTH_MM
        simple = [_bare(word) for word in words]
        return next((word for word in reversed(simple) if word in known), UNIT_OF[kind])
    if kind == "money":
        return next((code for word in reversed(words) if (code := _currency(word))), "")
    return ""


def _currency(word: str) -> str:
    try:
        return money.currency(word) if 0 < len(word) < 4 and word != "cod" else ""
    except Unreadable:
        return ""


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
