"""Rows under a mapping → consignments to be made, as a stream, with every problem named."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, tzinfo
from typing import Any, NamedTuple

from portal.core.i18n import lazy as _l
from portal.exchange.rules import mapping as maps
from portal.exchange.rules.dates import instant
from portal.exchange.rules.fields import FIELDS, HISTORY, NEW
from portal.exchange.rules.history import history, notes
from portal.exchange.rules.line import Line
from portal.exchange.rules.mapping import OWN, ColumnMap
from portal.exchange.rules.problems import Problem, SheetError
from portal.exchange.rules.reading import EMPTY, Reader
from portal.exchange.rules.sheets import Sheet
from portal.exchange.rules.survey import Survey, group_place, survey

PARTY = ("name", "phone", "address", "city", "country", "postcode")
#: Fields of the consignment as a whole: its lines may repeat them, not contradict them.
HEAD = tuple(
    one.key
    for one in FIELDS.values()
    if one.part in ("order", "consignor", "consignee") and one.key not in ("reference", "note")
)
PIECE_REQUIRED = tuple(
    one.key for one in FIELDS.values() if one.part == "piece" and NEW in one.required
)
HEAD_REQUIRED = {
    NEW: tuple(
        one.key
        for one in FIELDS.values()
        if one.part != "piece" and NEW in one.required and one.key != "order_ref"
    ),
    HISTORY: ("consignee_country", "delivered"),
}


class Draft(NamedTuple):
    """One consignment to be made.

    ``order`` is the body of ``POST /consignments``; ``history`` is what was delivered already,
    or None for a new order; ``lines`` the rows it came from; ``references`` further texts of
    a new order by column. Where ``blocked`` the bodies are incomplete: show, do not make.
    """

    order: dict[str, Any]
    history: dict[str, Any] | None
    lines: tuple[int, ...]
    problems: list[Problem]
    references: dict[str, str]

    @property
    def blocked(self) -> bool:
        """Say whether a problem keeps this consignment out."""
        return any(problem.blocks for problem in self.problems)


def drafts(
    sheet: Sheet,
    mapping: ColumnMap,
    *,
    zone: tzinfo,
    own: Mapping[str, Any] | None = None,
    found: Survey | None = None,
) -> Iterator[Draft]:
    """Yield every consignment of ``sheet``, each as soon as its last line was read.

    ``zone`` is where times without an offset were written; ``own`` the PARTY used where the
    mapping's consignor is the company itself. Reads the sheet twice (once with ``found``,
    what ``survey.survey`` returned). Raises SheetError as ``mapping.check`` and
    ``Sheet.rows`` do.
    """
    maps.check(mapping, sheet.headers)
    known = found or survey(sheet.headers, sheet.rows(), mapping)
    assembler = _Assembler(sheet.headers, mapping, known, zone, own)
    for fault in assembler.reader.faults:
        sentence = _l(
            "The fixed value for “%(field)s” cannot be used. %(reason)s",
            field=FIELDS[fault.field].title,
            reason=fault.message,
        )
        raise SheetError(sentence)
    left = known.sizes.copy()
    waiting: dict[str, list[Line]] = {}
    place = group_place(sheet.headers, mapping)
    for row in sheet.rows():
        line = assembler.reader.read(row)
        key = row.cells[place].strip() if place is not None else ""
        if not key or left[key] == 1:
            lines = waiting.pop(key, []) if key else []
            yield assembler.draft([*lines, line], key)
            continue
        left[key] -= 1
        waiting.setdefault(key, []).append(line)


class _Assembler:
    """Makes one draft of the lines of one consignment."""

    def __init__(
        self,
        headers: Sequence[str],
        mapping: ColumnMap,
        found: Survey,
        zone: tzinfo,
        own: Mapping[str, Any] | None,
    ) -> None:
        self.reader = Reader(headers, mapping, found)
        self._mode = mapping.mode
        self._places = found.places
        self._zone = zone
        self._own = own if mapping.constants.get("consignor") == OWN else None
        self._refs: dict[str, str] = {}

    def draft(self, lines: list[Line], key: str) -> Draft:
        problems = [problem for line in lines for problem in line.problems]
        head = lines[0].values if len(lines) == 1 else self._head(lines, problems)
        self._require(lines, head, problems)
        ref = self._ref(lines[0].line, head, key, problems)
        order = self._order(ref, head, lines, problems)
        numbers = tuple(line.line for line in lines)
        if self._mode == NEW:
            references = lines[0].references if len(lines) == 1 else _all_references(lines)
            return Draft(order, None, numbers, problems, references)
        problems += notes(lines, self.reader.header_of, self._places)
        return Draft(order, history(lines), numbers, problems, {})

    def _head(self, lines: list[Line], problems: list[Problem]) -> dict[str, Any]:
        """Return the values of the whole, each from the first line that gives it."""
        head = dict(lines[0].values)
        for line in lines[1:]:
            for key, value in line.values.items():
                if key not in head:
                    head[key] = value
                elif head[key] != value and key in HEAD:
                    # A fixed value stands on every line and never contradicts a column.
                    self._differs(line, key, head, problems)
        return head

    def _differs(self, line: Line, key: str, head: dict[str, Any], problems: list[Problem]) -> None:
        base = self.reader.base.get(key)
        if head[key] == base:
            head[key] = line.values[key]
        if line.values[key] == base or head[key] == line.values[key]:
            return
        blocks = self._mode == NEW or key in HEAD_REQUIRED[HISTORY]
        message = _l("This differs from another line of the same consignment.")
        header = self.reader.header_of.get(key, "")
        text = str(line.values[key])
        problems.append(Problem(line.line, header, key, text, message, blocks, "differs"))

    def _require(self, lines: list[Line], head: dict[str, Any], problems: list[Problem]) -> None:
        for key in HEAD_REQUIRED[self._mode]:
            if not head.get(key) and not (self._own and key.startswith("consignor")):
                self._empty(lines[0], key, problems)
        for line in lines if self._mode == NEW else ():
            for key in PIECE_REQUIRED:
                if key not in line.values:
                    self._empty(line, key, problems)

    def _empty(self, line: Line, key: str, problems: list[Problem]) -> None:
        if not any(problem.field == key and problem.blocks for problem in problems
                   if problem.line == line.line):  # fmt: skip
            header = self.reader.header_of.get(key, "")
            problems.append(Problem(line.line, header, key, "", EMPTY, kind="empty"))

    def _ref(self, line: int, head: dict[str, Any], key: str, problems: list[Problem]) -> str:
        ref = str(head.get("order_ref") or head.get("consignment") or "")
        header = self.reader.header_of.get("order_ref") or self.reader.header_of.get("consignment")
        if not ref:
            if not any(p.field in ("order_ref", "consignment") for p in problems):
                problems.append(Problem(line, header or "", "order_ref", "", EMPTY, kind="empty"))
        elif self._refs.setdefault(ref, key) != key:
            message = _l("Another consignment of this file has the same order number.")
            problems.append(Problem(line, header or "", "order_ref", ref, message, kind="twice"))
        return ref

    def _order(
        self, ref: str, head: dict[str, Any], lines: list[Line], problems: list[Problem]
    ) -> dict[str, Any]:
        order: dict[str, Any] = {
            "order_ref": ref,
            "service": head.get("service", "standard"),
            "consignor": dict(self._own) if self._own else _party(head, "consignor"),
            "consignee": _party(head, "consignee"),
            "pieces": [_piece(line.values) for line in lines],
        }
        value = head.get("declared_value") or _line_values(lines)
        if value:
            order["declared_value"] = value
        if "cod" in head:
            order["cod"] = head["cod"]
        if "ordered_at" in head:
            order["ordered_at"] = instant(head["ordered_at"], self._zone)
        if "window_from" in head or "window_to" in head:
            order["window"] = self._window(lines[0].line, head, problems)
        note = _notes(lines)
        if note:
            order["note"] = note
        return order

    def _window(self, line: int, head: dict[str, Any], problems: list[Problem]) -> dict[str, str]:
        """Return both ends; where a file gives one, the other is that day's."""
        start, end = head.get("window_from"), head.get("window_to")
        first = instant(start or _day(end), self._zone)
        last = instant(end or _day(start), self._zone, end_of_day=True)
        if datetime.fromisoformat(first) > datetime.fromisoformat(last):
            message = _l("The delivery window ends before it begins.")
            header = self.reader.header_of.get("window_to", "")
            problems.append(Problem(line, header, "window_to", last, message))
        return {"from": first, "to": last}


def _day(value: Any) -> date:
    day: date = value.date() if isinstance(value, datetime) else value
    return day


def _party(head: dict[str, Any], role: str) -> dict[str, str]:
    party = {part: head.get(f"{role}_{part}", "") for part in PARTY}
    if not party["postcode"]:
        del party["postcode"]
    return party


def _piece(values: dict[str, Any]) -> dict[str, Any]:
    piece = {
        "goods": values.get("goods", ""),
        "quantity": values.get("quantity", "1"),
        "unit": values.get("unit", "C62"),
        "weight_g": values.get("weight"),
    }
    sizes = values.get("dimensions") or tuple(
        values.get(key) for key in ("length", "width", "height")
    )
    for name, size in zip(("length_mm", "width_mm", "height_mm"), sizes, strict=True):
        if size is not None:
            piece[name] = size
    return piece


def _line_values(lines: list[Line]) -> dict[str, Any] | None:
    amounts = [line.values["line_value"] for line in lines if "line_value" in line.values]
    if not amounts or len({amount["currency"] for amount in amounts}) > 1:
        return None
    total = sum(amount["minor"] for amount in amounts)
    return {"minor": total, "currency": amounts[0]["currency"]}


def _notes(lines: list[Line]) -> str:
    return "\n".join(dict.fromkeys(n for line in lines if (n := line.values.get("note"))))


def _all_references(lines: list[Line]) -> dict[str, str]:
    merged: dict[str, dict[str, None]] = {}
    for line in lines:
        for header, text in line.references.items():
            merged.setdefault(header, {})[text] = None
    return {header: "; ".join(texts) for header, texts in merged.items()}
