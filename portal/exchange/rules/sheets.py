"""A sheet, whatever file it came in: its headers, and its rows as often as they are asked for."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import BinaryIO, NamedTuple

from portal.core.i18n import lazy as _l
from portal.exchange.rules import delimited, workbook
from portal.exchange.rules.problems import SheetError
from portal.exchange.rules.spool import Spool
from portal.exchange.rules.spreadsheets import column_letters

HEADER_WITHIN = 20  # a title, an address and a date often stand above the header
HEADER_SHARE = 0.6  # of the widest of these rows
ZIP_MARK = b"PK\x03\x04"
OLE_MARK = b"\xd0\xcf\x11\xe0"  # the old XLS, and XLSX behind a password
OTHER_MARKS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"\x1f\x8b", b"7z\xbc\xaf")


class Row(NamedTuple):
    """One row: its number as a spreadsheet shows it, and its cells, as many as headers or more."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Limits:
    """How much of a sheet is taken: rows below the header, columns, characters of a cell."""

    rows: int = 200_000
    columns: int = 200
    cell: int = 32_767


@dataclass(frozen=True)
class Sheet:
    """An opened sheet. ``kind`` is csv or xlsx; the rest says how it was understood."""

    stream: BinaryIO
    kind: str
    encoding: str = ""
    delimiter: str = ""
    title: str | None = None
    titles: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    header_line: int = 0
    headers: tuple[str, ...] = ()
    spool: Spool | None = field(default=None, repr=False)

    def rows(self) -> Iterator[Row]:
        """Yield every row below the header that holds any text, from the first on each call.

        Raises SheetError where the file breaks or passes a limit.
        """
        width = len(self.headers)
        left = self.limits.rows
        for row in _within(_raw(self), self.limits):
            if row.line <= self.header_line:
                continue
            left -= 1
            if left < 0:
                raise SheetError(
                    _l(
                        "The file has more than %(limit)s rows. Split it up.",
                        limit=self.limits.rows,
                    ),
                    row.line,
                )
            missing = width - len(row.cells)
            yield row if missing <= 0 else Row(row.line, row.cells + ("",) * missing)

    def sample(self, size: int = 50) -> list[Row]:
        """Return the first ``size`` rows, for a preview or to guess from."""
        return list(islice(self.rows(), size))


def open_sheet(
    stream: BinaryIO,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    title: str | None = None,
    limits: Limits | None = None,
) -> Sheet:
    """Return the sheet in ``stream`` (binary, seekable), typed by content and not by name.

    ``encoding``, ``delimiter`` and ``title`` (of a worksheet) override what is found.
    Raises SheetError when it is no sheet, is damaged, is unsafe, or has no header row.
    """
    stream.seek(0)
    head = stream.read(8)
    taken = limits or Limits()
    if head.startswith(ZIP_MARK):
        sheet = _workbook(stream, title, taken)
    elif head.startswith((OLE_MARK, *OTHER_MARKS)):
        raise SheetError(
            _l("This is not a sheet we can read. Save it as XLSX or CSV, without a password.")
        )
    else:
        sheet = _delimited(stream, encoding, delimiter, taken)
    return _with_headers(sheet)


def _workbook(stream: BinaryIO, title: str | None, limits: Limits) -> Sheet:
    book = workbook.open_book(stream)
    spool = Spool(lambda: workbook.rows(book, title))
    return Sheet(stream, "xlsx", title=title, titles=tuple(book.members), limits=limits,
                 spool=spool)  # fmt: skip


def _delimited(
    stream: BinaryIO, encoding: str | None, delimiter: str | None, limits: Limits
) -> Sheet:
    if encoding is not None and encoding not in delimited.ENCODINGS:
        raise SheetError(_l("We do not know that encoding."))
    if delimiter is not None and delimiter not in delimited.DELIMITERS:
        raise SheetError(_l("Columns are separated by a comma, semicolon, tab or bar."))
    found = delimited.encoding_of(stream, encoding)
    mark = delimiter or delimited.delimiter_of(delimited.sample_of(stream, found))
    return Sheet(stream, "csv", encoding=found, delimiter=mark, limits=limits)


def _raw(sheet: Sheet) -> Iterator[tuple[int, list[str]]]:
    if sheet.spool is not None:
        return sheet.spool.rows()
    return enumerate(delimited.records(sheet.stream, sheet.encoding, sheet.delimiter), 1)


def _within(numbered: Iterator[tuple[int, list[str]]], limits: Limits) -> Iterator[Row]:
    columns, longest = limits.columns, limits.cell
    for line, cells in numbered:
        # Cheap: whole rows of nothing but delimiters are common at the end of exports.
        if not cells or not "".join(cells).strip():
            continue
        if len(cells) > columns:
            cells = _trimmed(cells)
            if len(cells) > columns:
                raise SheetError(
                    _l("Line %(line)s has more than %(limit)s columns.", line=line, limit=columns),
                    line,
                )
        if max(map(len, cells)) > longest:
            raise SheetError(
                _l(
                    "Line %(line)s: a cell has more than %(limit)s characters.",
                    line=line,
                    limit=longest,
                ),
                line,
            )
        yield Row(line, tuple(cells))


def _trimmed(cells: list[str]) -> list[str]:
    last = max((place for place, cell in enumerate(cells) if cell.strip()), default=-1)
    return cells[: last + 1]


def _with_headers(sheet: Sheet) -> Sheet:
    first = list(islice(_within(_raw(sheet), sheet.limits), HEADER_WITHIN))
    if not first:
        raise SheetError(_l("The file has no rows."))
    filled = [sum(1 for cell in row.cells if cell.strip()) for row in first]
    enough = max(filled) * HEADER_SHARE
    header = next(row for row, count in zip(first, filled, strict=True) if count >= enough)
    names = named_apart(_trimmed(list(header.cells)))
    return replace(sheet, header_line=header.line, headers=names)


def named_apart(cells: list[str]) -> tuple[str, ...]:
    """Return headers on one line each, none empty (the column's letter), no two alike."""
    seen: dict[str, int] = {}
    names = []
    for number, cell in enumerate(cells, 1):
        name = " ".join(cell.split()) or column_letters(number)
        while name in seen:
            seen[name] += 1
            name = f"{name} ({seen[name]})"
        seen[name] = 1
        names.append(name)
    return tuple(names)
