"""The paper of a certificate: one A4 sheet on its side, with a code that leads to its proof."""

from dataclasses import dataclass
from types import SimpleNamespace

from portal.core import i18n
from portal.core.i18n import gettext as _
from portal.core.pdf import codes
from portal.core.pdf.sheets import A4, MM, Colour, Sheet
from portal.learning.rules import certificates

SIZE = (A4[1], A4[0])  # mm
LEFT, RIGHT = 24.0, SIZE[0] - 24.0
INK: Colour = (0.051, 0.118, 0.149)
GREY: Colour = (0.333, 0.404, 0.435)
LINE: Colour = (0.62, 0.67, 0.69)
SIGNAL: Colour = (1.0, 0.776, 0.102)
MODULE = 6 * codes.DOT_MM  # of the square code


@dataclass(frozen=True)
class Said:
    """What the paper says, in the language that is spoken now."""

    number: str
    name: str
    course: str
    lessons: int
    score: int  # percent
    issued_on: str
    verify_url: str


def draw(said: Said, centre: SimpleNamespace) -> bytes:
    """Return the certificate as PDF. Raises Refused while fonts are missing."""
    title = _("Certificate")
    sheet = Sheet(SIZE, i18n.tag(), title=f"{title} {said.number}", author=centre.name)
    sheet.page()
    _frame(sheet, centre)
    _body(sheet, title, said)
    _foot(sheet, said, centre)
    return sheet.finish()


def _frame(sheet: Sheet, centre: SimpleNamespace) -> None:
    sheet.box(10, 10, SIZE[0] - 20, SIZE[1] - 20, edge=0.35, colour=INK)
    sheet.box(12, 12, SIZE[0] - 24, SIZE[1] - 24, edge=0.9, colour=INK)
    _flag(sheet, LEFT, 22, 15)
    sheet.text(LEFT + 18, 29, centre.name, 15, bold=True, room=130, colour=INK)
    sheet.text(LEFT + 18, 35.5, centre.short, 9, room=130, colour=GREY)
    _quay(sheet, 44)


def _flag(sheet: Sheet, x: float, y: float, height: float) -> None:
    """Draw the mark: Q in the signal code, a plain flag on its staff."""
    staff = height * 0.09
    sheet.box(x, y, staff, height, fill=0.0)
    sheet.box(x + staff, y, height * 0.82, height * 0.62, fill=SIGNAL, edge=staff * 0.8)


def _quay(sheet: Sheet, y: float) -> None:
    """Draw the ruled edge of a quay: a mark a centimetre, longer at every fifth."""
    sheet.box(LEFT, y, RIGHT - LEFT, 0.9, fill=INK)
    for n in range(int((RIGHT - LEFT) / 10) + 1):
        x = LEFT + n * 10
        sheet.rule(x, y + 0.9, x, y + (3.4 if n % 5 == 0 else 2.2), weight=0.25, colour=INK)


def _body(sheet: Sheet, title: str, said: Said) -> None:
    room = RIGHT - LEFT
    sheet.text(LEFT, 64, title, 30, bold=True, colour=INK)
    sheet.text(LEFT, 79, _("This certifies that"), 11, colour=GREY)
    sheet.text(LEFT, 93, said.name, _largest(sheet, said.name, room, (26, 22, 18, 14)), bold=True)
    sheet.rule(LEFT, 97, RIGHT, 97, weight=0.25, colour=LINE)
    sheet.text(LEFT, 106, _("has completed the course and passed its quiz:"), 11, colour=GREY)
    size = _largest(sheet, said.course, room, (20, 17, 14))
    sheet.lines(LEFT, 118, said.course, size, room=room, most=2, bold=True, colour=INK)


def _largest(sheet: Sheet, words: str, room: float, sizes: tuple[float, ...]) -> float:
    face = sheet.face(bold=True)
    return next((size for size in sizes if face.width(words, size) <= room * MM), sizes[-1])


def _foot(sheet: Sheet, said: Said, centre: SimpleNamespace) -> None:
    cells, side = codes.qr(said.verify_url)
    top, left = 140.0, RIGHT - side * MODULE
    sheet.cells(left, top, cells, side=side, module=MODULE)
    room = left - LEFT - 12
    facts = (
        (_("Result"), i18n.percent(said.score / 100, 0)),
        (_("Lessons"), i18n.number(said.lessons)),
        (_("Issued on"), said.issued_on),
    )
    for place, (label, value) in enumerate(facts):
        x = LEFT + place * room / len(facts)
        sheet.text(x, top + 4, label, 9, colour=GREY)
        sheet.text(x, top + 12, value, 15, bold=True, colour=INK)
    sheet.text(LEFT, top + 24, _("Number"), 9, colour=GREY)
    _number(sheet, LEFT, top + 32, said.number)
    check = _("Whether it is genuine and still valid is said here:")
    sheet.lines(LEFT, top + 40, check, 8.5, room=room, most=2, colour=GREY)
    sheet.text(LEFT, top + 45, said.verify_url, 8.5, room=room, colour=INK)
    contact = "  ·  ".join(filter(None, (centre.phone, centre.email, centre.address)))
    sheet.text(LEFT, SIZE[1] - 17, contact, 7.5, room=RIGHT - LEFT, colour=GREY)


def _number(sheet: Sheet, x: float, y: float, number: str) -> None:
    """Paint the number in groups, its check character in a box."""
    *groups, check = certificates.spaced(number).split()
    for group in groups:
        x += sheet.text(x, y, group, 14, bold=True, colour=INK) + 2
    width = sheet.face(bold=True).width(check, 14) / MM + 2
    sheet.box(x, y - 4.6, width, 5.9, edge=0.3, colour=INK)
    sheet.text(x + width / 2, y, check, 14, bold=True, align="centre", colour=INK)
