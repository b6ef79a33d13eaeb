"""Sheets for other programs, as streams of bytes, with nothing a spreadsheet would execute."""

import csv
import io
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

from openpyxl import Workbook

Value = str | int | float | Decimal | date | datetime | None
#: A beginning that spreadsheets execute; apostrophes in front count, so that taking one
#: off again always gives what was there before.
RISKY = re.compile("[' ]*[=+@\t\r\n＝＋－＠-]")  # noqa: RUF001
SHEET_ROWS = 1_048_576
SHEET_CHARS = 32_767
CHUNK_ROWS = 500
CHUNK_BYTES = 1 << 16
#: What XML 1.0 cannot hold.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def guarded(value: Value) -> Value:
    """Return ``value`` so that no spreadsheet takes it for a formula; numbers stay numbers.

    A text that begins like one gets an apostrophe in front, which ``unguarded`` takes off
    again. XLSX gets it too: such files are often saved again as CSV.
    """
    if isinstance(value, str):
        clean = UNWRITABLE.sub("", value)
        return f"'{clean}" if RISKY.match(clean) else clean
    return value


def unguarded(text: str) -> str:
    """Return a text as it was before ``guarded``."""
    return text[1:] if text[:1] == "'" and RISKY.match(text, 1) else text


def write_csv(headers: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    """Yield a CSV file: UTF-8 with BOM, CRLF, every text quoted.

    Quotes around all texts let any reader tell the delimiter without guessing.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    buffer.write("\ufeff")
    writer.writerow([guarded(header) for header in headers])
    for number, row in enumerate(rows, 1):
        writer.writerow([_plain(value) for value in row])
        if number % CHUNK_ROWS == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def _plain(value: Value) -> Value:
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    return value.isoformat() if isinstance(value, date) else guarded(value)


def _taken(buffer: io.StringIO) -> bytes:
    data = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return data


def write_xlsx(
    headers: Sequence[str], rows: Iterable[Sequence[Value]], *, title: str = "Sheet1"
) -> Iterator[bytes]:
    """Yield an XLSX file, a further sheet for each 1 048 575 rows; bounded memory.

    Instants with a zone are written as ISO text: a workbook has no zones.
    """
    book = Workbook(write_only=True)
    name = re.sub(r"[\[\]:*?/\\']", " ", title)[:28].strip() or "Sheet1"
    sheet = _new_sheet(book, name, headers)
    room = SHEET_ROWS - 1
    for row in rows:
        if room == 0:
            sheet = _new_sheet(book, f"{name} {len(book.worksheets) + 1}", headers)
            room = SHEET_ROWS - 1
        sheet.append([_cell(value) for value in row])
        room -= 1
    with tempfile.TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def _new_sheet(book: Workbook, name: str, headers: Sequence[str]):  # type: ignore[no-untyped-def]
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "A2"
    sheet.append([_cell(header) for header in headers])
    return sheet


def _cell(value: Value) -> Value:
    if isinstance(value, str):
        return str(guarded(value))[:SHEET_CHARS]
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.isoformat(" ", "seconds")
    return value
