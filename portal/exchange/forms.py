"""The form that says what each column means: as many fields as the file has columns."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from portal.core.i18n import gettext as _
from portal.core.i18n import lazy as _l
from portal.exchange.rules import dates
from portal.exchange.rules import mapping as maps
from portal.exchange.rules.evidence import unit_in
from portal.exchange.rules.fields import FIELDS, HISTORY, NEW, choices, required
from portal.exchange.rules.mapping import OWN, ColumnMap
from portal.exchange.rules.reading import Reader
from portal.exchange.rules.survey import Survey
from portal.exchange.service.uploads import KINDS, mapping_of

WEIGHTS = ("kg", "g", "t", "lb", "斤")
LENGTHS = ("cm", "mm", "m", "in", "ft")
CURRENCIES = ("CNY", "USD", "EUR", "GBP", "HKD", "JPY", "KRW", "SGD", "TWD", "AUD", "CAD", "CHF")
SERVICES = (
    ("standard", _l("Standard")),
    ("express", _l("Express")),
    ("cold", _l("Cold chain")),
)
ORDERS = (
    ("", _l("As the file shows")),
    ("dmy", _l("Day first: 31/12/2026")),
    ("mdy", _l("Month first: 12/31/2026")),
)
#: Fields that one text for the whole file cannot give: it tells consignments apart.
NOT_FIXED = ("order_ref", "consignment", "delivered")
#: Fixed values offered whenever no column holds them.
OFFERED = {NEW: ("service", "consignee_country", "currency"), HISTORY: ("currency",)}
CONSIGNOR = tuple(f"consignor_{part}" for part in ("name", "phone", "address", "city", "country"))


@dataclass
class Column:
    """One column: what it holds, and what is asked about it."""

    number: int
    header: str
    samples: list[str]
    key: str
    units: list[tuple[str, Any]]
    unit: str
    orders: tuple[tuple[str, Any], ...]
    order: str
    error: str = ""

    @property
    def id(self) -> str:
        """The id of its select."""
        return f"column-{self.number}"


@dataclass
class Fixed:
    """A value that holds for the whole file."""

    key: str
    title: Any
    value: str
    options: tuple[tuple[str, Any], ...] = ()
    error: str = ""

    @property
    def id(self) -> str:
        """The id of its control."""
        return f"fixed-{self.key}"


class MappingForm:
    """The mapping of an import as a person sees and corrects it.

    ``own`` is the company's own PARTY, if it has one: then files need not say who sends.
    """

    def __init__(
        self, row: Row[Any], own: Mapping[str, Any] | None, data: Mapping[str, str] | None = None
    ) -> None:
        self.row, self.own = row, own
        self.headers: list[str] = row.headers or []
        self.mapping = mapping_of(row) if data is None else self._submitted(data)
        self.is_own = self.mapping.constants.get("consignor") == OWN
        self.columns = [self._column(n, header) for n, header in enumerate(self.headers, 1)]
        self.fixed = list(self._fixed())
        self.errors: list[tuple[str | None, str]] = []

    def choices(self) -> list[tuple[str, Any]]:
        """Return what a column can mean: (key, title)."""
        fields = [(one.key, one.title) for one in choices(self.mapping.mode)]
        return [("", _("Leave out")), *fields]

    def validate(self) -> bool:
        """Say whether the file can be checked so; else name each fault at its field."""
        self._twice()
        self._missing()
        self._unreadable()
        self.errors = [(c.id, f"{c.header}: {c.error}") for c in self.columns if c.error]
        self.errors += [(f.id, f"{f.title}: {f.error}") for f in self.fixed if f.error]
        return not self.errors

    def _submitted(self, data: Mapping[str, str]) -> ColumnMap:
        columns, units, orders = {}, {}, {}
        for number, header in enumerate(self.headers, 1):
            key = data.get(f"column-{number}", "")
            if key not in FIELDS:
                continue
            columns[header] = key
            unit = data.get(f"unit-{number}") or unit_in(header, FIELDS[key].kind)
            units[header] = unit
            orders[header] = data.get(f"order-{number}", "")
        fixed = {
            name.removeprefix("fixed-"): value.strip()[:500]
            for name, value in data.items()
            if name.startswith("fixed-") and value.strip()
        }
        fixed = {key: text for key, text in fixed.items() if key not in columns.values()}
        if fixed.get("consignor") == OWN:
            fixed = {key: text for key, text in fixed.items() if not key.startswith("consignor_")}
        return maps.from_json(
            {
                "mode": KINDS[self.row.kind],
                "columns": columns,
                "constants": fixed,
                "units": units,
                "orders": orders,
            }
        )

    def _column(self, number: int, header: str) -> Column:
        key = self.mapping.columns.get(header, "")
        kind = FIELDS[key].kind if key else ""
        samples = [row[number - 1] for row in self.row.samples or () if number <= len(row)]
        unit = self.mapping.units.get(header, "")
        is_date = kind in ("day", "moment")
        return Column(
            number,
            header,
            [text for text in dict.fromkeys(samples) if text.strip()][:3],
            key,
            _units(kind, unit),
            unit,
            ORDERS if is_date and _is_open(samples, self.mapping.orders.get(header)) else (),
            self.mapping.orders.get(header, ""),
        )

    def _fixed(self) -> Iterator[Fixed]:
        mapping, mode = self.mapping, self.mapping.mode
        offered = list(OFFERED[mode])
        offered += [one.key for one in required(mode) if one.key not in (*NOT_FIXED, *CONSIGNOR)]
        if mode == NEW:
            offered += CONSIGNOR
        for key in dict.fromkeys(offered):
            if key in mapping.columns.values():
                continue
            always = key in OFFERED[mode] or key in CONSIGNOR
            if always or key in maps.missing(mapping) or mapping.constants.get(key):
                options = SERVICES if key == "service" else ()
                value = mapping.constants.get(key, "")
                yield Fixed(key, FIELDS[key].title, value, options)

    @property
    def head(self) -> list[Fixed]:
        """Return the fixed values that are not about who sends."""
        return [one for one in self.fixed if one.key not in CONSIGNOR]

    @property
    def consignor(self) -> list[Fixed]:
        """Return the fixed values about who sends."""
        return [one for one in self.fixed if one.key in CONSIGNOR]

    def _twice(self) -> None:
        held: dict[str, str] = {}
        for column in self.columns:
            if not column.key or FIELDS[column.key].several:
                continue
            if column.key in held:
                column.error = _(
                    "“%(column)s” holds this already. Choose one of them.", column=held[column.key]
                )
            held.setdefault(column.key, column.header)

    def _missing(self) -> None:
        fixed = {one.key: one for one in self.fixed}
        for key in maps.missing(self.mapping):
            if key in fixed:
                fixed[key].error = _("Give a value here or choose a column above.")
            elif self.columns:
                title = FIELDS[key].title
                first = next((c for c in self.columns if not c.key), self.columns[0])
                first.error = first.error or _(
                    "Choose the column that holds “%(field)s”.", field=title
                )

    def _unreadable(self) -> None:
        fixed = {one.key: one for one in self.fixed}
        for fault in Reader(self.headers, self.mapping, Survey()).faults:
            if fault.field in fixed:
                fixed[fault.field].error = str(fault.message)


def _is_open(samples: list[str], chosen: str | None) -> bool:
    return bool(chosen) or any(dates.hint(text) for text in samples)


def _units(kind: str, chosen: str) -> list[tuple[str, Any]]:
    if kind == "weight":
        known = WEIGHTS
    elif kind in ("length", "dimensions"):
        known = LENGTHS
    elif kind == "money":
        other = (chosen,) if chosen and chosen not in CURRENCIES else ()
        return [("", _("Currency as below")), *((code, code) for code in (*CURRENCIES, *other))]
    else:
        return []
    other = (chosen,) if chosen and chosen not in known else ()
    return [(unit, unit) for unit in (*known, *other)]


def reading_of(data: Mapping[str, str]) -> dict[str, str]:
    """Return what a person chose for reading the file: encoding, delimiter, worksheet."""
    delimiters = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
    return {
        "encoding": data.get("encoding", ""),
        "delimiter": delimiters.get(data.get("delimiter", ""), ""),
        "title": data.get("title", "")[:200],
    }
