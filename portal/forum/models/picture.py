"""Pictures in posts."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, Identity, Instant


class ForumPicture(Base):
    """A picture that somebody has put into a text of his; written anew before it was kept."""

    __tablename__ = "forum_picture"
    __table_args__ = (
        Index("ix_forum_picture_person", "person_id", "created_at"),
        Index("ix_forum_picture_loose", "is_used", "created_at"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)  # in texts: ``picture:PX…``
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    key: Mapped[str]  # of core.files
    width: Mapped[int]  # px
    height: Mapped[int]  # px
    size: Mapped[int]  # bytes
    #: Whether it ever stood in a post; one that never did is removed after some days.
    is_used: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Instant)


class ForumPostPicture(Base):
    """A picture stands in a post as that is now."""

    __tablename__ = "forum_post_picture"
    __table_args__ = (Index("ix_forum_post_picture_picture", "picture_id"),)

    post_id: Mapped[int] = mapped_column(ForeignKey("forum_post.id"), primary_key=True)
    picture_id: Mapped[int] = mapped_column(ForeignKey("forum_picture.id"), primary_key=True)
