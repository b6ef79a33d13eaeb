"""Where posts have gone: what once led to them leads on."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, Instant


class ForumMoved(Base):
    """A post that stood under this number of a topic stands elsewhere now."""

    __tablename__ = "forum_moved"
    __table_args__ = (Index("ix_forum_moved_to", "to_topic_id", "to_no"),)

    topic_id: Mapped[int] = mapped_column(ForeignKey("forum_topic.id"), primary_key=True)
    no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    to_topic_id: Mapped[int] = mapped_column(ForeignKey("forum_topic.id"))
    to_no: Mapped[int]
    at: Mapped[datetime] = mapped_column(Instant)
