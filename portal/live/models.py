"""The log's bookkeeping: its head, and which topics each event is heard in."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, Identity


class LogHead(Base):
    """One row: the last position given, and the first that is still kept.

    ``epoch`` changes when a backup is restored: cursors of the time before say nothing then.
    """

    __tablename__ = "log_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    epoch: Mapped[str]
    position: Mapped[int] = mapped_column(Identity)
    floor: Mapped[int] = mapped_column(Identity)  # what lies before it is no longer kept


class StreamEntry(Base):
    """An event is heard in a topic; this is what a follower who was away reads."""

    __tablename__ = "stream_entry"
    __table_args__ = (Index("ix_stream_entry_position", "position"),)

    topic: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(Identity, primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
