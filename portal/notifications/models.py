"""Tables of notices. They belong to people, not to companies."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, Document, Identity, Instant

_UNREAD = text("read_at IS NULL")
_DUE = text("mail_at IS NOT NULL")
_RECOUNT = text("recount_at IS NOT NULL")
_DIGEST = text("digest_at IS NOT NULL")


class Notice(Base):
    """Something that one person is told of. What follows while it is unread joins it."""

    __tablename__ = "notice"
    __table_args__ = (
        Index(
            "uq_notice_unread",
            "person_id",
            "kind",
            "about",
            unique=True,
            sqlite_where=_UNREAD,
            postgresql_where=_UNREAD,
        ),
        Index("ix_notice_person", "person_id", "at", "id"),
        Index("ix_notice_about", "person_id", "about", "kind"),
        Index("ix_notice_topic", "topic_id", sqlite_where=_UNREAD, postgresql_where=_UNREAD),
        Index("ix_notice_mail", "mail_at", sqlite_where=_DUE, postgresql_where=_DUE),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]  # rules.KINDS
    about: Mapped[str]  # ``topic:12``, ``direct:…``, ``act:…``, ``day:2026-11-22``
    #: The topic whose posts it is about, and which: by number where all of them count
    #: (``followed``), else by their ids.
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("forum_topic.id"))
    first_no: Mapped[int | None]
    last_no: Mapped[int | None]
    posts: Mapped[list[int]] = mapped_column(Document)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # whose deed was the last
    params: Mapped[dict[str, Any]] = mapped_column(Document)
    at: Mapped[datetime] = mapped_column(Instant)  # of the last that joined it
    read_at: Mapped[datetime | None] = mapped_column(Instant)
    #: When a mail of it is due; None: none is.
    mail_at: Mapped[datetime | None] = mapped_column(Instant)
    #: Whether it goes into the mail of the day.
    digests: Mapped[bool] = mapped_column(default=False)
    mailed_at: Mapped[datetime | None] = mapped_column(Instant)


class NoticeReader(Base):
    """One person's notices, counted, and when something is to be done about them next."""

    __tablename__ = "notice_reader"
    __table_args__ = (
        Index(
            "ix_notice_reader_recount",
            "recount_at",
            sqlite_where=_RECOUNT,
            postgresql_where=_RECOUNT,
        ),
        Index(
            "ix_notice_reader_digest", "digest_at", sqlite_where=_DIGEST, postgresql_where=_DIGEST
        ),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    unread: Mapped[int] = mapped_column(default=0)
    #: When what he may see has to be looked at anew; None: nothing has changed.
    recount_at: Mapped[datetime | None] = mapped_column(Instant)
    #: When his mail of the day is due; None: he wants none.
    digest_at: Mapped[datetime | None] = mapped_column(Instant)


class NoticeChoice(Base):
    """How somebody wants to be told of one kind of notice, where it is not the usual way."""

    __tablename__ = "notice_choice"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str]  # rules.CHANNELS
    at: Mapped[datetime] = mapped_column(Instant)
