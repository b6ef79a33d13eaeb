"""Barcodes as lengths of bars: what a sheet draws as one path.

Codes are drawn in whole dots of a 203 dpi printer (0.125 mm): every bar of a GS1-128 is four of
them or a multiple, of a plain Code 128 three. At 300 dpi an edge then lies at most half a dot off,
an eighth of a module, where readers bear a third.
"""

from functools import lru_cache

import segno

from portal.core import gs1, later

_code128 = later.function("reportlab.graphics.barcode.code128:Code128")
DOT_MM = 0.125  # of a printer of 203 dpi
GS1_MODULE_MM = 4 * DOT_MM  # GS1 General Specifications §5.12: 0.495 to 0.940 mm on units
CODE_MODULE_MM = 3 * DOT_MM
QR_MODULE_MM = 4 * DOT_MM
CODE_QUIET, QR_QUIET = 10, 4  # modules of white that readers need on each side
#: One pattern for all codes: to try all eight and choose the fairest takes five times as long.
_MASK = 2
_FNC1 = "\xf1"
_SSCC_AI = "00"
#: Runs of bars: (first module, modules wide).
Bars = list[tuple[int, int]]
#: The black of a square code: (column, row, columns), row by row from the top.
Cells = list[tuple[int, int, int]]


def gs1_128(sscc: str) -> tuple[Bars, int]:
    """Return the bars of (00)SSCC as GS1-128, and how many modules wide they are.

    Raises ValueError for what is no SSCC: a wrong code must not be printed.
    """
    if not gs1.is_sscc(sscc):
        raise ValueError("Not a Serial Shipping Container Code.")
    return _bars(f"{_FNC1}{_SSCC_AI}{sscc}")


def code_128(text: str) -> tuple[Bars, int]:
    """Return the bars of printable ASCII as Code 128, and how many modules wide they are.

    Raises ValueError for any other text.
    """
    if not (text and text.isascii() and text.isprintable()):
        raise ValueError("Code 128 is for printable ASCII.")
    return _bars(text)


def _bars(value: str) -> tuple[Bars, int]:
    drawn = _code128(value, quiet=0)
    drawn.validate()
    drawn.encode()
    drawn.decompose()
    bars, at = [], 0
    for letter in drawn.decomposed:  # a and A: one module, b and B: two …; capitals are black
        wide = ord(letter.lower()) - ord("a") + 1
        if letter.isupper():
            bars.append((at, wide))
        at += wide
    return bars, at


@lru_cache(maxsize=256)
def qr(text: str) -> tuple[Cells, int]:
    """Return the black cells of a QR code (level M) and how many modules a side has."""
    drawn = segno.make(text, error="m", micro=False, boost_error=False, mask=_MASK)
    matrix = drawn.matrix
    cells = []
    for row, line in enumerate(matrix):
        column, side = 0, len(line)
        while column < side:
            start = column
            while column < side and line[column]:
                column += 1
            if column > start:
                cells.append((start, row, column - start))
            column += 1
    return cells, len(matrix)


def grouped_sscc(sscc: str) -> str:
    """Return an SSCC as people read it: ``(00) 3 6901234 000118840 1``."""
    return f"(00) {sscc[0]} {sscc[1:8]} {sscc[8:17]} {sscc[17:]}"
