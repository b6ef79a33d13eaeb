"""What the forum knows of people: who they are here, what they have read and follow."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, false
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, Instant


class ForumProfile(Base):
    """A person in the club; made when he enters it for the first time."""

    __tablename__ = "forum_profile"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    #: The name after ``@``; ``skeleton`` is what it looks like, so that nobody has one like it.
    handle: Mapped[str] = mapped_column(unique=True)
    skeleton: Mapped[str] = mapped_column(unique=True)
    #: rules.trust.LEVELS; earned by reading and writing, never by what a company buys.
    trust: Mapped[int] = mapped_column(default=0)
    topics_read: Mapped[int] = mapped_column(default=0)
    posts_read: Mapped[int] = mapped_column(default=0)
    days_seen: Mapped[int] = mapped_column(default=0)
    last_seen_on: Mapped[date | None]
    posts_written: Mapped[int] = mapped_column(default=0)
    useful_got: Mapped[int] = mapped_column(default=0)
    answers_accepted: Mapped[int] = mapped_column(default=0)
    #: The best badge, as rules.badges.text_of reads it; kept by the club's points.
    badge: Mapped[str | None]
    #: His card stands in the directory, so that his name may lead there; kept by it.
    is_listed: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: What was written before this instant counts as read.
    read_before: Mapped[datetime] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)


class ForumRead(Base):
    """How far one person has read a topic: up to the post with this number."""

    __tablename__ = "forum_read"
    __table_args__ = (Index("ix_forum_read_topic", "topic_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("forum_topic.id"), primary_key=True)
    no: Mapped[int]
    at: Mapped[datetime] = mapped_column(Instant)


class ForumFollow(Base):
    """Who wants to hear of a topic or a space, or wants to hear nothing of it."""

    __tablename__ = "forum_follow"
    __table_args__ = (Index("ix_forum_follow_about", "about"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    about: Mapped[str] = mapped_column(primary_key=True)  # ``topic:12``, ``space:3``
    is_muted: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(Instant)


class ForumBlock(Base):
    """Somebody wants to hear nothing from another person: no messages, no notices, posts folded."""

    __tablename__ = "forum_block"
    __table_args__ = (Index("ix_forum_block_blocked", "blocked_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    blocked_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
