"""Posts, what they said before, and what readers thought of them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, Identity, Instant


class ForumPost(Base):
    """One text in a topic. Its HTML is made when it is written, not when it is read."""

    __tablename__ = "forum_post"
    __table_args__ = (
        UniqueConstraint("topic_id", "no"),
        Index("ix_forum_post_author", "author_id", "id"),
        Index("ix_forum_post_author_at", "author_id", "created_at"),
        Index("ix_forum_post_topic_at", "topic_id", "created_at"),
        Index("ix_forum_post_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("forum_topic.id"))
    no: Mapped[int]  # 1, 2, 3 … in its topic
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    #: For whom the author wrote, and as what, as it was then.
    company_name: Mapped[str | None]
    staff_role: Mapped[str | None]
    #: visible, in_review, hidden, deleted, moved (it stands elsewhere now): rules.posts.STATES
    state: Mapped[str]
    text: Mapped[str]  # Markdown
    html: Mapped[str]
    reply_to: Mapped[int | None]  # the number of the post that it answers
    version: Mapped[int] = mapped_column(default=1)
    edited_at: Mapped[datetime | None] = mapped_column(Instant)
    #: Reactions, counted: rules.posts.REACTIONS.
    useful: Mapped[int] = mapped_column(default=0)
    thanks: Mapped[int] = mapped_column(default=0)
    same: Mapped[int] = mapped_column(default=0)
    #: Weight of the reports against it that nobody has decided about, in hundredths.
    flagged: Mapped[int] = mapped_column(default=0)
    #: Name of the form it was sent by: the same form sent twice is one post.
    form_name: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant)


class ForumRevision(Base):
    """A text that a post had before it was edited."""

    __tablename__ = "forum_revision"

    post_id: Mapped[int] = mapped_column(ForeignKey("forum_post.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    editor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))  # who replaced it
    reason: Mapped[str | None]
    at: Mapped[datetime] = mapped_column(Instant)  # when it was replaced


class ForumReaction(Base):
    """What one person thinks of a post."""

    __tablename__ = "forum_reaction"
    __table_args__ = (Index("ix_forum_reaction_person", "person_id"),)

    post_id: Mapped[int] = mapped_column(ForeignKey("forum_post.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
