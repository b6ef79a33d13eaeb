"""XLSX workbooks: checked before anything is parsed, then read as a stream of texts."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any, BinaryIO
from xml.etree.ElementTree import Element, ParseError
from xml.parsers import expat

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._reader import WorkSheetParser
from openpyxl.xml.constants import SHEET_MAIN_NS

from portal.core.i18n import lazy as _l
from portal.exchange.rules.problems import SheetError

MAX_ENTRIES = 2_000
MAX_UNPACKED_BYTES = 512 << 20
MAX_RATIO = 250  # real sheets of repeated rows reach about 60
RATIO_FROM_BYTES = 4 << 20  # small members may pack well without being a bomb
FORMULA_TAG = f"{{{SHEET_MAIN_NS}}}f"
#: Everything a damaged or forged workbook makes the XML and ZIP readers raise.
DAMAGE = (
    zipfile.BadZipFile,
    InvalidFileException,
    ParseError,
    KeyError,
    ValueError,
    IndexError,
    TypeError,
    AttributeError,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    OverflowError,
)


class Formula(str):
    """The text of a formula that the program which wrote the file has not calculated."""

    __slots__ = ()


class _Parser(WorkSheetParser):
    """openpyxl's parser, except that a formula without a value is handed on, not lost."""

    def parse_cell(self, element: Element) -> dict[str, Any]:
        cell: dict[str, Any] = super().parse_cell(element)
        if cell["value"] is None:
            formula = element.find(FORMULA_TAG)
            if formula is not None:
                cell["value"] = Formula(f"={formula.text or ''}")
        return cell


def check(stream: BinaryIO) -> None:
    """Refuse a workbook that is damaged, locked, a bomb, or declares entities.

    Raises SheetError. Reads the directory and the head of each XML member, nothing more.
    """
    with _readable(), zipfile.ZipFile(stream) as archive:
        members = archive.infolist()
        _refuse_bombs(members)
        if "xl/workbook.xml" not in archive.namelist():
            raise SheetError(
                _l("This file is not an XLSX workbook. Save it as XLSX or CSV and try again.")
            )
        for member in members:
            if member.filename.endswith((".xml", ".rels")):
                _refuse_doctype(archive, member)


def _refuse_bombs(members: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(member.file_size for member in members)
    packed_well = any(
        member.file_size > RATIO_FROM_BYTES
        and member.file_size > MAX_RATIO * max(member.compress_size, 1)
        for member in members
    )
    if len(members) > MAX_ENTRIES or unpacked > MAX_UNPACKED_BYTES or packed_well:
        raise SheetError(_l("This workbook unpacks to more than we can take. Split it up."))


class _Enough(Exception):
    """The root element was reached: no document type can follow."""


def _refuse_doctype(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _doctype
    parser.StartElementHandler = _root
    try:
        with archive.open(member) as source:
            while chunk := source.read(4096):
                parser.Parse(chunk)
    except _Enough:
        return
    except expat.ExpatError as fault:
        raise _damaged() from fault


def _doctype(*_: object) -> None:
    raise SheetError(_l("This workbook declares XML entities and is not read, for safety."))


def _root(*_: object) -> None:
    raise _Enough


def _damaged() -> SheetError:
    return SheetError(
        _l("This workbook is damaged or locked with a password. Save it again and try once more.")
    )


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except SheetError:
        raise
    except DAMAGE as fault:
        raise _damaged() from fault


def titles(stream: BinaryIO) -> list[str]:
    """Return the names of the visible worksheets, in their order."""
    with _readable(), _opened(stream) as book:
        return [sheet.title for sheet in _visible(book)]


def rows(stream: BinaryIO, title: str | None = None) -> Iterator[tuple[int, list[str]]]:
    """Yield (row number, cells as text) of one worksheet, by default the first visible.

    Rows without any text are left out. A formula gives its calculated value; where the file
    holds none, a Formula. Raises SheetError when the workbook turns out damaged on the way.
    """
    with _readable(), _opened(stream) as book:
        visible = _visible(book)
        sheet = next((one for one in visible if title is None or one.title == title), None)
        if sheet is None:
            raise SheetError(_l("This workbook has no sheet with that name."))
        with sheet._get_source() as source:
            yield from _texts(_parser(book, sheet, source))


@contextmanager
def _opened(stream: BinaryIO) -> Iterator[Any]:
    stream.seek(0)
    book = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
    try:
        yield book
    finally:
        book.close()


def _visible(book: Any) -> list[Any]:
    return [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]


def _parser(book: Any, sheet: Any, source: Any) -> _Parser:
    return _Parser(
        source,
        sheet._shared_strings,
        data_only=True,
        epoch=book.epoch,
        date_formats=book._date_formats,
        timedelta_formats=book._timedelta_formats,
    )


def _texts(parser: _Parser) -> Iterator[tuple[int, list[str]]]:
    for number, cells in parser.parse():
        texts: list[str] = []
        for cell in cells:
            value = cell["value"]
            if value is None or value == "":
                continue
            place = cell["column"] - 1
            texts.extend([""] * (place - len(texts)))
            texts[place:] = [value if isinstance(value, str) else as_text(value)]
        if texts:
            yield number, texts


def as_text(value: object) -> str:
    """Return a typed cell as the text a person would have typed: ISO dates, plain numbers."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return _plain(value)
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return f"{value:%Y-%m-%d}" if midnight else f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value)


def _plain(value: float) -> str:
    # Excel itself keeps 15 digits: what floats add behind them is noise.
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    short = f"{value:.15g}"
    return format(float(short), "f").rstrip("0") if "e" in short else short
