"""Sheets that people hand in and take away, for parts that lie below what reads and writes them.

The exchange reads and writes CSV and XLSX (encodings, delimiters, bombs, formulas); it lies above
the features and provides its tools here.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from flask import Response

Value = str | int | float | Decimal | date | datetime | None


class Row(Protocol):
    """One row: its number as a spreadsheet shows it, and its cells."""

    @property
    def line(self) -> int:
        """The number of the row, from 1."""

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells, as many as headers or more."""


class Sheet(Protocol):
    """A sheet, whatever file it came in."""

    @property
    def headers(self) -> tuple[str, ...]:
        """The headers, no two alike."""

    def rows(self) -> Iterator[Row]:
        """Yield the rows below the headers that are not empty."""


Opening = Callable[[bytes], Sheet]
Writing = Callable[[Sequence[str], Iterable[Sequence[Value]], str, str], Response]
_tools: list[tuple[Opening, Writing, Callable[[str], str]]] = []


def provide(opening: Opening, writing: Writing, unguarded: Callable[[str], str]) -> None:
    """Let sheets be opened, written and freed of the guards of formulas by these."""
    _tools[:] = [(opening, writing, unguarded)]


def opened(data: bytes) -> Sheet:
    """Return the sheet in a CSV or XLSX file; raises Invalid where it cannot be read."""
    return _tools[0][0](data)


def attachment(
    headers: Sequence[str], rows: Iterable[Sequence[Value]], name: str, file_format: str
) -> Response:
    """Return a sheet to be kept (``csv`` or ``xlsx``), written while its rows are read.

    ``name`` is without the day and the ending. No spreadsheet takes a cell for a formula.
    """
    return _tools[0][1](headers, rows, name, file_format)


def unguarded(text: str) -> str:
    """Return a cell as it was before it was guarded from being taken for a formula."""
    return _tools[0][2](text)
