"""One tokenizer for full-text search on both databases.

Chinese has no spaces: each run of Han characters gives its single characters and its pairs, so
that a two-character word is found by one look-up. Everything is lower case and simplified,
so that 貨 finds 货. SQLite keeps the tokens in FTS5, PostgreSQL in a tsvector ('simple').
"""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

from opencc import OpenCC

MAX_TOKENS = 400  # of one document; more is not how people describe a consignment
MAX_QUERY_TOKENS = 24
_RUN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+|[^\W_\u3400-\u9fff\uf900-\ufaff]+")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")


@lru_cache(maxsize=1)
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


def normalise(text: str) -> str:
    """Return ``text`` in compatibility form, lower case, simplified characters."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return str(_simplifier().convert(plain)) if _HAN.search(plain) else plain


def document(*texts: str | None) -> str:
    """Return the tokens of a document, separated by spaces."""
    found: dict[str, None] = {}
    for text in texts:
        if text:
            found.update(dict.fromkeys(_tokens(text)))
    return " ".join(list(found)[:MAX_TOKENS])


@lru_cache(maxsize=4096)  # cities, names and senders come again and again
def _tokens(text: str) -> tuple[str, ...]:
    runs = _RUN.findall(normalise(text))
    return tuple(t for run in runs for t in (_grams(run) if _HAN.match(run) else [run[:64]]))


def _grams(run: str) -> list[str]:
    return [*run, *(a + b for a, b in pairwise(run))]


def query(text: str) -> list[tuple[str, bool]]:
    """Return what must all be found: (token, whether it may be the start of a longer word)."""
    wanted: list[tuple[str, bool]] = []
    for run in _RUN.findall(normalise(text[:200])):
        if not _HAN.match(run):
            wanted.append((run[:64], True))
        elif len(run) == 1:
            wanted.append((run, False))
        else:
            wanted.extend((a + b, False) for a, b in pairwise(run))
    return wanted[:MAX_QUERY_TOKENS]


def fts5(wanted: list[tuple[str, bool]]) -> str:
    """Return the FTS5 expression of a query."""
    return " AND ".join(f'"{token}"*' if prefix else f'"{token}"' for token, prefix in wanted)


def tsquery(wanted: list[tuple[str, bool]]) -> str:
    """Return the tsquery of a query (tokens hold letters and digits only)."""
    return " & ".join(f"'{token}':*" if prefix else f"'{token}'" for token, prefix in wanted)
