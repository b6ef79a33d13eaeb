"""Sheets for other programs, as streams of bytes, with nothing a spreadsheet would execute."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

Value = str | int | float | Decimal | date | datetime | None
#: A beginning that spreadsheets execute; apostrophes in front count, so that taking one
#: off again always gives what was there before.
RISKY = re.compile("[' ]*[=+@\t\r\n＝＋－＠-]")  # noqa: RUF001
CHUNK_ROWS = 500
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
