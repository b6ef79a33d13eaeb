"""Tables of the floor: who holds which task, and where each person is at work."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, Document, Identity, Instant


class FloorAssignment(Base):
    """One task in the hands of one person, for as long as the lease runs.

    Whose goods the task is about its own document says.
    """

    __tablename__ = "floor_assignment"
    __table_args__ = (
        Index("ix_floor_assignment_task", "kind", "ref", unique=True),
        Index("ix_floor_assignment_person", "person_id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    kind: Mapped[str]  # of floor.tasks
    ref: Mapped[str]
    warehouse_id: Mapped[int | None] = mapped_column(ForeignKey("warehouse.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    #: The supervisor who handed it out; None: the person took it.
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    taken_at: Mapped[datetime] = mapped_column(Instant)
    #: When somebody else may take it; every command of the task moves it on.
    until: Mapped[datetime] = mapped_column(Instant)


class FloorPresence(Base):
    """Where a person is at work, and what he did last; one row a person."""

    __tablename__ = "floor_presence"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    warehouse_id: Mapped[int | None] = mapped_column(ForeignKey("warehouse.id"))
    #: The last one that he scanned: from there one walks on.
    location_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"))
    #: The task that he is at: kind, reference, and since when; None: at none.
    kind: Mapped[str | None]
    ref: Mapped[str | None]
    since: Mapped[datetime | None] = mapped_column(Instant)
    #: His last commands, the newest first: [{key, name, say, cue, at, undo, undone}]
    recent: Mapped[list[dict[str, Any]]] = mapped_column(Document)
    changed_at: Mapped[datetime] = mapped_column(Instant, index=True)
