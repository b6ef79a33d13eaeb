"""Messages between two people. No query but those of the two, and of a report, reads them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, Identity, Instant


class DirectTalk(Base):
    """What two people write to each other: one for a pair, whoever began it."""

    __tablename__ = "direct_talk"
    __table_args__ = (
        UniqueConstraint("low_id", "high_id"),
        CheckConstraint("low_id < high_id", name="two_people"),
        Index("ix_direct_talk_begun", "begun_by_id", "created_at"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)  # ``DM…``
    low_id: Mapped[int] = mapped_column(ForeignKey("person.id"))  # the smaller id of the two
    high_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    begun_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    #: The number of the last message; numbers have no gaps.
    last_no: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Instant)


class DirectSide(Base):
    """One of the two: what he has read, and from where on he keeps it."""

    __tablename__ = "direct_side"
    __table_args__ = (Index("ix_direct_side_list", "person_id", "last_id"),)

    talk_id: Mapped[int] = mapped_column(ForeignKey("direct_talk.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    read_no: Mapped[int] = mapped_column(default=0)
    unread: Mapped[int] = mapped_column(default=0)  # messages of the other behind ``read_no``
    #: He deleted what has this number or a smaller one, for himself.
    gone_no: Mapped[int] = mapped_column(default=0)
    #: The last message, by which his list is ordered; 0: it is not in his list.
    last_id: Mapped[int] = mapped_column(Identity, default=0)


class DirectMessage(Base):
    """One message. Its HTML is made when it is sent, not when it is read."""

    __tablename__ = "direct_message"
    __table_args__ = (UniqueConstraint("talk_id", "no"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    talk_id: Mapped[int] = mapped_column(ForeignKey("direct_talk.id"))
    no: Mapped[int]  # 1, 2, 3 … between these two
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    state: Mapped[str] = mapped_column(default="visible")  # visible, removed (by a moderator)
    text: Mapped[str]  # Markdown
    html: Mapped[str]
    #: Name of the form it was sent by: the same form sent twice is one message.
    form_name: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant)


class DirectGone(Base):
    """One of the two deleted a message for himself; the other keeps it."""

    __tablename__ = "direct_gone"

    message_id: Mapped[int] = mapped_column(ForeignKey("direct_message.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)


class DirectReport(Base):
    """One of the two showed a message to the moderators."""

    __tablename__ = "direct_report"
    __table_args__ = (
        UniqueConstraint("message_id", "by_id"),
        Index("ix_direct_report_state", "state", "id"),
        Index("ix_direct_report_by", "by_id", "id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("direct_message.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str]  # forum.rules.order.REASONS
    note: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="open")  # open, agreed, disagreed, ignored
    answer: Mapped[str | None]  # of the moderator, for who reported
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    at: Mapped[datetime] = mapped_column(Instant)
