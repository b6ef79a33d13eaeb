"""Numbers given out without gaps in meaning: serials of SSCCs, references of documents."""

from sqlalchemy import Connection, insert, update
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, Identity


class Sequence(Base):
    """The last number given out under a name."""

    __tablename__ = "sequence"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int] = mapped_column(Identity)


def take(name: str, count: int, *, on: Connection) -> range:
    """Take ``count`` new numbers in a row, within the transaction of ``on``."""
    table = Sequence.__table__
    raised = (
        update(table)
        .where(table.c.name == name)
        .values(value=table.c.value + count)
        .returning(table.c.value)
    )
    last = on.scalar(raised)
    if last is None:
        on.execute(insert(table).values(name=name, value=count))
        last = count
    return range(last - count + 1, last + 1)
