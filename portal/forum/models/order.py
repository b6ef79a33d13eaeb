"""Keeping order: what waits, who reported what, what was done and why, who may not write."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, Document, Identity, Instant

_OPEN = text("state = 'open'")
_WAITS = text("appeal_state = 'open'")


class ForumHeld(Base):
    """A text of somebody new that nobody has looked at yet: no post until it is let through."""

    __tablename__ = "forum_held"
    __table_args__ = (
        Index("ix_forum_held_state", "state", "id"),
        Index("ix_forum_held_person", "person_id", "id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    #: Who writes, as it was then: company_id, company_name, staff_role, locale.
    as_who: Mapped[dict[str, Any]] = mapped_column(Document)
    space_id: Mapped[int] = mapped_column(ForeignKey("forum_space.id"))
    #: The topic that it replies to; None: it begins one, with ``title`` and ``tags``.
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("forum_topic.id"))
    title: Mapped[str | None]
    tags: Mapped[list[str]] = mapped_column(Document)
    text: Mapped[str]
    reply_to: Mapped[int | None]
    form_name: Mapped[str | None] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(default="open")  # open, approved, refused
    reason: Mapped[str | None]  # why it was refused, for its author
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)


class ForumFlag(Base):
    """One person's report against a post."""

    __tablename__ = "forum_flag"
    __table_args__ = (
        UniqueConstraint("post_id", "person_id"),
        Index("ix_forum_flag_person", "person_id", "outcome"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("forum_post.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str]  # rules.order.REASONS
    note: Mapped[str | None]
    weight: Mapped[int]  # in hundredths, as it was when it was made
    outcome: Mapped[str | None]  # agreed, disagreed, ignored; None: undecided
    at: Mapped[datetime] = mapped_column(Instant)


class ForumReview(Base):
    """A post that somebody has to decide about."""

    __tablename__ = "forum_review"
    __table_args__ = (
        Index(
            "uq_forum_review_open",
            "post_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_forum_review_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("forum_post.id"))
    state: Mapped[str] = mapped_column(default="open")  # open, agreed, disagreed, ignored
    #: Counts reports and decisions: who decides names what he saw.
    version: Mapped[int] = mapped_column(default=1)
    opened_at: Mapped[datetime] = mapped_column(Instant)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)


class ForumSanction(Base):
    """Somebody may not write (silence), or not enter (suspension), until an instant."""

    __tablename__ = "forum_sanction"
    __table_args__ = (Index("ix_forum_sanction_person", "person_id", "until"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]  # silence, suspension
    reason: Mapped[str]
    until: Mapped[datetime] = mapped_column(Instant)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    lifted_at: Mapped[datetime | None] = mapped_column(Instant)


class ForumAct(Base):
    """What a moderator did: seen by the person concerned, who may ask for another look."""

    __tablename__ = "forum_act"
    __table_args__ = (
        Index("ix_forum_act_person", "person_id", "id"),
        Index("ix_forum_act_topic", "topic_id", "id"),
        Index("ix_forum_act_appeal", "id", sqlite_where=_WAITS, postgresql_where=_WAITS),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]  # rules.order.ACTS
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # whom it concerns
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("forum_topic.id"))
    no: Mapped[int | None]  # of the post
    reason: Mapped[str | None]
    details: Mapped[dict[str, Any]] = mapped_column(Document)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    appeal: Mapped[str | None]
    appeal_state: Mapped[str | None]  # open, kept, reversed
    appeal_answer: Mapped[str | None]
    appeal_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    appealed_at: Mapped[datetime | None] = mapped_column(Instant)
