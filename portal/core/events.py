"""Domain events: facts, in the past tense, that other parts of the portal act on.

The table is the outbox and the audit trail in one: who (actor), for whom (company), about what.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Connection, Index, insert, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Base, Document, Gathered, Identity, Instant, db, gathered
from portal.core.prepared import Prepared


@dataclass(frozen=True, kw_only=True)
class Event:
    """Base of all events. Fields are JSON values: ids, strings, numbers."""

    name: ClassVar[str]
    actor_id: int | None  # the person who did it; None: the system
    company_id: int | None  # whose data it is about; None: the centre's own

    @property
    def about(self) -> str | None:
        """What the event is about, such as ``consignment:QS…``; makes the log searchable."""
        return None

    def payload(self) -> dict[str, Any]:
        """Return the fields as JSON values."""
        return dict(self.__dict__)  # they are JSON values: nothing to copy deeply


class EventRecord(Base):
    """One row per event, written in the transaction that made it true."""

    __tablename__ = "event"
    __table_args__ = (
        Index(
            "ix_event_not_relayed",
            "id",
            sqlite_where=text("position IS NULL"),
            postgresql_where=text("position IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    name: Mapped[str]
    company_id: Mapped[int | None]
    actor_id: Mapped[int | None]
    about: Mapped[str | None] = mapped_column(index=True)
    payload: Mapped[dict[str, Any]] = mapped_column(Document)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    #: Place in the log in commit order, given by the relay; None: not relayed yet.
    position: Mapped[int | None] = mapped_column(Identity, unique=True)
    #: Its place in the hash chain (``core.chain``), written together with the position.
    digest: Mapped[str | None]
    hash: Mapped[str | None]


INSERT = Prepared(insert(EventRecord.__table__))


def record(event: Event, *, on: Connection | None = None) -> None:
    """Store ``event`` in the current transaction; it is announced after the commit."""
    record_all([event], on=on)


def record_all(events: Iterable[Event], *, on: Connection | None = None) -> None:
    """Store many events at once, in order, in the current transaction (or that of ``on``).

    They are written at its end.
    """
    at = clock.now()
    rows = [_row(event, at) for event in events]
    if rows:
        gathered(_Recorded, on or db.session.connection()).items.extend(rows)


#: Given the connection and the new rows of ``event`` just before the commit that holds them, to
#: write them with their places in the log; returns whether it has.
at_commit: list[Callable[[Connection, list[dict[str, Any]]], bool]] = []


class _Recorded(Gathered):
    """The rows of what a transaction has recorded."""

    items: list[dict[str, Any]]

    def write(self, on: Connection) -> None:
        """Write them, with their places where the log can give them now."""
        if self.items and not any(place(on, self.items) for place in at_commit):
            INSERT.run_many(on, self.items)


def _row(event: Event, at: datetime) -> dict[str, Any]:
    return {
        "name": event.name,
        "company_id": event.company_id,
        "actor_id": event.actor_id,
        "about": event.about,
        "payload": event.payload(),
        "recorded_at": at,
    }
