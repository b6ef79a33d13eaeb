"""What may be wrong with a sheet as a whole, with one cell of it, and how it is said."""

from typing import Any, NamedTuple

from portal.core.errors import Invalid


class SheetError(Invalid):
    """The file cannot be read at all; ``line`` is where that showed, where one line did."""

    def __init__(self, message: Any, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


class Unreadable(ValueError):
    """A cell's text does not mean what its column holds; ``message`` is a lazy sentence."""

    def __init__(self, message: Any) -> None:
        super().__init__(message)
        self.message = message


class Problem(NamedTuple):
    """One thing to tell about one line.

    ``line`` is the row as a spreadsheet counts it, ``column`` the header, ``field`` a key of
    ``fields.FIELDS`` (either may be empty), ``text`` the cell as given. A problem that
    ``blocks`` keeps its consignment out; the others are said and the cell kept as given.
    ``kind`` groups like ones: empty, unreadable, formula, width, differs, twice, kept, see.
    """

    line: int
    column: str
    field: str
    text: str
    message: Any
    blocks: bool = True
    kind: str = "unreadable"
