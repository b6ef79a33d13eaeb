"""What people scan, type and paste at the desk: numbers among words, links and piece codes."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from portal.consignments.rules import numbers

MOST = 500  # numbers in one push
MAX_TEXT = 100_000  # characters; 500 whole lines of a sheet are less
_SHOWN = 60  # characters of what could not be read
#: A number as it is printed, also in its groups of ``QS 4F7K2M 9T0XB 7``.
_NUMBER = re.compile(r"(?<![0-9A-Z])QS(?:[ -]?[0-9A-Z]){12}(?![0-9A-Z])")
#: A piece's code, bare or behind its application identifier as scanners send it.
_SSCC = re.compile(r"(?<![0-9])(?:\]C1)?(?:\(00\) ?|00)?([0-9]{18})(?![0-9])")


@dataclass(frozen=True)
class Found:
    """One thing in a text: kind ``no`` (a consignment's number), ``sscc`` or ``unread``."""

    kind: str
    text: str


def read(text: str) -> list[Found]:
    """Return what ``text`` names, each thing once, in its order; lines that name nothing too."""
    lines = unicodedata.normalize("NFKC", text[:MAX_TEXT]).splitlines()
    return list(dict.fromkeys(found for line in lines for found in _line(line.upper())))


def _line(line: str) -> Iterator[Found]:
    hits = sorted(
        [(m.start(), Found("no", numbers.normalise(m.group()))) for m in _NUMBER.finditer(line)]
        + [(m.start(), Found("sscc", m.group(1))) for m in _SSCC.finditer(line)],
        key=lambda hit: hit[0],
    )
    yield from (found for _, found in hits)
    rest = _SSCC.sub(" ", _NUMBER.sub(" ", line))
    for word in rest.split() if hits else [_plain(rest)]:
        if word and (not hits or word.startswith(numbers.PREFIX)):
            yield Found("unread", _plain(word))


def _plain(text: str) -> str:
    printable = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(printable.split())[:_SHOWN]
