"""Polls in a topic: what is asked, what can be chosen, who has chosen what."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, Identity, Instant


class ForumPoll(Base):
    """A question with choices; its counts are kept by who writes a vote."""

    __tablename__ = "forum_poll"
    __table_args__ = (Index("ix_forum_poll_topic", "topic_id", "id"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("forum_topic.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    question: Mapped[str]
    most: Mapped[int] = mapped_column(default=1)  # choices that one person may make
    shown: Mapped[str]  # when the counts are shown: rules.polls.SHOWN
    ends_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    voters: Mapped[int] = mapped_column(default=0)
    #: Counts votes, so that those of one poll are written one after the other.
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(Instant)


class ForumPollOption(Base):
    """One choice of a poll."""

    __tablename__ = "forum_poll_option"

    poll_id: Mapped[int] = mapped_column(ForeignKey("forum_poll.id"), primary_key=True)
    no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # 1, 2 …
    text: Mapped[str]
    votes: Mapped[int] = mapped_column(default=0)


class ForumPollVote(Base):
    """What one person has chosen; nobody is shown it but himself."""

    __tablename__ = "forum_poll_vote"
    __table_args__ = (Index("ix_forum_poll_vote_person", "person_id"),)

    poll_id: Mapped[int] = mapped_column(ForeignKey("forum_poll.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Instant)
