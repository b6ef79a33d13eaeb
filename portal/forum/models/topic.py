"""Topics."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, Document, Identity, Instant

_SHOWN = text("state = 'open' OR state = 'locked'")


class ForumTopic(Base):
    """A thread of posts under one heading."""

    __tablename__ = "forum_topic"
    __table_args__ = (
        Index(
            "ix_forum_topic_space",
            "space_id",
            "pinned",
            "last_post_at",
            "id",
            sqlite_where=_SHOWN,
            postgresql_where=_SHOWN,
        ),
        Index("ix_forum_topic_recent", "last_post_at", "id"),
        Index("ix_forum_topic_author", "author_id", "id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)  # ``TP…``, in its permanent link
    space_id: Mapped[int] = mapped_column(ForeignKey("forum_space.id"))
    title: Mapped[str]
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    #: open, locked, in_review, hidden, deleted, merged: rules.topics.STATES
    state: Mapped[str]
    pinned: Mapped[int] = mapped_column(default=0)  # 1: stands above the others
    tags: Mapped[list[str]] = mapped_column(Document)
    #: Language in which it was begun; None: not known.
    locale: Mapped[str | None]
    #: Of a question: the post that solved it. Of a suggestion: what becomes of it.
    accepted_no: Mapped[int | None]
    suggestion: Mapped[str | None]  # rules.topics.SUGGESTION: new, planned, done, declined
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("forum_topic.id"))
    #: The number of the last post; numbers have no gaps, also where posts are hidden.
    last_no: Mapped[int] = mapped_column(default=0)
    reply_count: Mapped[int] = mapped_column(default=0)  # that are shown
    reader_count: Mapped[int] = mapped_column(default=0)
    last_post_at: Mapped[datetime] = mapped_column(Instant)
    last_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)


class ForumTag(Base):
    """A topic under one of its tags; the topic itself has them in their order."""

    __tablename__ = "forum_tag"

    tag: Mapped[str] = mapped_column(primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("forum_topic.id"), primary_key=True)
