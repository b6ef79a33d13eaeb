"""Numbers given out without gaps in meaning: serials of SSCCs, references of documents."""

from collections.abc import Sequence as Ids
from typing import Any

from sqlalchemy import Connection, func, select, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import counters, scope
from portal.core.db import Base, Identity, is_sqlite


class Sequence(Base):
    """The last number given out under a name."""

    __tablename__ = "sequence"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int] = mapped_column(Identity)


def take(name: str, count: int, *, on: Connection) -> range:
    """Take ``count`` new numbers in a row, within the transaction of ``on``."""
    table = Sequence.__table__
    counters.add(table, [{"name": name, "value": count}], on=on)
    last = int(on.scalar(select(table.c.value).where(table.c.name == name)) or 0)
    return range(last - count + 1, last + 1)


def take_ids(table: Any, count: int, *, on: Connection) -> Ids[int]:
    """Take ``count`` ids of ``table`` in a row, for rows about to be inserted.

    On SQLite the transaction is the only writer, so what follows the largest id is free.
    """
    if is_sqlite(on):
        last = on.scalar(select(func.max(table.c.id)).execution_options(**scope.CENTRE)) or 0
        return range(last + 1, last + 1 + count)
    taken = text(
        "SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)"
    )
    return sorted(on.scalars(taken, {"name": table.name, "count": count}))
