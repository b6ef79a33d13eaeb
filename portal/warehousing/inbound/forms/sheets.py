"""A notice as a sheet: a file (CSV, XLSX), or rows pasted from one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from portal.core import quantities, sheets
from portal.core.errors import FieldError, Invalid
from portal.core.i18n import lazy as _l
from portal.warehousing.goods.rules import LEVELS
from portal.warehousing.inbound.forms.typed import NO_DAY, NO_NUMBER, clean, day_of
from portal.warehousing.inbound.rules.announcing import MOST_LINES, SaidLine

#: Column → how people head it, in small letters without spaces.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "sku": (
        "sku",
        "code",
        "item",
        "article",
        "货号",
        "貨號",
        "编码",
        "商品编码",
        "品号",
        "货品编码",
    ),
    "quantity": ("quantity", "qty", "amount", "数量", "數量", "件数"),
    "level": ("level", "pack", "packing", "包装", "包裝", "包装单位", "单位", "單位"),
    "lot": ("lot", "batch", "lotno", "批次", "批号", "批號", "序列号"),
    "expires_on": ("expires_on", "expires", "expiry", "expirydate", "效期", "有效期", "到期日"),
    "sscc": ("sscc", "pallet", "托盘", "托盘码", "棧板"),
}
NEEDED = ("sku", "quantity")
#: How a level is written in sheets → the level.
_LEVELS = {
    **{level: level for level in LEVELS},
    **dict.fromkeys(("pcs", "pc", "ea", "件", "个", "個", "只"), "each"),
    **dict.fromkeys(("box", "ctn", "carton", "cs", "箱"), "case"),
    **dict.fromkeys(("pack", "中包", "盒"), "inner"),
    **dict.fromkeys(("plt", "托", "托盘", "板"), "pallet"),
}
MOST_TOLD = 50  # lines that are named
_EPOCH = date(1899, 12, 30)  # day 0 of spreadsheets


@dataclass(frozen=True)
class Read:
    """The lines of a sheet that could be read, and what is wrong with the others."""

    lines: Sequence[SaidLine]
    errors: Sequence[FieldError]


def of_file(data: bytes) -> Read:
    """Return the lines of a file; raises Invalid where it cannot be read, or names no goods."""
    sheet = sheets.opened(data)
    columns = _columns(sheet.headers)
    return _read(((row.line, row.cells) for row in sheet.rows()), columns)


def of_text(text: str) -> Read:
    """Return the lines that were pasted: cells with tabs or commas between them.

    With headings as in a file; without them goods, quantity, packing, lot, expiry, SSCC.
    """
    rows = [_cells(line) for line in text.replace("\0", "").splitlines() if line.strip()]
    if not rows:
        raise Invalid(
            _l("Paste at least one line."), [FieldError("pasted", _l("Paste at least one line."))]
        )
    found = {name: n for name, n in _found(rows[0]).items() if n is not None}
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
    found = _found(headers)
    missing = [name for name in NEEDED if name not in found]
    if missing:
        raise Invalid(
            _l(
                "The sheet needs a column for the code of the goods (“SKU”) and one for the "
                "quantity (“Quantity”). Download the template to see them."
            )
        )
    return found


def _found(headers: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for number, header in enumerate(headers):
        plain = clean(header).lower().replace(" ", "").replace("_", "")
        for name, known in HEADINGS.items():
            if name not in found and plain in {each.replace("_", "") for each in known}:
                found[name] = number
                break
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
    if not values.get("sku"):
        yield "sku", _l("The code of the goods is missing.")
    try:
        quantities.read(values.get("quantity", ""))
    except ValueError:
        yield "quantity", NO_NUMBER
    if (level := values.get("level", "").lower()) and level not in _LEVELS:
        yield "level", _l("Packing is one of each, inner, case, pallet.")
    if (day := values.get("expires_on")) and _day(day) is None:
        yield "expires_on", NO_DAY


def _said(values: Mapping[str, str], number: int) -> SaidLine:
    day = values.get("expires_on")
    return SaidLine(
        sku=values["sku"],
        quantity=quantities.read(values["quantity"]),
        level=_LEVELS.get(values.get("level", "").lower(), "each"),
        lot=values.get("lot", ""),
        expires_on=_day(day) if day else None,
        sscc=values.get("sscc") or None,
        place=str(number),
    )


def _day(text: str) -> date | None:
    """Return a day as sheets write it: 2026-11-21, 2026/11/21, 20261121, or its number."""
    text = text.split(" ")[0].split("T")[0]
    if text.isascii() and text.isdigit():
        if len(text) == 8:
            return day_of(f"{text[:4]}-{text[4:6]}-{text[6:]}")
        return _EPOCH + timedelta(days=int(text)) if len(text) == 5 else None
    parts = text.replace("/", "-").replace(".", "-").split("-")
    if len(parts) == 3 and all(part.isdecimal() for part in parts):
        return day_of(f"{parts[0]:0>4}-{parts[1]:0>2}-{parts[2]:0>2}")
    return day_of(text)


def sentences(errors: Sequence[FieldError]) -> list[str]:
    """Return what is wrong, line by line, as far as one reads it."""
    told = [
        str(_l("Line %(line)s: %(message)s", line=each.field.split(".")[0], message=each.message))
        for each in errors[:MOST_TOLD]
    ]
    if len(errors) > MOST_TOLD:
        told.append(str(_l("And %(count)s more.", count=len(errors) - MOST_TOLD)))
    return told
