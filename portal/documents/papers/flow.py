"""Text and tables that go on over pages: strips of a line each, put below each other.

A strip knows its height and how to draw itself; a page takes as many as it has room for. A long
text is many strips, so nothing is cut and nothing stands on top of another.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from portal.core.pdf.sheets import LEADING, MM, Sheet
from portal.documents.papers.marks import GREY, INK, LINE

LEFT, RIGHT = 14.0, 196.0
_SIZE, _PAD = 8.5, 1.3
_TOGETHER = 6  # lines of one row that stay on one page


@dataclass(frozen=True)
class Strip:
    """Something of ``height`` mm, drawn from its upper edge down; ``head`` repeats above it."""

    height: float
    draw: Callable[[Sheet, float], None]
    head: "Strip | None" = None


@dataclass(frozen=True)
class Column:
    """One column of a table: its name, where it begins, how wide it is, on which side it hangs."""

    name: str
    x: float
    width: float
    align: str = "left"
    #: Paints a cell instead of writing it: (sheet, x, base line, words).
    paint: Callable[[Sheet, float, float, str], float] | None = None


def paginate(strips: Sequence[Strip], first: float, other: float) -> list[list[Strip]]:
    """Return strips page by page: ``first`` and ``other`` are the mm that pages have room for."""
    pages: list[list[Strip]] = [[]]
    room = first
    for strip in strips:
        page, head = pages[-1], strip.head
        needs_head = head is not None and (not page or page[-1].head is not head)
        needed = strip.height + (head.height if head and needs_head else 0.0)
        if needed > room and page:
            pages.append(page := [])
            room = other
            needs_head = head is not None
            needed = strip.height + (head.height if head else 0.0)
        if head and needs_head:
            page.append(Strip(head.height, head.draw, head))
        page.append(strip)
        room -= needed
    return pages


def draw(sheet: Sheet, strips: Sequence[Strip], y: float) -> float:
    """Draw strips from ``y`` down; return where they end."""
    for strip in strips:
        strip.draw(sheet, y)
        y += strip.height
    return y


def table(
    sheet: Sheet, columns: Sequence[Column], rows: Sequence[Sequence[str]]
) -> Iterator[Strip]:
    """Give the strips of a table; its head stands above it on every page."""
    head = Strip(6.0, lambda on, y: _head(on, columns, y))
    for cells in rows:
        yield from _row(sheet, columns, cells, head)


def _head(sheet: Sheet, columns: Sequence[Column], y: float) -> None:
    for column in columns:
        x = column.x + (column.width if column.align == "right" else 0)
        sheet.text(x, y + 4.2, column.name, 7, room=column.width, align=column.align, colour=GREY)
    sheet.rule(LEFT, y + 5.7, RIGHT, y + 5.7, weight=0.5, colour=INK)


def _row(
    sheet: Sheet, columns: Sequence[Column], cells: Sequence[str], head: Strip
) -> Iterator[Strip]:
    """Give one row: together if it is short, else line by line."""
    face = sheet.face()
    broken = [
        [words] if column.paint else face.lines(words, column.width * MM, _SIZE)
        for column, words in zip(columns, cells, strict=True)
    ]
    count = max(1, *map(len, broken))
    step = _TOGETHER if count <= _TOGETHER else 1
    for start in range(0, count, step):
        part = [lines[start : start + step] for lines in broken]
        ends = start + step >= count
        height = max(1, *map(len, part)) * _line_height() + (_PAD if start == 0 else 0)
        height += _PAD if ends else 0
        yield Strip(height, _row_part(columns, part, first=start == 0, ends=ends), head)


def _line_height() -> float:
    return _SIZE * LEADING / MM


def _row_part(
    columns: Sequence[Column], part: Sequence[Sequence[str]], *, first: bool, ends: bool
) -> Callable[[Sheet, float], None]:
    def draw_part(sheet: Sheet, y: float) -> None:
        base = y + (_PAD if first else 0) + _line_height() * 0.78
        for column, lines in zip(columns, part, strict=True):
            for n, words in enumerate(lines):
                at = base + n * _line_height()
                if column.paint:
                    column.paint(sheet, column.x, at, words)
                else:
                    x = column.x + (column.width if column.align == "right" else 0)
                    sheet.set_line(x, at, words, _SIZE, align=column.align)
        if ends:
            bottom = y + (_PAD if first else 0) + _PAD
            bottom += max(1, *map(len, part)) * _line_height()
            sheet.rule(LEFT, bottom, RIGHT, bottom, weight=0.12, colour=LINE)

    return draw_part


def prose(sheet: Sheet, title: str, words: str) -> Iterator[Strip]:
    """Give a titled text, as long as it is; nothing where there is none."""
    lines = sheet.face().lines(words, (RIGHT - LEFT) * MM, 9)
    if not lines:
        return
    height = 9 * LEADING / MM
    yield Strip(
        height * 2 + 3.5,
        lambda on, y: _titled(on, y, title, lines[0]),
    )
    for line in lines[1:]:
        yield Strip(height, partial(_prose_line, line))


def _titled(sheet: Sheet, y: float, title: str, line: str) -> None:
    sheet.text(LEFT, y + 6, title, 7, colour=GREY)
    sheet.set_line(LEFT, y + 10.6, line, 9)


def _prose_line(line: str, sheet: Sheet, y: float) -> None:
    sheet.set_line(LEFT, y + 3.3, line, 9)
