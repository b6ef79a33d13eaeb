"""Rooms, who is in them now, and how far each person has read."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, Document, Identity, Instant


class ClubRoom(Base):
    """A place to talk live about one theme. What is said is kept for a number of days."""

    __tablename__ = "club_room"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)  # in addresses: ``cold-chain``
    position: Mapped[int]
    names: Mapped[dict[str, str]] = mapped_column(Document)  # language tag → name
    abouts: Mapped[dict[str, str]] = mapped_column(Document)  # language tag → a sentence
    #: Roles that may read and write; ``*``: everybody of the club.
    readers: Mapped[list[str]] = mapped_column(Document)
    writers: Mapped[list[str]] = mapped_column(Document)
    kept_days: Mapped[int] = mapped_column(default=30)
    #: The number of the last message; numbers have no gaps.
    last_no: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
    #: Nobody writes in it any more; what was said can be read until its time is over.
    closed_at: Mapped[datetime | None] = mapped_column(Instant)


class ClubPresence(Base):
    """A process has a socket of this person that follows a room; true until an instant.

    The process says so again while it is; what a process that died has said ends by itself.
    """

    __tablename__ = "club_presence"
    __table_args__ = (Index("ix_club_presence_process", "process"),)

    room_id: Mapped[int] = mapped_column(ForeignKey("club_room.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    process: Mapped[str] = mapped_column(primary_key=True)
    until: Mapped[datetime] = mapped_column(Instant)


class ClubRoomPerson(Base):
    """How somebody wants to be in rooms and hear of question hours."""

    __tablename__ = "club_room_person"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    #: He is in no list of who is here.
    is_invisible: Mapped[bool] = mapped_column(default=False)
    #: Part of the address of his calendar; another number makes the old address worthless.
    feed_version: Mapped[int] = mapped_column(default=0)


class ClubRoomRead(Base):
    """How far one person has read a room: up to the message with this number."""

    __tablename__ = "club_room_read"
    __table_args__ = (Index("ix_club_room_read_room", "room_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("club_room.id"), primary_key=True)
    no: Mapped[int]
    at: Mapped[datetime] = mapped_column(Instant)
