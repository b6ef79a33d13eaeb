"""XLSX worksheets as a stream of texts.

openpyxl needs ten times as long to read a large sheet; this reads what an import needs of the
format (ECMA-376 part 1 §18) and nothing else, with the same answer for dates and numbers.
"""

import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO
from xml.etree import ElementTree
from xml.parsers import expat

from portal.core.i18n import lazy as _l
from portal.exchange.rules.bombs import check, damaged, readable, refuse_doctype_of
from portal.exchange.rules.problems import SheetError
from portal.exchange.rules.spreadsheets import (
    SINCE_1900,
    SINCE_1904,
    builtin_format_code,
    column_index_from_string,
    from_excel,
    is_date_format,
)
from portal.exchange.rules.typed import as_text

CHUNK_BYTES = 1 << 17
MAX_COLUMNS = 16_384
MAX_TREE_BYTES = 16 << 20  # what is read whole: the index and the styles
MAX_STRINGS_BYTES = 192 << 20  # kept in memory while the sheet is open
PLAIN = re.compile(r"-?\d{1,15}|-?\d{1,9}\.\d{1,6}")
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


class Formula(str):
    """The text of a formula that the program which wrote the file has not calculated."""

    __slots__ = ()


@dataclass
class Book:
    """The worksheets that are not hidden, by name their member; styles that are dates."""

    archive: zipfile.ZipFile
    members: dict[str, str] = field(default_factory=dict)
    epoch: datetime = SINCE_1900
    dates: frozenset[str] = frozenset()
    strings: list[str] = field(default_factory=list)


def open_book(stream: BinaryIO) -> Book:
    """Return the workbook in ``stream`` after ``bombs.check``; its strings are read at once.

    Raises SheetError when it is unsafe, damaged or has no visible sheet.
    """
    check(stream)
    with readable():
        book = Book(zipfile.ZipFile(stream))
        _read_index(book)
        book.dates = _date_styles(book.archive)
        book.strings = _shared_strings(book.archive)
    if not book.members:
        raise SheetError(_l("This workbook has no sheet that can be seen."))
    return book


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _tree(archive: zipfile.ZipFile, name: str) -> Iterator[ElementTree.Element]:
    # Document types, and so entities, were refused by ``check``.
    _refuse_above(archive, name, MAX_TREE_BYTES)
    return ElementTree.fromstring(archive.read(name)).iter()  # noqa: S314


def _refuse_above(archive: zipfile.ZipFile, name: str, limit: int) -> None:
    if archive.getinfo(name).file_size > limit:
        raise SheetError(_l("This workbook unpacks to more than we can take. Split it up."))


def _read_index(book: Book) -> None:
    targets = {
        one.get("Id"): one.get("Target", "")
        for one in _tree(book.archive, "xl/_rels/workbook.xml.rels")
        if _local(one.tag) == "Relationship" and one.get("Type", "").endswith("/worksheet")
    }
    for one in _tree(book.archive, "xl/workbook.xml"):
        name = _local(one.tag)
        if name == "workbookPr" and one.get("date1904") in ("1", "true"):
            book.epoch = SINCE_1904
        elif name == "sheet" and one.get("state", "visible") == "visible":
            link = next((v for k, v in one.attrib.items() if _local(k) == "id"), None)
            if link in targets:
                target = targets[link]
                path = target[1:] if target.startswith("/") else f"xl/{target}"
                book.members[one.get("name", "")] = path


def _date_styles(archive: zipfile.ZipFile) -> frozenset[str]:
    """Return the numbers of the cell styles, as text, under which a number is a date."""
    if "xl/styles.xml" not in archive.namelist():
        return frozenset()
    codes: dict[str, str] = {}
    formats: list[str] = []
    for one in _tree(archive, "xl/styles.xml"):
        name = _local(one.tag)
        if name == "numFmt":
            codes[one.get("numFmtId", "")] = one.get("formatCode", "")
        elif name == "cellXfs":
            formats = [style.get("numFmtId", "0") for style in one]
    return frozenset(
        str(place)
        for place, number in enumerate(formats)
        if is_date_format(codes.get(number) or builtin_format_code(int(number)))
    )


def _parser() -> Any:
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse_doctype_of
    return parser


class _Strings:
    """Collects the shared strings: all runs of text of each, without readings (furigana)."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._parts: list[str] = []
        self._open = False
        self._reading = False

    def start(self, tag: str, _: dict[str, str]) -> None:
        name = _local(tag)
        self._open = name == "t" and not self._reading
        if name == "si":
            self._parts = []
        elif name == "rPh":
            self._reading = True

    def text(self, data: str) -> None:
        if self._open:
            self._parts.append(data)

    def end(self, tag: str) -> None:
        name = _local(tag)
        self._open = False
        if name == "si":
            self.found.append(_unescaped("".join(self._parts)))
        elif name == "rPh":
            self._reading = False


def _shared_strings(archive: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    _refuse_above(archive, "xl/sharedStrings.xml", MAX_STRINGS_BYTES)
    parser, strings = _parser(), _Strings()
    _listen(parser, strings)
    with archive.open("xl/sharedStrings.xml") as source:
        while chunk := source.read(CHUNK_BYTES):
            parser.Parse(chunk)
    parser.Parse(b"", True)
    return strings.found


def _listen(parser: Any, listener: Any) -> None:
    parser.StartElementHandler = listener.start
    parser.CharacterDataHandler = listener.text
    parser.EndElementHandler = listener.end


def _unescaped(text: str) -> str:
    if "_x" not in text:
        return text
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


class _Rows:
    """Collects the rows of a worksheet; ``ready`` are those complete and not yet taken."""

    def __init__(self, book: Book) -> None:
        self.ready: list[tuple[int, list[str]]] = []
        self._book = book
        self._line = self._column = 0
        self._cells: list[str] = []
        self._parts: list[str] = []
        self._formula: list[str] | None = None
        self._open: list[str] | None = None
        self._kind = self._style = ""
        self._columns: dict[str, int] = {}
        self._kinds: dict[str, Callable[[str], str]] = {
            "n": self._number,
            "s": self._shared,
            "b": lambda text: "FALSE" if text == "0" else "TRUE",
            "d": lambda text: text.replace("T", " ").removesuffix(" 00:00:00"),
        }

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = _local(tag)
        if name == "c":
            self._place(attributes.get("r"))
            self._kind = attributes.get("t", "n")
            self._style = attributes.get("s", "0")
            self._parts, self._formula = [], None
        elif name in ("v", "t"):
            self._open = self._parts
        elif name == "f":
            self._open = self._formula = []
        elif name == "row":
            self._line = int(attributes.get("r") or self._line + 1)
            self._column, self._cells = 0, []
        elif name == "rPh":
            self._open = None

    def _place(self, reference: str | None) -> None:
        if reference is None:
            self._column += 1
        else:
            letters = reference.rstrip("0123456789")
            column = self._columns.get(letters)
            if column is None:
                column = self._columns[letters] = column_index_from_string(letters)
            self._column = column
        if self._column > MAX_COLUMNS:
            raise damaged()

    def text(self, data: str) -> None:
        if self._open is not None:
            self._open.append(data)

    def end(self, tag: str) -> None:
        self._open = None
        name = _local(tag)
        if name == "c":
            text = self._value()
            if text:
                cells = self._cells
                cells.extend([""] * (self._column - 1 - len(cells)))
                cells[self._column - 1 :] = [text]
        elif name == "row" and self._cells:
            self.ready.append((self._line, self._cells))

    def _value(self) -> str:
        text = "".join(self._parts)
        if not text:
            return "" if self._formula is None else Formula("=" + "".join(self._formula))
        return self._kinds.get(self._kind, _unescaped)(text)

    def _shared(self, text: str) -> str:
        return self._book.strings[int(text)]

    def _number(self, text: str) -> str:
        if self._style in self._book.dates:
            try:
                return as_text(from_excel(float(text), self._book.epoch))
            except (OverflowError, ValueError):
                return text
        return text if PLAIN.fullmatch(text) else as_text(float(text))


def rows(book: Book, title: str | None = None) -> Iterator[tuple[int, list[str]]]:
    """Yield (row number, cells as text) of one worksheet, by default the first visible.

    Rows without any text are left out. A formula gives its calculated value; where the file
    holds none, a Formula. Raises SheetError when the workbook turns out damaged on the way.
    """
    member = book.members.get(title) if title else next(iter(book.members.values()))
    if member is None:
        raise SheetError(_l("This workbook has no sheet with that name."))
    with readable(), book.archive.open(member) as source:
        parser, found = _parser(), _Rows(book)
        _listen(parser, found)
        while chunk := source.read(CHUNK_BYTES):
            parser.Parse(chunk)
            yield from found.ready
            found.ready.clear()
        parser.Parse(b"", True)
        yield from found.ready
