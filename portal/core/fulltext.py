"""Full-text indexes: FTS5 on SQLite, a tsvector with GIN on PostgreSQL, one tokenizer for both."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Select,
    String,
    bindparam,
    column,
    func,
    insert,
    select,
    table,
    text,
)

from portal.core import search
from portal.core.db import is_sqlite
from portal.core.pagination import LARGEST_ID
from portal.core.prepared import Prepared

MOST = 2000  # hits looked at, newest first; who gets more should say more
#: Words with the same beginning that are looked for one by one.
FEW = 3
#: Pages of the index that ``tidy`` writes at once.
TIDIED_PAGES = 500
#: Changes that FTS5 counts at least where a merge has found something to do.
MERGED = 2
_INDEXES = text("SELECT name FROM sqlite_schema WHERE sql LIKE 'CREATE VIRTUAL TABLE % fts5(%'")
_LAST = "\U0010ffff"  # sorts behind every letter
_FIND_WORDS = bindparam("words", type_=String)
_BEFORE, _SIZE = bindparam("before", type_=BigInteger), bindparam("hits", type_=BigInteger)


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

    def create_terms(self, on: Connection) -> None:
        """Let the words of the index be read in order; called by a migration."""
        if is_sqlite(on):
            source = f"fts5vocab({self.name}, instance)"
            on.exec_driver_sql(f"CREATE VIRTUAL TABLE {self.name}_terms USING {source}")

    def drop_terms(self, on: Connection) -> None:
        """Undo ``create_terms``; called by a migration."""
        if is_sqlite(on):
            on.exec_driver_sql(f"DROP TABLE {self.name}_terms")

    def add(self, rows: Iterable[tuple[int, int, str]], *, on: Connection) -> None:
        """Index new rows: (id, owner id, tokens of ``search.document``)."""
        values = [{"rowid": row, "words": f"owner{owner} {words}"} for row, owner, words in rows]
        if is_sqlite(on):
            _adding(self.name).run_many(on, values)
        elif values:
            on.execute(text(self._insert()), values)

    def change(self, row: int, owner: int, words: str, *, on: Connection) -> None:
        """Index a row anew."""
        key = "rowid" if is_sqlite(on) else "id"
        on.execute(text(f"DELETE FROM {self.name} WHERE {key} = :id"), {"id": row})  # noqa: S608
        self.add([(row, owner, words)], on=on)

    def _insert(self) -> str:
        return (
            f"INSERT INTO {self.name} (id, words)"  # noqa: S608
            " VALUES (:rowid, to_tsvector('simple', :words))"
        )

    def tidy(self, on: Connection) -> bool:
        """Bring a few more pages of FTS5's many segments into one; each costs every search.

        Returns whether there was something to bring together.
        """
        if not is_sqlite(on):
            return False
        driver: Any = on.connection.dbapi_connection
        before = driver.total_changes
        merge = f"INSERT INTO {self.name} ({self.name}, rank) VALUES ('merge', :pages)"  # noqa: S608
        on.execute(text(merge), {"pages": -TIDIED_PAGES})
        return bool(driver.total_changes - before >= MERGED)

    def matching(self, asked: str, *, owner: int | None, on: Connection) -> Select[Any] | None:
        """Return a select of the ids that hold all that was asked, or None for no words at all.

        ``owner`` None looks at every owner's rows: for staff.
        """
        words = self.expression(asked, owner=owner, on=on)
        if words is None:
            return None
        return self.hits(on).params(words=words, before=LARGEST_ID, hits=MOST)

    def hits(self, on: Connection) -> Select[Any]:
        """Return a select of ids, the largest first, of what matches an ``expression``.

        Its parameters: ``words``, the expression; ``before``, an id; ``hits``, how many.
        """
        if is_sqlite(on):
            fts = table(self.name, column("rowid", BigInteger), column(self.name))
            key, found = fts.c.rowid, fts.c[self.name].op("MATCH")(_FIND_WORDS)
        else:
            fts = table(self.name, column("id", BigInteger), column("words"))
            key, found = fts.c.id, fts.c.words.op("@@")(func.to_tsquery("simple", _FIND_WORDS))
        return select(key).where(found, key < _BEFORE).order_by(key.desc()).limit(_SIZE)

    def expression(self, asked: str, *, owner: int | None, on: Connection) -> str | None:
        """Return what the database is to look for, or None for no words at all.

        ``owner`` None looks at every owner's rows: for staff.
        """
        wanted = search.query(asked)
        if not wanted:
            return None
        if owner is not None:
            wanted = [(f"owner{owner}", False), *wanted]
        if not is_sqlite(on):
            return search.tsquery(wanted)
        return search.fts5(
            [
                self._spelt_out(token, on) if begins else [(token, begins)]
                for token, begins in wanted
            ]
        )

    def _spelt_out(self, beginning: str, on: Connection) -> list[search.Token]:
        """Return the words that begin so, where they are few; else the beginning as it is.

        FTS5 copies all that it has of a beginning before it finds the first hit; of whole words
        it reads as much as it needs. What has a figure in it begins few words, or very many.
        FTS5 keeps words without their accents: those it looks for itself.
        """
        words = [beginning]
        while beginning.isascii() and beginning.isalpha() and len(words) <= FEW:
            behind = {"start": f"{words[-1]} ", "end": beginning + _LAST}  # no word has a space
            found = _terms(self.name).first(on, behind)
            if found is None:
                return [(word, False) for word in words]
            words.append(found.term)
        return [(beginning, True)]


def tidy(on: Connection) -> bool:
    """Tidy every index of this database a little; return whether there was something to do."""
    if not is_sqlite(on):
        return False
    return sum(FullText(name).tidy(on) for name in on.scalars(_INDEXES).all()) > 0


@cache
def _adding(name: str) -> Prepared:
    """Return the statement that adds to an index of SQLite; made once for each."""
    return Prepared(insert(table(name, column("rowid", BigInteger), column("words", String))))


@cache
def _terms(name: str) -> Prepared:
    """Return the statement that finds the first word of an index between two texts."""
    terms = table(f"{name}_terms", column("term", String))
    lies_between = terms.c.term >= bindparam("start"), terms.c.term < bindparam("end")
    return Prepared(select(terms.c.term).where(*lies_between).limit(1))
