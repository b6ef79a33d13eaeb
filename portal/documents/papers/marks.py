"""What all papers share: the brand, the number painted like a container, the codes, captions."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.core.pdf import codes
from portal.core.pdf.sheets import BLACK, MM, WHITE, Colour, Sheet

INK: Colour = (0.051, 0.118, 0.149)
GREY: Colour = (0.333, 0.404, 0.435)
LINE: Colour = (0.62, 0.67, 0.69)
_PLATE = 60.0  # mm of words, at most
SIGNAL: Colour = (1.0, 0.776, 0.102)


@dataclass(frozen=True)
class Brand:
    """The centre as papers name it."""

    name: str
    short: str
    phone: str
    email: str
    address: str


def flag(sheet: Sheet, x: float, y: float, height: float, *, colour: Colour) -> None:
    """Draw the mark: Q in the signal code, a plain flag on its staff."""
    staff = height * 0.09
    sheet.box(x, y, staff, height, fill=BLACK)
    sheet.box(x + staff, y, height * 0.82, height * 0.62, fill=colour, edge=staff * 0.8)


def number(sheet: Sheet, x: float, y: float, no: str, *, size: float) -> float:
    """Paint a consignment number with its base line at ``y``; return its right end, in mm.

    In groups, the check character in a box.
    """
    for group in (no[:2], no[2:8], no[8:13]):
        x += sheet.text(x, y, group, size, bold=True) + size * 0.09
    return _boxed(sheet, x, y, no[13:], size)


def sscc(
    sheet: Sheet, x: float, y: float, code: str, *, size: float, colour: Colour = GREY
) -> float:
    """Paint an SSCC in the same way; return its right end, in mm."""
    x += sheet.text(x, y, "(00)", size, colour=colour) + size * 0.08
    for group in (code[0], code[1:8], code[8:17]):
        x += sheet.text(x, y, group, size) + size * 0.08
    return _boxed(sheet, x, y, code[17:], size, bold=False)


def _boxed(sheet: Sheet, x: float, y: float, sign: str, size: float, *, bold: bool = True) -> float:
    width = max(sheet.face(bold=bold).width(sign, size) / MM + size * 0.11, size * 0.28)
    tall = size * 0.37
    sheet.box(x, y - tall * 0.88, width, tall * 1.1, edge=size * 0.012)
    sheet.text(x + width / 2, y, sign, size, bold=bold, align="centre")
    return x + width


def number_code(sheet: Sheet, x: float, y: float, no: str, *, height: float) -> float:
    """Draw the number as Code 128 with its first bar at ``x``; return how wide it is, in mm."""
    bars, modules = codes.code_128(no)
    sheet.bars(x, y, bars, module=codes.CODE_MODULE_MM, height=height)
    return modules * codes.CODE_MODULE_MM


def qr(sheet: Sheet, right: float, y: float, text: str, *, room: float) -> float:
    """Draw a QR code that ends at ``right``, in as large modules as ``room`` has place for.

    Returns the side of its black, in mm.
    """
    cells, side = codes.qr(text)
    dots = max(int(room / side / codes.DOT_MM), 2)
    module = min(dots, 5) * codes.DOT_MM
    sheet.cells(right - side * module, y, cells, side=side, module=module)
    return side * module


def plate(
    sheet: Sheet,
    x: float,
    y: float,
    words: str,
    *,
    size: float,
    height: float,
    room: float = _PLATE,
) -> float:
    """Draw white words on black from ``x`` on; return how wide the plate is, in mm.

    What is wider than ``room`` ends in an ellipsis.
    """
    width = plate_width(sheet, words, size, room=room)
    sheet.box(x, y, width, height, fill=BLACK)
    base = y + height / 2 + size * 0.125
    sheet.text(x + size * 0.18, base, words, size, bold=True, room=room, colour=WHITE)
    return width


def largest(sheet: Sheet, words: str, room: float, sizes: Sequence[float]) -> float:
    """Return the largest of ``sizes`` (falling) at which bold words fit, else the smallest."""
    face = sheet.face(bold=True)
    fits = (size for size in sizes if face.width(words[:80], size) <= room * MM)
    return next(fits, sizes[-1])


def plate_width(sheet: Sheet, words: str, size: float, *, room: float = _PLATE) -> float:
    """Return how wide a plate would be, in mm."""
    face = sheet.face(bold=True)
    return face.width(face.line(words, room * MM, size), size) / MM + size * 0.36
