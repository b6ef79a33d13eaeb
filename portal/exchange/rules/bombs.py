"""Whether a workbook is safe to parse: decided from its directory and the heads of its members."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO
from xml.parsers import expat

from portal.core.i18n import lazy as _l
from portal.exchange.rules.problems import SheetError

MAX_ENTRIES = 2_000
MAX_UNPACKED_BYTES = 512 << 20
MAX_RATIO = 250  # real sheets of repeated rows reach about 60
RATIO_FROM_BYTES = 4 << 20  # small members may pack well without being a bomb
#: Everything a damaged or forged workbook makes the XML and ZIP readers raise.
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    SyntaxError,  # ElementTree's ParseError is one
    LookupError,
    ArithmeticError,
    ValueError,
    TypeError,
    AttributeError,
    EOFError,
    OSError,
    RuntimeError,
)


def check(stream: BinaryIO) -> None:
    """Refuse a workbook that is damaged, locked, a bomb, or declares entities.

    Raises SheetError. Reads the directory and the head of each XML member, nothing more.
    """
    with readable(), zipfile.ZipFile(stream) as archive:
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
    parser.StartDoctypeDeclHandler = refuse_doctype_of
    parser.StartElementHandler = _root
    try:
        with archive.open(member) as source:
            while chunk := source.read(4096):
                parser.Parse(chunk)
    except _Enough:
        return
    except expat.ExpatError as fault:
        raise damaged() from fault


def refuse_doctype_of(*_: object) -> None:
    """Refuse any document type: a handler for expat."""
    raise SheetError(_l("This workbook declares XML entities and is not read, for safety."))


def _root(*_: object) -> None:
    raise _Enough


def damaged() -> SheetError:
    """Return the error that says a workbook cannot be read."""
    return SheetError(
        _l("This workbook is damaged or locked with a password. Save it again and try once more.")
    )


@contextmanager
def readable() -> Iterator[None]:
    """Turn whatever damage makes a reader raise into one sentence."""
    try:
        yield
    except SheetError:
        raise
    except DAMAGE as fault:
        raise damaged() from fault
