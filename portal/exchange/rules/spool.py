"""Rows that are costly to parse, parsed once: the second reading comes from a temporary file."""

import marshal
import tempfile
import weakref
from collections.abc import Callable, Iterator
from typing import IO

from portal.exchange.rules.workbook import Formula

Numbered = tuple[int, list[str]]


class Spool:
    """Repeats the rows of ``parse``, which is run again only until it once reached its end."""

    def __init__(self, parse: Callable[[], Iterator[Numbered]]) -> None:
        self._parse = parse
        self._file: IO[bytes] | None = None

    def rows(self) -> Iterator[Numbered]:
        """Yield all rows from the first."""
        return self._first() if self._file is None else self._again(self._file)

    def _first(self) -> Iterator[Numbered]:
        file = tempfile.TemporaryFile()  # noqa: SIM115 - ends with the spool, not this reading
        try:
            for line, cells in self._parse():
                formulas = [place for place, cell in enumerate(cells) if type(cell) is Formula]
                plain = [str(cell) for cell in cells] if formulas else cells
                marshal.dump((line, plain, formulas), file)
                yield line, cells
            file.flush()
            weakref.finalize(self, file.close)
            self._file = file
        finally:
            if self._file is not file:
                file.close()

    def _again(self, file: IO[bytes]) -> Iterator[Numbered]:
        place = 0
        while True:
            # Two readings may take turns, so each keeps its own place.
            file.seek(place)
            batch = list(self._batch(file))
            place = file.tell()
            if not batch:
                return
            yield from batch

    def _batch(self, file: IO[bytes]) -> Iterator[Numbered]:
        for _ in range(1000):
            try:
                line, cells, formulas = marshal.load(file)  # noqa: S302 - our own file
            except EOFError:
                return
            for number in formulas:
                cells[number] = Formula(cells[number])
            yield line, cells
