"""Labels of locations: Code 128 and large words, sixteen on a sheet of A4 or one on each page.

Bars are whole dots of a 203 dpi printer: three for usual codes, two for long ones, with ten
modules of white on each side.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.core.pdf import codes
from portal.core.pdf.sheets import A4, Sheet

MOST = 4000  # labels of one file
#: Names of the formats → (page, columns, rows, width, height, left, top) in mm.
FORMATS = {
    "a4": (A4, 2, 8, 99.1, 33.9, 5.9, 12.9),
    "single": ((100.0, 50.0), 1, 1, 100.0, 50.0, 0.0, 0.0),
}
_MODULES = (codes.CODE_MODULE_MM, 2 * codes.DOT_MM)
_EDGE = 3.0  # mm without anything around each label


@dataclass(frozen=True)
class Label:
    """What one label says: the code in large, what is scanned, a line above and below."""

    code: str
    barcode: str
    above: str
    below: str


def sheet_of(labels: Sequence[Label], format_: str, language: str, title: str) -> bytes:
    """Return the PDF of labels in one of FORMATS, in their order, row by row.

    Raises Refused for a code that is too long for a label.
    """
    page, columns, rows, width, height, left, top = FORMATS[format_]
    sheet = Sheet(page, language, title=title)
    for n, label in enumerate(labels):
        place = n % (columns * rows)
        if place == 0:
            sheet.page()
        row, column = divmod(place, columns)
        gap = (page[0] - 2 * left - columns * width) / max(columns - 1, 1)
        _draw(sheet, label, left + column * (width + gap), top + row * height, (width, height))
    return sheet.finish()


def _draw(sheet: Sheet, label: Label, x: float, y: float, size: tuple[float, float]) -> None:
    """Draw one label with its upper left corner at (x, y)."""
    width, height = size
    inner = width - 2 * _EDGE
    sheet.text(x + _EDGE, y + 5.5, label.above, 8, room=inner * 0.6)
    sheet.text(x + width - _EDGE, y + 5.5, label.below, 8, room=inner * 0.38, align="right")
    large = _fitting(sheet, label.code, inner, (30, 26, 22, 18, 14))
    sheet.text(x + width / 2, y + 15.5, label.code, large, bold=True, room=inner, align="centre")
    bars, modules = codes.code_128(label.barcode)
    module = _module(modules, width)
    bars_x = x + (width - modules * module) / 2
    below = height - 18 - 5.5
    sheet.bars(bars_x, y + 18, bars, module=module, height=below)
    sheet.text(x + width / 2, y + height - 2.2, label.barcode, 7, room=inner, align="centre")


def _module(modules: int, width: float) -> float:
    """Return how wide a module is, so that the code and its quiet zones fit."""
    needed = modules + 2 * codes.CODE_QUIET
    module = next((each for each in _MODULES if needed * each <= width), None)
    if module is None:
        raise Refused(_l("This code is too long for a label."))
    return module


def _fitting(sheet: Sheet, words: str, room: float, sizes: Sequence[float]) -> float:
    """Return the largest size at which the words fit."""
    face = sheet.face(bold=True)
    points = room * 72 / 25.4
    return next((size for size in sizes if face.width(words, size) <= points), sizes[-1])
