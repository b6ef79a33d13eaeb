"""What a check found, in a file of its own: consignments to be made, and every problem.

A small SQLite file per import: it may hold some hundred thousand rows, is written once, read by
place or by line, and goes with its import. The portal's own database never grows by it.
"""

import secrets
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from portal.core import files, sentences
from portal.exchange.rules.drafts import Draft
from portal.exchange.rules.problems import Problem

TABLES = """
CREATE TABLE draft (place INTEGER PRIMARY KEY, ref TEXT, bad INTEGER, body BLOB);
CREATE TABLE line (line INTEGER PRIMARY KEY, place INTEGER);
CREATE TABLE problem (line INTEGER, header TEXT, field TEXT, given TEXT, message TEXT,
                      bad INTEGER, kind TEXT);
"""
SHOWN_CHARS = 300  # of a cell; the file that is handed back holds all of it


class Group(NamedTuple):
    """Like problems: one kind, column and text; ``line`` is the first of ``times``."""

    header: str
    given: str
    message: list[Any]
    is_bad: bool
    times: int
    line: int


class Cell(NamedTuple):
    """One problem at one line."""

    line: int
    header: str
    field: str
    given: str
    message: list[Any]
    is_bad: bool
    kind: str


class Fate(NamedTuple):
    """What the check found for the consignment to which a line belongs."""

    ref: str
    is_bad: bool


def new_key() -> str:
    """Return a key under which findings will be kept."""
    return secrets.token_hex(16)


class Findings:
    """The findings under ``key``; ``with`` closes them."""

    def __init__(self, key: str, *, fresh: bool = False) -> None:
        path = files.path(key)
        if fresh:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._place = 0
        self.counts: Counter[str] = Counter()
        if fresh:
            # Nothing to undo: a check that was cut off begins anew in an empty file.
            self._db.executescript(f"PRAGMA journal_mode=OFF;PRAGMA synchronous=OFF;{TABLES}")
            self._db.execute("BEGIN")

    def __enter__(self) -> "Findings":
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def add(self, drafts: Sequence[Draft]) -> None:
        """Keep drafts and their problems; count them in ``counts``."""
        rows, lines = [], []
        for draft in drafts:
            self._place += 1
            bad = draft.blocked
            self.counts["bad" if bad else "good"] += 1
            rows.append((self._place, draft.order["order_ref"], bad, None if bad else _body(draft)))
            lines += [(line, self._place) for line in draft.lines]
        self._db.executemany("INSERT INTO draft VALUES (?, ?, ?, ?)", rows)
        self._db.executemany("INSERT OR IGNORE INTO line VALUES (?, ?)", lines)
        self._add_problems(problem for draft in drafts for problem in draft.problems)

    def _add_problems(self, problems: Iterable[Problem]) -> None:
        rows = []
        for p in problems:
            self.counts["problems" if p.blocks else "notes"] += 1
            message = orjson.dumps(sentences.kept(p.message)).decode()
            given = p.text[:SHOWN_CHARS].encode("utf-8", "replace").decode()
            rows.append((p.line, p.column, p.field, given, message, p.blocks, p.kind))
        self._db.executemany("INSERT INTO problem VALUES (?, ?, ?, ?, ?, ?, ?)", rows)

    def finish(self) -> None:
        """Make the findings readable by line."""
        self._db.execute("COMMIT")
        self._db.execute("CREATE INDEX problem_line ON problem (line)")

    def good_after(self, place: int, limit: int) -> list[tuple[int, dict[str, Any]]]:
        """Return the next (place, body) behind ``place`` that may be made."""
        rows = self._db.execute(
            "SELECT place, body FROM draft WHERE place > ? AND NOT bad ORDER BY place LIMIT ?",
            (place, limit),
        )
        return [(row[0], orjson.loads(row[1])) for row in rows]

    def groups(self, limit: int) -> list[Group]:
        """Return like problems together, those that keep something out first."""
        rows = self._db.execute(
            "SELECT header, given, message, bad, count(*), min(line) FROM problem "
            "GROUP BY kind, header, given, message, bad ORDER BY bad DESC, 5 DESC, 6 LIMIT ?",
            (limit,),
        )
        return [Group(r[0], r[1], orjson.loads(r[2]), bool(r[3]), r[4], r[5]) for r in rows]

    def cells(self, *, after: int = 0, limit: int) -> list[tuple[int, Cell]]:
        """Return (rowid, problem) behind a rowid, in the order of the check."""
        rows = self._db.execute(
            "SELECT rowid, * FROM problem WHERE rowid > ? ORDER BY rowid LIMIT ?", (after, limit)
        )
        return [(row[0], _cell(row[1:])) for row in rows]

    def first_cells(self, limit: int) -> list[Cell]:
        """Return the first problems by line, those that keep something out first."""
        rows = self._db.execute(
            "SELECT * FROM problem ORDER BY bad DESC, line, rowid LIMIT ?", (limit,)
        )
        return [_cell(row) for row in rows]

    def of_lines(self, first: int, last: int) -> tuple[dict[int, Fate], dict[int, list[Cell]]]:
        """Return by line, from ``first`` to ``last``, its consignment's fate and its problems."""
        span = (first, last)
        fates = self._db.execute(
            "SELECT line.line, ref, bad FROM line JOIN draft USING (place) "
            "WHERE line.line BETWEEN ? AND ?",
            span,
        )
        found = {row[0]: Fate(row[1] or "", bool(row[2])) for row in fates}
        problems: dict[int, list[Cell]] = {}
        for row in self._db.execute("SELECT * FROM problem WHERE line BETWEEN ? AND ?", span):
            problems.setdefault(row[0], []).append(_cell(row))
        return found, problems


def _body(draft: Draft) -> bytes:
    return orjson.dumps(
        {"order": draft.order, "history": draft.history, "references": draft.references}
    )


def _cell(row: Sequence[Any]) -> Cell:
    line, header, field, given, message, bad, kind = row
    return Cell(line, header, field, given, orjson.loads(message), bool(bad), kind)


def forget(key: str | None) -> None:
    """Remove findings that are no longer needed."""
    if key:
        Path(files.path(key)).unlink(missing_ok=True)
