"""Pieces of a text around what was looked for, with the words marked."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from portal.core import search
from portal.core.search import Token

LENGTH = 160  # characters of a snippet
BEFORE = 40  # of them before the first word


class Piece(NamedTuple):
    """Some words of a snippet; ``is_found``: they were looked for."""

    text: str
    is_found: bool


_MARKS = re.compile(r"[*_`~>#|]+|\]\([^)\s]*\)|!?\[|^\s*(?:[-+]|\d+\.)\s", re.MULTILINE)


def plain(text: str) -> str:
    """Return Markdown without its marks: near enough to be read in a line, at no cost."""
    return _MARKS.sub(" ", text)


def snippet(text: str, wanted: Sequence[Token], length: int = LENGTH) -> list[Piece]:
    """Return the part of a plain text in which most of ``wanted`` stands, cut in pieces."""
    plain = " ".join(text.split())
    places = _places(_alike(plain), wanted)
    first = max(places[0][0] - BEFORE, 0) if places else 0
    shown = plain[first : first + length]
    inside = [(start - first, end - first) for start, end in places if start < first + len(shown)]
    pieces = _cut(shown, inside)
    if first:
        pieces.insert(0, Piece("… ", False))
    if first + length < len(plain):
        pieces.append(Piece(" …", False))
    return pieces


def has_all(text: str, wanted: Sequence[Token]) -> bool:
    """Return whether every word stands in a text."""
    alike = _alike(text)
    return all(word in alike for word, _begins in wanted)


def _alike(text: str) -> str:
    """Return a text as searches see it, each sign in its place."""
    seen = search.normalise(text)
    return seen if len(seen) == len(text) else text.lower()


def _places(text: str, wanted: Sequence[Token]) -> list[tuple[int, int]]:
    """Return from where to where words stand, in order, those that overlap as one."""
    found: list[tuple[int, int]] = []
    for word, _begins in wanted:
        at = text.find(word)
        while at >= 0 and len(found) < LENGTH:
            found.append((at, at + len(word)))
            at = text.find(word, at + len(word))
    joined: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _cut(text: str, places: Sequence[tuple[int, int]]) -> list[Piece]:
    pieces, at = [], 0
    for start, end in places:
        if start > at:
            pieces.append(Piece(text[at:start], False))
        pieces.append(Piece(text[start:end], True))
        at = end
    if at < len(text):
        pieces.append(Piece(text[at:], False))
    return pieces
