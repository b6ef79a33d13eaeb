"""The A4 page: brand and title above the quay's edge, the number with its codes, foot with page.

Facts stand on a waybill grid: cells that share their hairlines.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.core.pdf.sheets import A4, MM, Sheet
from portal.documents.facts import NONE, Facts, Party
from portal.documents.papers import flow, marks
from portal.documents.papers.flow import LEFT, RIGHT, Strip
from portal.documents.papers.marks import GREY, INK, LINE, SIGNAL, Brand

Words = Mapping[str, str]
TOP, BOTTOM = 34.0, 281.0  # of what a page may hold
_CELL_H = 10.5
_CODE_X, _IDENTITY = 100.0, 80.0  # first bar; mm of words beside the bars
_PARTY_H, _PARTY_LINES = 33.0, 3
#: (label, value)
Cell = tuple[str, str]


@dataclass(frozen=True)
class Layout:
    """One paper: what stands on its first page above what flows, and what flows."""

    title: str
    facts: Facts
    words: Words
    brand: Brand
    #: Heights and drawings of the fixed parts of the first page.
    fixed: Sequence[Strip]
    flowing: Sequence[Strip]

    def pages(self) -> list[list[Strip]]:
        """Return what flows, page by page."""
        taken = sum(part.height for part in self.fixed)
        return flow.paginate(self.flowing, BOTTOM - TOP - taken, BOTTOM - TOP)


def begin(language: str, title: str, brand: Brand) -> Sheet:
    """Return an empty A4 document."""
    return Sheet(A4, language, title=title, author=brand.name)


def draw(sheet: Sheet, layout: Layout, copies: Sequence[str] = ("",)) -> int:
    """Draw a paper, once for each of ``copies`` (what is said of it); return how many pages.

    What the copies share is drawn once.
    """
    pages = layout.pages()
    for n, strips in enumerate(pages, start=1):
        with sheet.form(f"{layout.facts.no}-{layout.title}-{n}".encode().hex()) as is_new:
            if is_new:
                _head(sheet, layout)
                _foot(sheet, layout, n, len(pages))
                y = flow.draw(sheet, layout.fixed, TOP) if n == 1 else TOP
                flow.draw(sheet, strips, y)
    for copy in copies:
        for n in range(1, len(pages) + 1):
            sheet.page()
            sheet.stamp(f"{layout.facts.no}-{layout.title}-{n}".encode().hex())
            if copy:
                sheet.text(RIGHT, 20.6, copy, 8, room=88, align="right", colour=GREY)
    return len(pages) * len(copies)


def _head(sheet: Sheet, layout: Layout) -> None:
    brand = layout.brand
    marks.flag(sheet, LEFT, 10, 11, colour=SIGNAL)
    sheet.text(LEFT + 13, 15, brand.name, 12, bold=True, room=75, colour=INK)
    sheet.text(
        LEFT + 13, 20.4, f"{brand.short}  {brand.phone}  {brand.email}", 7.5, room=75, colour=GREY
    )
    sheet.text(RIGHT, 15.6, layout.title, 17, bold=True, room=88, align="right", colour=INK)
    _quay(sheet, 24)


def _quay(sheet: Sheet, y: float) -> None:
    """Draw the ruled edge of a quay: a mark a centimetre, longer at every fifth."""
    sheet.box(LEFT, y, RIGHT - LEFT, 0.9, fill=INK)
    for n in range(19):
        x = min(LEFT + n * 10, RIGHT)
        sheet.rule(x, y + 0.9, x, y + (3.0 if n % 5 == 0 else 2.0), weight=0.25, colour=INK)


def _foot(sheet: Sheet, layout: Layout, page: int, pages: int) -> None:
    words, facts = layout.words, layout.facts
    sheet.rule(LEFT, 285, RIGHT, 285, weight=0.2, colour=LINE)
    marks.number(sheet, LEFT, 289.6, facts.no, size=8)
    state = words["as_of"].format(facts.state_of)
    sheet.text(105, 289.6, state, 7.5, align="centre", colour=GREY)
    sheet.text(RIGHT, 289.6, words["page"].format(page, pages), 7.5, align="right", colour=GREY)


def identity(facts: Facts, words: Words) -> Strip:
    """Return the number with its codes, what it is, and where it is followed."""

    def paint(sheet: Sheet, y: float) -> None:
        marks.number(sheet, LEFT, y + 7, facts.no, size=19)
        order = f"{words['order']} {facts.order_ref}" if facts.order_ref else ""
        pieces = f"{len(facts.units)} × {words['piece']}"
        about = "  ·  ".join(filter(None, (order, facts.service_name, pieces)))
        size = marks.largest(sheet, about, _IDENTITY, (9, 8, 7))
        sheet.text(LEFT, y + 14.5, about, size, room=_IDENTITY, colour=GREY)
        x = marks.plate(sheet, LEFT, y + 18, facts.status_text, size=9, height=5.6, room=32)
        if care := care_of(facts, words):
            room = _IDENTITY - x - 6
            size = marks.largest(sheet, care, room, (9, 8, 7, 6, 5))
            marks.plate(sheet, LEFT + x + 2, y + 18, care, size=size, height=5.6, room=room)
        marks.number_code(sheet, _CODE_X, y + 1, facts.no, height=15)
        sheet.text(_CODE_X, y + 20, facts.track_url, 6.5, room=70, colour=GREY)
        marks.qr(sheet, RIGHT, y + 1, facts.track_url, room=21)
        sheet.text(RIGHT, y + 25, words["scan"], 7, align="right", colour=GREY)

    return Strip(27.5, paint)


def care_of(facts: Facts, words: Words) -> str:
    """Return what asks for care: cold, danger."""
    cold = " ".join(filter(None, (words["cold"], facts.temperature))) if facts.is_cold else ""
    return "  ·  ".join(filter(None, (cold, words["dangerous"] if facts.is_dangerous else "")))


def parties(facts: Facts, words: Words) -> Strip:
    """Return consignor and consignee side by side; what does not fit follows in full below."""

    def paint(sheet: Sheet, y: float) -> None:
        half = (RIGHT - LEFT) / 2
        sheet.box(LEFT, y, RIGHT - LEFT, _PARTY_H, edge=0.35, colour=INK)
        sheet.rule(LEFT + half, y, LEFT + half, y + _PARTY_H, weight=0.2, colour=LINE)
        _party(sheet, LEFT + 2.5, y, words["consignor"], facts.consignor)
        _party(sheet, LEFT + half + 2.5, y, words["consignee"], facts.consignee)

    return Strip(_PARTY_H + 3, paint)


_PARTY_ROOM = (RIGHT - LEFT) / 2 - 5


def _party(sheet: Sheet, x: float, y: float, title: str, party: Party) -> None:
    sheet.text(x, y + 4, title, 7, colour=GREY)
    sheet.text(x + _PARTY_ROOM, y + 4.4, party.phone, 10, bold=True, room=50, align="right")
    sheet.text(x, y + 10.4, party.name or NONE, 13, bold=True, room=_PARTY_ROOM)
    at = sheet.lines(x, y + 16, party.address, 10, room=_PARTY_ROOM, most=_PARTY_LINES)
    sheet.text(x, min(at, y + 30.5), party.place, 10, room=_PARTY_ROOM)


def parties_in_full(sheet: Sheet, facts: Facts, words: Words) -> list[Strip]:
    """Return, as texts that flow, the parties that did not fit into their cells."""
    strips: list[Strip] = []
    for name, party in (("consignor", facts.consignor), ("consignee", facts.consignee)):
        if _fits(sheet, party):
            continue
        said = " · ".join(filter(None, (party.name, party.phone, party.address, party.place)))
        strips.extend(flow.prose(sheet, words["in_full"].format(words[name]), said))
    return strips


def _fits(sheet: Sheet, party: Party) -> bool:
    face, bold, room = sheet.face(), sheet.face(bold=True), _PARTY_ROOM * MM
    return (
        len(party.name) + len(party.address) + len(party.place) < 600
        and len(bold.lines(party.name, room, 13)) < 2
        and len(face.lines(party.address, room, 10)) <= _PARTY_LINES
        and len(face.lines(party.place, room, 10)) < 2
    )


def grid(rows: Sequence[Sequence[Cell]]) -> Strip:
    """Return facts on a grid with shared hairlines; the cells of a row are equally wide."""
    height = len(rows) * _CELL_H

    def paint(sheet: Sheet, y: float) -> None:
        sheet.box(LEFT, y, RIGHT - LEFT, height, edge=0.35, colour=INK)
        for n, cells in enumerate(rows):
            top, width = y + n * _CELL_H, (RIGHT - LEFT) / len(cells)
            if n:
                sheet.rule(LEFT, top, RIGHT, top, weight=0.2, colour=LINE)
            for place, (label, value) in enumerate(cells):
                x = LEFT + place * width
                if place:
                    sheet.rule(x, top, x, top + _CELL_H, weight=0.2, colour=LINE)
                sheet.text(x + 2, top + 3.7, label, 7, room=width - 3, colour=GREY)
                size = marks.largest(sheet, value, width - 3, (10, 9, 8, 7, 6))
                sheet.text(x + 2, top + 8.6, value or NONE, size, bold=True, room=width - 3)

    return Strip(height + 2, paint)


def signatures(titles: Sequence[str], words: Words, *, height: float = 34.0) -> Strip:
    """Return boxes to sign in, side by side; they stay on one page."""
    width = (RIGHT - LEFT) / len(titles)

    def paint(sheet: Sheet, y: float) -> None:
        top = y + 4
        sheet.box(LEFT, top, RIGHT - LEFT, height, edge=0.35, colour=INK)
        for n, title in enumerate(titles):
            x = LEFT + n * width
            if n:
                sheet.rule(x, top, x, top + height, weight=0.2, colour=LINE)
            sheet.lines(x + 2, top + 4.4, title, 8.5, room=width - 4, most=2, bold=True)
            for line, name in enumerate(("name_in_print", "date", "signature")):
                base = top + height - 16 + line * 7
                sheet.text(x + 2, base, words[name], 6.5, room=width * 0.4, colour=GREY)
                sheet.rule(x + width * 0.42, base, x + width - 3, base, weight=0.15, colour=LINE)

    return Strip(height + 6, paint)
