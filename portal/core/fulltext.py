"""Full-text indexes: FTS5 on SQLite, a tsvector with GIN on PostgreSQL, one tokenizer for both."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, column, func, select, table, text

from portal.core import search
from portal.core.db import is_sqlite

MOST = 2000  # hits looked at, newest first; who gets more should say more


@dataclass(frozen=True)
class FullText:
    """An index named ``name`` over rows told apart by id, each belonging to an owner.

    The owner is a token among the words, so that a search never reads other owners' hits.
    """

    name: str

    def create(self, on: Connection) -> None:
        """Make the index; called by a migration."""
        if is_sqlite(on):
            on.exec_driver_sql(f"CREATE VIRTUAL TABLE {self.name} USING fts5(words)")
            return
        on.exec_driver_sql(f"CREATE TABLE {self.name} (id bigint PRIMARY KEY, words tsvector)")
        on.exec_driver_sql(f"CREATE INDEX ix_{self.name} ON {self.name} USING gin (words)")

    def drop(self, on: Connection) -> None:
        """Remove the index; called by a migration."""
        on.exec_driver_sql(f"DROP TABLE {self.name}")

    def add(self, rows: Iterable[tuple[int, int, str]], *, on: Connection) -> None:
        """Index new rows: (id, owner id, tokens of ``search.document``)."""
        values = [{"id": row, "words": f"owner{owner} {words}"} for row, owner, words in rows]
        if values:
            on.execute(text(self._insert(on)), values)

    def change(self, row: int, owner: int, words: str, *, on: Connection) -> None:
        """Index a row anew."""
        key = "rowid" if is_sqlite(on) else "id"
        on.execute(text(f"DELETE FROM {self.name} WHERE {key} = :id"), {"id": row})  # noqa: S608
        self.add([(row, owner, words)], on=on)

    def _insert(self, on: Connection) -> str:
        if is_sqlite(on):
            return f"INSERT INTO {self.name} (rowid, words) VALUES (:id, :words)"  # noqa: S608
        return f"INSERT INTO {self.name} (id, words) VALUES (:id, to_tsvector('simple', :words))"  # noqa: S608

    def matching(self, asked: str, *, owner: int | None, on: Connection) -> Select[Any] | None:
        """Return a select of the ids that hold all that was asked, or None for no words at all.

        ``owner`` None looks at every owner's rows: for staff.
        """
        wanted = search.query(asked)
        if not wanted:
            return None
        if owner is not None:
            wanted = [(f"owner{owner}", False), *wanted]
        return self._fts5(wanted) if is_sqlite(on) else self._tsvector(wanted)

    def _fts5(self, wanted: list[tuple[str, bool]]) -> Select[Any]:
        fts = table(self.name, column("rowid"), column(self.name))
        hit = fts.c[self.name].op("MATCH")(search.fts5(wanted))
        return select(fts.c.rowid).where(hit).order_by(fts.c.rowid.desc()).limit(MOST)

    def _tsvector(self, wanted: list[tuple[str, bool]]) -> Select[Any]:
        fts = table(self.name, column("id"), column("words"))
        hit = fts.c.words.op("@@")(func.to_tsquery("simple", search.tsquery(wanted)))
        return select(fts.c.id).where(hit).order_by(fts.c.id.desc()).limit(MOST)
