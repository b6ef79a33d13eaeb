"""One row under a mapping → its values by field, what was kept as given, and its problems."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

from portal.core.i18n import lazy as _l
from portal.exchange.rules import cells, codes, dates, money
from portal.exchange.rules.evidence import currency_in
from portal.exchange.rules.fields import FIELDS, HISTORY, NEW, Field
from portal.exchange.rules.history import seen_line
from portal.exchange.rules.line import Line
from portal.exchange.rules.mapping import OWN, ColumnMap
from portal.exchange.rules.problems import Problem, Unreadable
from portal.exchange.rules.sheets import Row
from portal.exchange.rules.survey import Survey
from portal.exchange.rules.workbook import Formula

Parser = Callable[[str], Any]
#: In a history, the fields without which a line tells nothing.
NEEDED = ("consignment", "order_ref", "consignee_country", "delivered", "goods")
REQUIRED = tuple(one.key for one in FIELDS.values() if NEW in one.required)
FORMULA = _l("This cell holds a formula without its result. Save the file in Excel and try again.")
EMPTY = _l("This may not be empty.")


class Column(NamedTuple):
    """A mapped column ready to be read."""

    place: int
    key: str
    header: str
    parse: Parser
    several: bool


class Reader:
    """Reads rows under one mapping; built once for a sheet."""

    def __init__(self, headers: Sequence[str], mapping: ColumnMap, found: Survey) -> None:
        self.headers = headers
        self.history = mapping.mode == HISTORY
        self.header_of: dict[str, str] = {}
        self._mapping, self._found = mapping, found
        self._needed = NEEDED if self.history else REQUIRED
        self._currency = mapping.constants.get("currency") or "CNY"
        self._has_currency = bool(mapping.headers_of("currency"))
        self._plain: list[Column] = []
        self._later: list[Column] = []  # needs the country or the currency of the same row
        self._money: list[tuple[Column, str]] = []
        for place, header in enumerate(headers):
            if header in mapping.columns:
                self._add(place, header, FIELDS[mapping.columns[header]])
        self.faults: list[Problem] = []
        self.base = self._constants()

    def read(self, row: Row) -> Line:
        """Return the line that ``row`` is; whatever is wrong with it is in its problems."""
        line = Line(row.line, dict(self.base))
        values, texts = line.values, row.cells
        for column in self._plain:
            given = texts[column.place]
            if not given or given.isspace():
                continue
            try:
                if given[0] == "=" and type(given) is Formula:
                    raise Unreadable(FORMULA)
                value = column.parse(given)
            except Unreadable as fault:
                self._unread(line, column, given, fault)
                continue
            if column.several:
                self._further(line, column, value)
            else:
                values[column.key] = value
        self._read_later(line, texts)
        if len(texts) > len(self.headers) and any(map(str.strip, texts[len(self.headers) :])):
            line.problems.append(_too_wide(row, len(self.headers)))
        return line

    def _read_later(self, line: Line, texts: tuple[str, ...]) -> None:
        values = line.values
        for column in self._later:
            given = texts[column.place]
            if given and not given.isspace():
                country = values.get(f"{column.key[:9]}_country") or "CN"
                self._try(line, column, given, partial(cells.phone, country=country))
        for column, currency in self._money:
            given = texts[column.place]
            if given and not given.isspace():
                code = currency or (values.get("currency") if self._has_currency else "")
                parse = partial(money.amount, default=code or self._currency,
                                comma=column.header in self._found.commas)  # fmt: skip
                self._try(line, column, given, parse)

    def _try(self, line: Line, column: Column, given: str, parse: Parser) -> None:
        try:
            if given[0] == "=" and type(given) is Formula:
                raise Unreadable(FORMULA)
            line.values[column.key] = parse(given)
        except Unreadable as fault:
            self._unread(line, column, given, fault)

    def _further(self, line: Line, column: Column, value: str) -> None:
        if column.key == "reference":
            line.references[column.header] = value
        elif column.key in line.values and line.values[column.key] != self.base.get(column.key):
            line.values[column.key] = _joined(line.values[column.key], value)
        else:
            line.values[column.key] = value

    def _unread(self, line: Line, column: Column, given: str, fault: Unreadable) -> None:
        """Keep what cannot be read: a history goes on with it, a new order does not."""
        needed = column.key in self._needed
        absent = cells.is_absent(given)
        if absent and not needed and not self.history:
            return
        if needed or not self.history:
            message = EMPTY if absent else fault.message
            line.problems.append(
                Problem(line.line, column.header, column.key, given, message,
                        kind="empty" if absent else _kind(fault))
            )  # fmt: skip
            return
        line.kept[column.header] = given
        target = seen_line(given)
        if target:
            line.sees[column.key] = target
            return
        line.problems.append(kept(line.line, column.header, column.key, given))

    def _add(self, place: int, header: str, one: Field) -> None:
        self.header_of.setdefault(one.key, header)
        column = Column(place, one.key, header, self._parser(header, one), one.several)
        if one.kind == "phone":
            self._later.append(column)
        elif one.kind == "money":
            named = self._mapping.units.get(header, "")
            self._money.append((column, named if currency_in(named) == named else ""))
        else:
            self._plain.append(column)

    def _parser(self, header: str, one: Field) -> Parser:
        unit = self._mapping.units.get(header, "")
        mass = unit if unit in cells.WEIGHT_G else "kg"
        size = unit if unit in cells.LENGTH_MM else "cm"
        comma = header in self._found.commas
        order = self._found.orders.get(header, "")
        kinds: dict[str, Parser] = {
            "text": partial(cells.text, limit=one.limit),
            "lines": partial(cells.lines, limit=one.limit),
            "word": partial(_word, limit=one.limit),
            "reference": partial(cells.reference, limit=one.limit),
            "phone": cells.phone,
            "country": codes.country,
            "service": codes.service,
            "unit": codes.unit,
            "currency": money.currency,
            "quantity": partial(cells.quantity, comma=comma),
            "weight": partial(cells.weight_g, unit=mass, comma=comma),
            "length": partial(cells.length_mm, unit=size, comma=comma),
            "dimensions": partial(cells.dimensions_mm, unit=size),
            "money": partial(money.amount, comma=comma),
            "moment": partial(dates.moment, order=order),
            "day": partial(dates.on, order=order),
        }
        return kinds[one.kind]

    def _constants(self) -> dict[str, Any]:
        """Return the values of the fixed texts; those that cannot be read become faults."""
        values: dict[str, Any] = {}
        for key, given in self._mapping.constants.items():
            if not given.strip() or (key, given) == ("consignor", OWN) or key not in FIELDS:
                continue
            try:
                values[key] = self._parser("", FIELDS[key])(given)
            except Unreadable as fault:
                self.faults.append(Problem(0, "", key, given, fault.message))
        return values


def kept(line: int, header: str, key: str, given: str) -> Problem:
    """Return the note that a cell's words are kept as they are and counted as nothing."""
    message = _l("Kept as given: this cannot be read, and nothing is counted for it.")
    return Problem(line, header, key, given, message, blocks=False, kind="kept")


def _word(given: str, limit: int) -> str:
    if cells.is_absent(given):
        raise Unreadable(EMPTY)
    return cells.text(given, limit)


def _kind(fault: Unreadable) -> str:
    return "formula" if fault.message is FORMULA else "unreadable"


def _joined(first: str, second: str) -> str:
    """Return two parts as one text; Chinese addresses run on without a space."""
    if second.startswith(first):
        return second
    if second in first:
        return first
    return f"{first}{second}" if not (first + second).isascii() else f"{first}, {second}"


def _too_wide(row: Row, width: int) -> Problem:
    given = next(text for text in row.cells[width:] if text.strip())
    return Problem(
        row.line, "", "", given, _l("This line has more cells than the header."), kind="width"
    )
