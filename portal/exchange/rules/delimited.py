"""Text sheets (CSV): which encoding, which delimiter, and their records as a stream."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from portal.core.i18n import lazy as _l
from portal.exchange.rules.problems import SheetError

DELIMITERS = (",", ";", "\t", "|")
CHUNK_BYTES = 1 << 18
SAMPLE_CHARS = 1 << 16
SAMPLE_RECORDS = 30
MAX_LINE_CHARS = 1_000_000
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Tried in this order on files without a mark; strict, so that a wrong one fails.
UNMARKED = ("utf-8", "gb18030")
#: What a person may choose instead: these accept nearly any bytes and cannot be told apart.
ENCODINGS = ("utf-8", "gb18030", "big5", "utf-16", "windows-1252")


def encoding_of(stream: BinaryIO, chosen: str | None = None) -> str:
    """Return the encoding that reads the whole of ``stream``, which is left at its start.

    Raises SheetError naming the line when none does, or when the bytes are not text.
    """
    head = _rewound(stream).read(4)
    marked = next((name for mark, name in MARKS if head.startswith(mark)), None)
    candidates = (marked,) if marked else (chosen,) if chosen else UNMARKED
    faults = []
    for name in candidates:
        fault = _fault(stream, name)
        stream.seek(0)
        if fault is None:
            return name
        faults.append(fault)
    raise SheetError(
        _l(
            "Line %(line)s cannot be read as text. Save the file as CSV in UTF-8, or as XLSX.",
            line=faults[0],
        ),
        faults[0],
    )


def _rewound(stream: BinaryIO) -> BinaryIO:
    stream.seek(0)
    return stream


def _fault(stream: BinaryIO, encoding: str) -> int | None:
    """Return the line whose bytes are not ``encoding``, or None when all are."""
    stream.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    ends = _LineEnds()
    while True:
        chunk = stream.read(CHUNK_BYTES)
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as fault:
            return ends.seen + _breaks(fault.object[: fault.start]) + 1
        ends.add(text)
        if not chunk:
            return None


class _LineEnds:
    """Counts line ends over chunks: LF, CRLF and a bare CR are one each."""

    def __init__(self) -> None:
        self.seen = 0
        self._after_cr = False

    def add(self, text: str) -> None:
        if not text:
            return
        self.seen += text.count("\n") + text.count("\r") - text.count("\r\n")
        if self._after_cr and text[0] == "\n":
            self.seen -= 1
        self._after_cr = text[-1] == "\r"


def _breaks(data: bytes) -> int:
    return data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")


def delimiter_of(sample: str) -> str:
    """Return the delimiter under which the first records of ``sample`` agree best.

    A text that cannot be one under a delimiter (a closed quote followed by more) rules it out.
    """
    if sample[:4].lower() == "sep=" and sample[4:5] in DELIMITERS:
        return sample[4]
    return max(DELIMITERS, key=lambda mark: _agreement(sample, mark))


def _agreement(sample: str, mark: str) -> tuple[float, int]:
    # The last line of a cut sample may end inside a quoted cell.
    lines = sample.splitlines(keepends=True)
    widths: list[int] = []
    try:
        for record in csv.reader(lines, delimiter=mark, strict=True):
            if any(record):
                widths.append(len(record))
            if len(widths) == SAMPLE_RECORDS:
                break
    except csv.Error as fault:
        if "unexpected end of data" not in str(fault):
            return 0.0, 0
    widest = max(widths, default=0)
    if widest < 2:
        return 0.1, widest
    common = max(set(widths) - {1}, key=lambda width: (widths.count(width), width))
    return widths.count(common) / len(widths), common


def sample_of(stream: BinaryIO, encoding: str) -> str:
    """Return the first characters of ``stream``, its line ends as they are."""
    return _text(_rewound(stream), encoding).read(SAMPLE_CHARS)


def records(stream: BinaryIO, encoding: str, delimiter: str) -> Iterator[list[str]]:
    """Yield every record of ``stream`` as a list of cells; blank lines are empty lists.

    Raises SheetError naming the record at a broken quote, a NUL or a cell without an end.
    """
    lines = _lines(_text(_rewound(stream), encoding))
    found = 0
    try:
        for record in csv.reader(lines, delimiter=delimiter, strict=True):
            found += 1
            if found == 1 and len(record) <= 2 and _names_delimiter(record):
                yield []
                continue
            yield record
    except csv.Error as fault:
        raise _broken(str(fault), found + 1) from fault


def _names_delimiter(record: list[str]) -> bool:
    """Say whether this is Excel's own first line, ``sep=;``."""
    return bool(record) and record[0].lower() in ("sep=", *(f"sep={mark}" for mark in DELIMITERS))


def _text(stream: BinaryIO, encoding: str) -> io.TextIOBase:
    # Not a TextIOWrapper over the stream itself: that one would close the stream with itself.
    return io.TextIOWrapper(
        io.BufferedReader(_Borrowed(stream), CHUNK_BYTES), encoding, "strict", newline=""
    )


class _Borrowed(io.RawIOBase):
    """A stream lent to a reader that may not close it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _lines(text: Iterable[str] | io.TextIOBase) -> Iterator[str]:
    readline = text.readline  # type: ignore[union-attr]
    number = 0
    while line := readline(MAX_LINE_CHARS):
        number += 1
        if len(line) == MAX_LINE_CHARS:
            raise SheetError(_l("Line %(line)s is too long.", line=number), number)
        if "\0" in line:
            raise SheetError(
                _l(
                    "Line %(line)s holds a NUL character: the file is damaged or is not text.",
                    line=number,
                ),
                number,
            )
        yield line


def _broken(reason: str, line: int) -> SheetError:
    if "field larger" in reason:
        return SheetError(
            _l("Line %(line)s: a cell is too long. A quotation mark may be missing.", line=line),
            line,
        )
    return SheetError(
        _l(
            "Line %(line)s: a quotation mark is not closed, or text follows a closed one.",
            line=line,
        ),
        line,
    )
