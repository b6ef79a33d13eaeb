"""What somebody has begun to write, and how his feeds are addressed."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, Document, Identity, Instant


class ForumDraft(Base):
    """A text that is not sent yet: one per person and place."""

    __tablename__ = "forum_draft"
    __table_args__ = (UniqueConstraint("person_id", "about"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    #: Where it belongs: rules.drafts.KINDS, such as ``reply:TP…``.
    about: Mapped[str]
    said: Mapped[dict[str, Any]] = mapped_column(Document)  # field of the form → what it says
    refused: Mapped[str | None]  # why it was not published when it was sent
    saved_at: Mapped[datetime] = mapped_column(Instant)


class ForumFeed(Base):
    """The addresses of somebody's feeds are good as long as they name this key."""

    __tablename__ = "forum_feed"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    key: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(Instant)
    read_at: Mapped[datetime | None] = mapped_column(Instant)
