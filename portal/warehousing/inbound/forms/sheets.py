"""A notice as a sheet: a file (CSV, XLSX), or rows pasted from one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from portal.core import quantities, sheets
from portal.core.errors import FieldError, Invalid
from portal.core.i18n import lazy as _l
from portal.warehousing.goods.rules import sheet_words
from portal.warehousing.goods.rules.sheet_words import FORMULA, LEVEL_WORDS
from portal.warehousing.inbound.forms.typed import NO_DAY, NO_NUMBER, clean
from portal.warehousing.inbound.rules.announcing import MOST_LINES, SaidLine

#: Column → how people head it; pasted lines without headings have them in this order.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    **sheet_words.HEADINGS,
    "sscc": ("sscc", "pallet", "托盘", "托盤", "托盘码", "托盤碼", "箱唛", "棧板"),
}
NEEDED = ("sku", "quantity")
MOST_TOLD = 50  # lines that are named


@dataclass(frozen=True)
class Read:
    """The lines of a sheet that could be read, and what is wrong with the others."""

    lines: Sequence[SaidLine]
    errors: Sequence[FieldError]


def of_file(data: bytes) -> Read:
    """Return the lines of a file; raises Invalid where it cannot be read, or names no goods."""
    if not data:
        raise Invalid(_l("The file is empty. Choose another one."))
    sheet = sheets.opened(data)
    columns = _columns(sheet.headers)
    return _read(((row.line, row.cells) for row in sheet.rows()), columns)


def of_text(text: str) -> Read:
    """Return the lines that were pasted: cells with tabs or commas between them.

    With headings as in a file; without them goods, quantity, packing, lot, expiry, SSCC.
    """
    rows = [_cells(line) for line in text.replace("\0", "").splitlines() if line.strip()]
    if not rows:
        raise Invalid(_l("Choose a file, or paste at least one line."))
    found = sheet_words.places(rows[0], HEADINGS)
    if set(NEEDED) <= set(found):
        return _read(enumerate(rows[1:], start=2), found)
    usual = {name: n for n, name in enumerate(HEADINGS)}
    return _read(enumerate(rows, start=1), usual)


def _cells(line: str) -> tuple[str, ...]:
    for separator in ("\t", ";", ",", "，"):
        if separator in line:
            return tuple(line.split(separator))
    return tuple(line.split())


def _columns(headers: Sequence[str]) -> dict[str, int]:
    found = sheet_words.places(headers, HEADINGS)
    missing = [name for name in NEEDED if name not in found]
    if missing:
        raise Invalid(
            _l(
                "The sheet needs a column for the code of the goods and one for the quantity. "
                "Download the template to see them."
            )
        )
    return found


def _read(rows: Iterable[tuple[int, Sequence[str]]], columns: Mapping[str, int]) -> Read:
    lines: list[SaidLine] = []
    errors: list[FieldError] = []
    for number, cells in rows:
        values = {name: _cell(cells, n) for name, n in columns.items()}
        if not any(values.values()):
            continue
        if len(lines) + len(errors) >= MOST_LINES:
            raise Invalid(
                _l("A notice has at most %(most)s lines. Split it by vehicle.", most=MOST_LINES)
            )
        wrong = list(_wrong(values))
        if wrong:
            errors += [FieldError(f"{number}.{name}", message) for name, message in wrong]
        else:
            lines.append(_said(values, number))
    if not lines and not errors:
        raise Invalid(_l("There is no line with goods in it."))
    return Read(lines, errors)


def _cell(cells: Sequence[str], number: int) -> str:
    return clean(sheets.unguarded(cells[number])) if number < len(cells) else ""


def _wrong(values: Mapping[str, str]) -> Iterator[tuple[str, object]]:
    yield from ((name, FORMULA) for name, text in values.items() if text.startswith("="))
    if not values.get("sku"):
        yield "sku", _l("The code of the goods is missing.")
    try:
        quantities.read(values.get("quantity", ""))
    except ValueError:
        yield "quantity", NO_NUMBER
    if (level := values.get("level", "").lower()) and level not in LEVEL_WORDS:
        yield "level", _l("Packing is one of each, inner, case, pallet.")
    if (day := values.get("expires_on")) and sheet_words.day(day) is None:
        yield "expires_on", NO_DAY


def _said(values: Mapping[str, str], number: int) -> SaidLine:
    day = values.get("expires_on")
    return SaidLine(
        sku=values["sku"],
        quantity=quantities.read(values["quantity"]),
        level=LEVEL_WORDS.get(values.get("level", "").lower(), "each"),
        lot=values.get("lot", ""),
        expires_on=sheet_words.day(day) if day else None,
        sscc=values.get("sscc") or None,
        place=str(number),
    )


def sentences(errors: Sequence[FieldError]) -> list[str]:
    """Return what is wrong, line by line, as far as one reads it."""
    told = [
        str(_l("Line %(line)s: %(message)s", line=each.field.split(".")[0], message=each.message))
        for each in errors[:MOST_TOLD]
    ]
    if len(errors) > MOST_TOLD:
        told.append(str(_l("And %(count)s more.", count=len(errors) - MOST_TOLD)))
    return told
