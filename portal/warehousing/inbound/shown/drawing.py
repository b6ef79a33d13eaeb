"""A receipt drawn on A4: head, code of the reference, facts, lines over pages, signatures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.core.pdf import codes
from portal.core.pdf.sheets import A4, MM, Colour, Sheet

INK: Colour = (0.051, 0.118, 0.149)
GREY: Colour = (0.333, 0.404, 0.435)
LINE: Colour = (0.62, 0.67, 0.69)
SIGNAL: Colour = (1.0, 0.776, 0.102)
LEFT, RIGHT = 14.0, 196.0
_TOP, _BOTTOM = 34.0, 278.0
_SIZE, _LEAD = 8.5, 4.0  # of the table: points, mm a line
#: Where each column of the table begins, how wide it is, and on which side it hangs.
_COLUMNS = (
    (14.0, 8.0, "left"),
    (23.0, 62.0, "left"),
    (87.0, 42.0, "left"),
    (131.0, 20.0, "right"),
    (153.0, 20.0, "right"),
    (176.0, 20.0, "left"),
)


@dataclass(frozen=True)
class Row:
    """One line of the receipt: a cell for each column."""

    cells: Sequence[str]


@dataclass(frozen=True)
class Content:
    """What a receipt says, in the words of one language."""

    language: str
    title: str
    ref: str
    centre: str
    reach: str
    #: (label, value)
    facts: Sequence[tuple[str, str]]
    heads: Sequence[str]
    rows: Sequence[Row]
    notes: Sequence[str]
    words: Mapping[str, str]


def draw(content: Content) -> bytes:
    """Return the receipt as PDF."""
    sheet = Sheet(A4, content.language, title=content.title, author=content.centre)
    drawing = _Drawing(sheet, content)
    drawing.begin()
    for row in content.rows:
        drawing.row(row)
    for note in content.notes:
        drawing.note(note)
    drawing.sign()
    drawing.end()
    return sheet.finish()


class _Drawing:
    """A receipt while it is drawn: where the next line stands."""

    def __init__(self, sheet: Sheet, content: Content) -> None:
        self.sheet, self.content, self.y = sheet, content, _TOP

    def begin(self) -> None:
        """Draw what stands on the first page alone."""
        self._page()
        sheet, content = self.sheet, self.content
        sheet.text(LEFT, self.y + 7, content.ref, 19, bold=True, colour=INK)
        bars, _ = codes.code_128(content.ref)
        sheet.bars(120, self.y, bars, module=codes.CODE_MODULE_MM, height=12)
        self.y += 17
        self._facts()
        self._heads()

    def _page(self) -> None:
        sheet, content = self.sheet, self.content
        sheet.page()
        sheet.box(LEFT, 10, 1, 11, fill=INK)
        sheet.box(LEFT + 1, 10, 9, 6.8, fill=SIGNAL, edge=0.5)
        sheet.text(LEFT + 13, 15, content.centre, 12, bold=True, room=95, colour=INK)
        sheet.text(LEFT + 13, 20.4, content.reach, 7.5, room=95, colour=GREY)
        sheet.text(RIGHT, 15.6, content.title, 17, bold=True, room=70, align="right", colour=INK)
        sheet.box(LEFT, 24, RIGHT - LEFT, 0.9, fill=INK)
        page = content.words["page"].format(sheet.pages)
        sheet.text(LEFT, 289.6, content.ref, 8, colour=GREY)
        sheet.text(RIGHT, 289.6, page, 7.5, align="right", colour=GREY)
        self.y = _TOP

    def _facts(self) -> None:
        sheet, facts = self.sheet, self.content.facts
        width, height = (RIGHT - LEFT) / 3, 11.0
        rows = -(-len(facts) // 3)
        sheet.box(LEFT, self.y, RIGHT - LEFT, rows * height, edge=0.35, colour=INK)
        for n, (label, value) in enumerate(facts):
            x, top = LEFT + n % 3 * width, self.y + n // 3 * height
            if n % 3:
                sheet.rule(x, top, x, top + height, weight=0.2, colour=LINE)
            elif n:
                sheet.rule(LEFT, top, RIGHT, top, weight=0.2, colour=LINE)
            sheet.text(x + 2, top + 4, label, 7, room=width - 4, colour=GREY)
            sheet.text(x + 2, top + 9, value or "–", 9.5, bold=True, room=width - 4)
        self.y += rows * height + 5

    def _heads(self) -> None:
        for (x, width, align), words in zip(_COLUMNS, self.content.heads, strict=True):
            at = x + width if align == "right" else x
            self.sheet.text(at, self.y + 3, words, 7, room=width, align=align, colour=GREY)
        self.sheet.rule(LEFT, self.y + 4.6, RIGHT, self.y + 4.6, weight=0.5, colour=INK)
        self.y += 5.6

    def _need(self, height: float, *, heads: bool = True) -> None:
        if self.y + height <= _BOTTOM:
            return
        self._page()
        if heads:
            self._heads()

    def row(self, row: Row) -> None:
        """Draw one line of the receipt, as high as its longest cell."""
        face = self.sheet.face()
        cells = [
            face.lines(words, width * MM, _SIZE, most=4) if words else []
            for (_, width, _), words in zip(_COLUMNS, row.cells, strict=True)
        ]
        height = max(1, *map(len, cells)) * _LEAD + 2
        self._need(height)
        for (x, width, align), lines in zip(_COLUMNS, cells, strict=True):
            at = x + width if align == "right" else x
            for n, line in enumerate(lines):
                self.sheet.set_line(at, self.y + 3.4 + n * _LEAD, line, _SIZE, align=align)
        self.y += height
        self.sheet.rule(LEFT, self.y - 0.6, RIGHT, self.y - 0.6, weight=0.12, colour=LINE)

    def note(self, words: str) -> None:
        """Draw a sentence below the table."""
        lines = self.sheet.face().lines(words, (RIGHT - LEFT) * MM, 9)
        for line in lines:
            self._need(5, heads=False)
            self.sheet.set_line(LEFT, self.y + 5, line, 9)
            self.y += 4.6

    def sign(self) -> None:
        """Draw where driver and warehouse sign."""
        self._need(34, heads=False)
        top, half = self.y + 6, (RIGHT - LEFT) / 2
        self.sheet.box(LEFT, top, RIGHT - LEFT, 26, edge=0.35, colour=INK)
        self.sheet.rule(LEFT + half, top, LEFT + half, top + 26, weight=0.2, colour=LINE)
        for n, name in enumerate(("driver", "warehouse")):
            x = LEFT + n * half
            self.sheet.text(x + 2, top + 4.6, self.content.words[name], 8.5, bold=True)
            for line, label in enumerate(("name", "signature")):
                base = top + 14 + line * 8
                self.sheet.text(x + 2, base, self.content.words[label], 6.5, colour=GREY)
                self.sheet.rule(x + 24, base, x + half - 4, base, weight=0.15, colour=LINE)
        self.y = top + 28

    def end(self) -> None:
        """Say when it was printed."""
        self.sheet.text(105, 289.6, self.content.words["as_of"], 7.5, align="centre", colour=GREY)
