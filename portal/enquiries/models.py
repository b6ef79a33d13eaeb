"""Tables of messages, what is said in them, their files, and of call-backs.

A visitor's message belongs to no company (``company_id`` None), a member's to his. Either way the
tables are scoped: whoever reads says for a company, for the centre, or ``PUBLISHED`` for what the
board shows to everybody, and a member's statement never finds a visitor's row.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import scope
from portal.core.db import Base, Document, Identity, Instant

_DUE = text("due_at IS NOT NULL")


class Message(Base):
    """What somebody wrote to the centre; its first text stays as it was written."""

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_board", "state", "published_at", "id"),
        Index("ix_message_board_topic", "state", "topic", "published_at", "id"),
        Index("ix_message_state", "state", "is_private", "id"),
        Index("ix_message_company", "company_id", "id"),
        Index("ix_message_merged", "merged_into_id"),
        Index("ix_message_recent", "created_at"),
        Index("ix_message_due", "due_at", "id", sqlite_where=_DUE, postgresql_where=_DUE),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    #: Public reference, random, such as ``MS4F7K2M9T``.
    ref: Mapped[str] = mapped_column(unique=True)
    #: What the key of the secret link is made from, together with the portal's own secret.
    salt: Mapped[str]
    company_id: Mapped[int | None] = mapped_column(ForeignKey("company.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str]
    company_name: Mapped[str | None]
    email: Mapped[str | None]
    phone: Mapped[str | None]  # E.164
    locale: Mapped[str]
    topic: Mapped[str]  # rules.TOPICS
    subject: Mapped[str]
    text: Mapped[str]
    #: Whether its writer wants it, and the answers, to be read by nobody else.
    is_private: Mapped[bool]
    #: pending, published, hidden, spam
    state: Mapped[str]
    #: What the board shows; None until it is published for the first time.
    public_name: Mapped[str | None]
    public_subject: Mapped[str | None]
    public_text: Mapped[str | None]
    published_at: Mapped[datetime | None] = mapped_column(Instant)
    #: Since when, and until when, the centre owes an answer; ``due_at`` None: it owes none.
    asked_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)  # first answer
    #: Who of the centre has it.
    assigned_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    #: The message that says the same and is answered in its place.
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))
    merged_at: Mapped[datetime | None] = mapped_column(Instant)
    spam_score: Mapped[int]
    spam_reasons: Mapped[list[str]] = mapped_column(Document)
    fingerprint: Mapped[str]
    sketch: Mapped[list[int]] = mapped_column(Document)
    #: Keyed hash of the address it was sent from; None: not from a browser.
    sender: Mapped[str | None]
    #: Name of the form it was sent by: the same form sent twice is one message.
    form_name: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant)


class MessageEntry(Base):
    """What was said after the first text: an addition, an answer, or a note among staff."""

    __tablename__ = "message_entry"
    __table_args__ = (
        Index("ix_message_entry_message", "message_id", "id"),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"))
    company_id: Mapped[int | None] = mapped_column(ForeignKey("company.id"))
    kind: Mapped[str]  # added, answer, note
    is_public: Mapped[bool]
    text: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    #: Name and role (``ROLE_NAMES``) of who answered, as they were then.
    author_name: Mapped[str]
    author_role: Mapped[str | None]
    form_name: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant)


class MessageFile(Base):
    """A file that came with a message or with an addition; never public."""

    __tablename__ = "message_file"
    __table_args__ = (
        Index("ix_message_file_message", "message_id", "id"),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"))
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("message_entry.id"))
    company_id: Mapped[int | None] = mapped_column(ForeignKey("company.id"))
    name: Mapped[str]
    file_key: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]  # bytes
    sha256: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Instant)


class CallBack(Base):
    """A request to be called: waiting → taken → reached | closed, tried at most three times."""

    __tablename__ = "call_back"
    __table_args__ = (
        Index("ix_call_back_due", "due_at", "id", sqlite_where=_DUE, postgresql_where=_DUE),
        Index("ix_call_back_company", "company_id", "id"),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    company_id: Mapped[int | None] = mapped_column(ForeignKey("company.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str]
    company_name: Mapped[str | None]
    phone: Mapped[str]  # E.164
    email: Mapped[str | None]
    about: Mapped[str]
    locale: Mapped[str]
    timezone: Mapped[str]  # IANA name of the zone in which the caller said when
    window_from: Mapped[datetime] = mapped_column(Instant)
    window_to: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[str]  # waiting, taken, reached, closed, spam
    #: When the next try begins; None once it is over.
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    tries: Mapped[int]
    assigned_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    spam_score: Mapped[int]
    spam_reasons: Mapped[list[str]] = mapped_column(Document)
    form_name: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class CallAttempt(Base):
    """One try to reach somebody, and what came of it."""

    __tablename__ = "call_attempt"
    __table_args__ = (
        Index("ix_call_attempt_call", "call_back_id", "id"),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    call_back_id: Mapped[int] = mapped_column(ForeignKey("call_back.id"))
    company_id: Mapped[int | None] = mapped_column(ForeignKey("company.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    outcome: Mapped[str]  # reached, not_reached
    note: Mapped[str | None]
    next_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)


class AnswerTime(Base):
    """How many first answers took how long: a day's counts, kept by whoever answers."""

    __tablename__ = "answer_time"

    #: Day of the answer in the centre's zone.
    on: Mapped[date] = mapped_column(primary_key=True)
    #: Working minutes, rounded up to a multiple of ``rules.BUCKET_MIN``.
    minutes: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int]


#: Execution options of a statement that reads only what everybody may read; it says so itself.
PUBLISHED: dict[str, Any] = {"scope": "published"}
