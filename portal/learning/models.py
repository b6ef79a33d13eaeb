"""Tables of courses and books, of who has come how far, of certificates and of questions.

Courses and books are the centre's own words, for everybody; progress, attempts and certificates
belong to one person, and every query of them names him.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, Document, Identity, Instant

_OPEN = text("ended_at IS NULL")
_VALID = text("revoked_at IS NULL")
_DUE = text("due_at IS NOT NULL")


class Work(Base):
    """A course or a book: what is shown of it, and how far its newest version is.

    While ``shown_number`` is set it is public; a newer version may be a draft meanwhile.
    """

    __tablename__ = "learning_work"
    __table_args__ = (
        UniqueConstraint("kind", "slug"),
        Index("ix_learning_work_shown", "kind", "position", "id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    kind: Mapped[str]  # course, book
    slug: Mapped[str]
    topic: Mapped[str]  # rules.topics.TOPICS
    position: Mapped[int]
    #: draft, in_review, published, archived: of the newest version
    state: Mapped[str]
    newest_number: Mapped[int]
    #: The version that is read and taken; None: none.
    shown_number: Mapped[int | None]
    #: When it was first published; stays when it is published again.
    shown_at: Mapped[datetime | None] = mapped_column(Instant)
    #: Who wrote at the newest version: none of them publishes it.
    writers: Mapped[list[int]] = mapped_column(Document)
    #: What the reviewer asked for when he sent it back.
    review_note: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)


class WorkVersion(Base):
    """What a course or book says; a version that was published is never changed afterwards."""

    __tablename__ = "learning_version"
    __table_args__ = (UniqueConstraint("work_id", "number"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    work_id: Mapped[int] = mapped_column(ForeignKey("learning_work.id"))
    number: Mapped[int]  # 1, 2, 3 … per work
    #: Language tag → {title, summary}.
    texts: Mapped[dict[str, Any]] = mapped_column(Document)
    #: Lessons or chapters: [{id, picture, texts: {tag: {title, body, alt}}}], in order.
    parts: Mapped[list[dict[str, Any]]] = mapped_column(Document)
    #: [{id, kind, right: [option ids], options: [ids], texts: {tag: {ask, why, <option id>}}}]
    questions: Mapped[list[dict[str, Any]]] = mapped_column(Document)
    #: {pass_percent, is_public, sources}
    settings: Mapped[dict[str, Any]] = mapped_column(Document)
    #: Counts the changes: who saves on top of an older one is told.
    edition: Mapped[int]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime | None] = mapped_column(Instant)


class Progress(Base):
    """How far one person is in one lesson or chapter."""

    __tablename__ = "learning_progress"
    __table_args__ = (
        UniqueConstraint("person_id", "work_id", "part"),
        Index("ix_learning_progress_seen", "person_id", "seen_at"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    work_id: Mapped[int] = mapped_column(ForeignKey("learning_work.id"))
    part: Mapped[str]
    #: How much of it was read, percent.
    place: Mapped[int]
    seen_at: Mapped[datetime] = mapped_column(Instant)
    done_at: Mapped[datetime | None] = mapped_column(Instant)


class Attempt(Base):
    """One try at the quiz of a course, at the version that was shown when it began."""

    __tablename__ = "quiz_attempt"
    __table_args__ = (
        Index("ix_quiz_attempt_person", "person_id", "work_id", "id"),
        Index(
            "ix_quiz_attempt_open",
            "person_id",
            "work_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    work_id: Mapped[int] = mapped_column(ForeignKey("learning_work.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("learning_version.id"))
    #: What questions and options are shuffled by.
    seed: Mapped[int]
    #: Question id → ids of the options that were chosen.
    answers: Mapped[dict[str, Any]] = mapped_column(Document)
    correct: Mapped[int | None]  # questions
    asked: Mapped[int | None]
    passed: Mapped[bool | None]
    started_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class Certificate(Base):
    """That somebody passed a course, as its paper says it."""

    __tablename__ = "certificate"
    __table_args__ = (
        Index("ix_certificate_person", "person_id", "id"),
        Index(
            "ix_certificate_valid",
            "person_id",
            "work_id",
            unique=True,
            sqlite_where=_VALID,
            postgresql_where=_VALID,
        ),
        Index("ix_certificate_issued", "issued_at", "id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    #: Such as ``QC7K2M9T4F-X``: random, its last sign checks the others.
    number: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    work_id: Mapped[int] = mapped_column(ForeignKey("learning_work.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("learning_version.id"))
    attempt_id: Mapped[int] = mapped_column(ForeignKey("quiz_attempt.id"), unique=True)
    #: As its holder agreed that everybody who has the number may read it.
    name: Mapped[str]
    #: Language tag → name of the course, as it was then.
    titles: Mapped[dict[str, Any]] = mapped_column(Document)
    score: Mapped[int]  # percent
    lessons: Mapped[int]
    issued_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    revoke_reason: Mapped[str | None]


class Question(Base):
    """What somebody asked the experts; its text stays as it was written."""

    __tablename__ = "expert_question"
    __table_args__ = (
        Index("ix_expert_question_public", "state", "published_at", "id"),
        Index("ix_expert_question_recent", "created_at"),
        Index("ix_expert_question_due", "due_at", "id", sqlite_where=_DUE, postgresql_where=_DUE),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    #: What the key of the secret link is made from, together with the portal's own secret.
    salt: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str]
    email: Mapped[str]
    locale: Mapped[str]
    topic: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    #: Whether its writer agreed that others may read it, without his name.
    may_publish: Mapped[bool]
    #: open, answered, hidden, spam
    state: Mapped[str]
    #: What everybody may read, edited by the expert; None until it is published.
    public_subject: Mapped[str | None]
    public_text: Mapped[str | None]
    published_at: Mapped[datetime | None] = mapped_column(Instant)
    #: Until when an answer is owed; None: none is.
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    assigned_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    spam_score: Mapped[int]
    spam_reasons: Mapped[list[str]] = mapped_column(Document)
    fingerprint: Mapped[str]
    sketch: Mapped[list[int]] = mapped_column(Document)
    #: Keyed hash of the address it was sent from.
    sender: Mapped[str | None]
    form_name: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant)


class ExpertAnswer(Base):
    """What an expert answered, with his name and role as they were then."""

    __tablename__ = "expert_answer"
    __table_args__ = (Index("ix_expert_answer_question", "question_id", "id"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("expert_question.id"))
    is_public: Mapped[bool]
    text: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    author_name: Mapped[str]
    author_role: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Instant)


class ArticleTopic(Base):
    """Among which topic an article of the public pages is listed."""

    __tablename__ = "article_topic"

    page_id: Mapped[int] = mapped_column(ForeignKey("page.id"), primary_key=True)
    topic: Mapped[str]
