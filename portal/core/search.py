"""One tokenizer for full-text search on both databases.

Chinese has no spaces: each run of Han characters gives its single characters and its pairs, so
that a two-character word is found by one look-up. Everything is lower case and simplified,
so that 貨 finds 货. SQLite keeps the tokens in FTS5, PostgreSQL in a tsvector ('simple').
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from opencc import OpenCC

Token = tuple[str, bool]  # what is looked for, and whether it may be the start of a longer word
MAX_TOKENS = 400  # of one document; more is not how people describe a consignment
MAX_QUERY_TOKENS = 24
_RUN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+|[^\W_\u3400-\u9fff\uf900-\ufaff]+")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
MAX_TOKEN = 64  # characters


@lru_cache(maxsize=1)
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


def normalise(text: str) -> str:
    """Return ``text`` in compatibility form, lower case, simplified characters."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKC", text).lower()
    return str(_simplifier().convert(plain)) if _HAN.search(plain) else plain


def document(*texts: str | None, most: int = MAX_TOKENS) -> str:
    """Return the tokens of a document, at most ``most``, separated by spaces."""
    found: dict[str, None] = {}
    for text in texts:
        if text:
            found.update(_tokens(text))
    return " ".join(list(found)[:most] if len(found) > most else found)


def _tokens(text: str) -> dict[str, None]:
    if text.isascii() and text.isalnum():  # a number: one word, and hardly ever seen again
        return {text[:MAX_TOKEN].lower(): None}
    return _read(text)


@lru_cache(maxsize=4096)  # cities, names and senders come again and again
def _read(text: str) -> dict[str, None]:
    found: list[str] = []
    for run in _RUN.findall(normalise(text)):
        found += _grams(run) if _HAN.match(run) else [run[:MAX_TOKEN]]
    return dict.fromkeys(found)


def _grams(run: str) -> list[str]:
    return [*run, *(a + b for a, b in pairwise(run))]


def query(text: str) -> list[Token]:
    """Return what must all be found."""
    wanted: list[Token] = []
    for run in _RUN.findall(normalise(text[:200])):
        if not _HAN.match(run):
            wanted.append((run[:MAX_TOKEN], True))
        elif len(run) == 1:
            wanted.append((run, False))
        else:
            wanted.extend((a + b, False) for a, b in pairwise(run))
    return wanted[:MAX_QUERY_TOKENS]


def fts5(wanted: Sequence[Sequence[Token]]) -> str:
    """Return the FTS5 expression of what must all be found, each in one of several ways."""
    return " AND ".join(_either(ways) for ways in wanted)


def _either(ways: Sequence[Token]) -> str:
    terms = " OR ".join(f'"{token}"*' if begins else f'"{token}"' for token, begins in ways)
    return f"({terms})" if len(ways) > 1 else terms


def tsquery(wanted: list[Token]) -> str:
    """Return the tsquery of a query (tokens hold letters and digits only)."""
    return " & ".join(f"'{token}':*" if begins else f"'{token}'" for token, begins in wanted)
