"""Spaces: what is talked about where, and who may."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, Document, Identity, Instant


class ForumSpace(Base):
    """A part of the forum with a theme and rights of its own."""

    __tablename__ = "forum_space"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)  # in addresses: ``packing``
    position: Mapped[int]
    kind: Mapped[str]  # rules.spaces.KINDS: talk, question, suggestion, offer, staff
    names: Mapped[dict[str, str]] = mapped_column(Document)  # language tag → name
    abouts: Mapped[dict[str, str]] = mapped_column(Document)  # language tag → a sentence
    #: Roles that may read, begin topics, and reply; ``*``: everybody of the club.
    readers: Mapped[list[str]] = mapped_column(Document)
    starters: Mapped[list[str]] = mapped_column(Document)
    repliers: Mapped[list[str]] = mapped_column(Document)
    #: Trust that beginning a topic takes: rules.trust.LEVELS.
    least_trust: Mapped[int] = mapped_column(default=0)
    topic_count: Mapped[int] = mapped_column(default=0)
    post_count: Mapped[int] = mapped_column(default=0)
    archived_at: Mapped[datetime | None] = mapped_column(Instant)
