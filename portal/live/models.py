"""The log's bookkeeping: its head, how far it was checked, which topics each event is heard in."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, Identity, Instant


class LogHead(Base):
    """One row: the last position given, and the first that is still kept.

    ``epoch`` changes when a backup is restored: cursors of the time before say nothing then.
    """

    __tablename__ = "log_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    epoch: Mapped[str]
    position: Mapped[int] = mapped_column(Identity)
    floor: Mapped[int] = mapped_column(Identity)  # what lies before it is no longer kept
    #: Of the last event in the hash chain (``core.chain``); None: there is none yet.
    hash: Mapped[str | None]


class LogCheck(Base):
    """One row: how far the log was found unaltered, so that the next night checks what is new."""

    __tablename__ = "log_check"

    id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(Identity)  # of the last event that was found sound
    hash: Mapped[str]  # of that event
    tracking_id: Mapped[int] = mapped_column(Identity)  # of the last tracking event looked at
    checked_at: Mapped[datetime] = mapped_column(Instant)
    #: What was found broken, in words for the centre's people; None: nothing.
    finding: Mapped[str | None]


class StreamEntry(Base):
    """An event is heard in a topic; this is what a follower who was away reads.

    Several are written with each event: on SQLite the table is its own index.
    """

    __tablename__ = "stream_entry"
    __table_args__ = (
        Index("ix_stream_entry_position", "position"),
        {"sqlite_with_rowid": False},
    )

    topic: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(Identity, primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
