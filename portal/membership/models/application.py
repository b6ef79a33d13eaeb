"""Applications: who wants to become a member, and what he answers."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import scope
from portal.core.db import Base, Document, Identity, Instant


class Application(Base):
    """One company's wish to become a member.

    draft → unverified → submitted → in_review ⇄ info_requested → approved | refused | withdrawn
    """

    __tablename__ = "application"
    __table_args__ = (
        Index("ix_application_queue", "state", "due_at", "id"),
        Index("ix_application_email", "email"),
        Index("ix_application_credit_code", "credit_code"),
        Index("ix_application_company", "company_id"),
        Index("ix_application_fingerprint", "fingerprint"),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    #: Half of the applicant's key; the other half is the portal's secret. A new one ends old links.
    key_seed: Mapped[str]
    #: The token of the empty form with which it began: sent twice, it is one application.
    begun_with: Mapped[str | None] = mapped_column(unique=True)
    #: The version of the questions that it answers, from its beginning to its end.
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("questionnaire.id"))
    state: Mapped[str]
    locale: Mapped[str]  # language tag, of mails to the applicant
    #: How it came: web, api, or message (turned into an application by an agent).
    channel: Mapped[str]
    message_ref: Mapped[str | None]
    #: The member that came of it, or the prospect that it is known to be.
    company_id: Mapped[int | None] = mapped_column(ForeignKey("company.id"))
    #: Columns from ``name`` to ``phone`` repeat answers, for the queue and for duplicates.
    name: Mapped[str | None]
    name_en: Mapped[str | None]
    credit_code: Mapped[str | None]
    registration_no: Mapped[str | None]
    country: Mapped[str | None]
    city: Mapped[str | None]
    contact_name: Mapped[str | None]
    email: Mapped[str | None]  # lower case
    phone: Mapped[str | None]  # E.164
    #: Hash of the answers as they were sent: the same again is the same application.
    fingerprint: Mapped[str | None]
    duplicate_of_id: Mapped[int | None] = mapped_column(ForeignKey("application.id"))
    #: The member of staff who referred it, and so does not decide on it.
    referred_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    #: What was found suspicious when it was sent; None: nothing.
    suspicion: Mapped[dict[str, Any] | None] = mapped_column(Document)
    #: Proof of the e-mail address: the hash of the code, how often it was tried.
    code_hash: Mapped[str | None]
    code_sent_at: Mapped[datetime | None] = mapped_column(Instant)
    code_tries: Mapped[int] = mapped_column(default=0)
    proven_at: Mapped[datetime | None] = mapped_column(Instant)
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    submitted_at: Mapped[datetime | None] = mapped_column(Instant)
    #: By when it must be decided; None while it is not the centre's turn.
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    #: Why it was refused: a code of ``rules/decisions.py``, and words to the applicant.
    reason: Mapped[str | None]
    reason_text: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)


class Answer(Base):
    """What was answered to one question, under the version in which it was asked."""

    __tablename__ = "application_answer"
    __table_args__ = (UniqueConstraint("application_id", "key"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    key: Mapped[str]
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("questionnaire.id"))
    #: A text, a number, a list of choices, a mapping, or a list of rows: see the question's kind.
    value: Mapped[Any] = mapped_column(Document)
    changed_at: Mapped[datetime] = mapped_column(Instant)


class Paper(Base):
    """A file that belongs to an answer; what was taken away stays until the application goes."""

    __tablename__ = "application_paper"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    key: Mapped[str]
    name: Mapped[str]
    file_key: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]  # bytes
    sha256: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Instant)
    removed_at: Mapped[datetime | None] = mapped_column(Instant)


class Consent(Base):
    """Whether somebody agreed to be written to for a purpose by a channel, and to which text."""

    __tablename__ = "application_consent"
    __table_args__ = (UniqueConstraint("application_id", "purpose", "channel"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    purpose: Mapped[str]
    channel: Mapped[str]
    given: Mapped[bool]
    #: The words that stood beside the box, and their language.
    text: Mapped[str]
    locale: Mapped[str]
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("questionnaire.id"))
    at: Mapped[datetime] = mapped_column(Instant)
