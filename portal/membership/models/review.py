"""What the desk does about an application: moves, checks, notes, asking back."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, Document, Identity, Instant


class Move(Base):
    """One step of an application's way; its history."""

    __tablename__ = "application_move"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    action: Mapped[str]
    state_before: Mapped[str | None]
    state_after: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # None: the applicant
    #: What was said with it: fields asked for, a reason, terms.
    said: Mapped[dict[str, Any] | None] = mapped_column(Document)
    at: Mapped[datetime] = mapped_column(Instant)


class Check(Base):
    """Somebody made sure that an answer is true; a changed answer is to be checked again."""

    __tablename__ = "application_check"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    key: Mapped[str]
    how: Mapped[str]  # phone_call, registry_extract, paper, site_visit
    note: Mapped[str | None]
    #: Hash of the answer that was checked.
    value_hash: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)


class Note(Base):
    """A word among the staff; the applicant never sees it."""

    __tablename__ = "application_note"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    text: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)


class Ask(Base):
    """The desk asks the applicant to change or complete named answers, and no others."""

    __tablename__ = "application_ask"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    keys: Mapped[list[str]] = mapped_column(Document)
    text: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)


class Change(Base):
    """What an answer was before it was asked for again, and after."""

    __tablename__ = "application_change"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    ask_id: Mapped[int] = mapped_column(ForeignKey("application_ask.id"))
    key: Mapped[str]
    before: Mapped[Any] = mapped_column(Document)
    after: Mapped[Any] = mapped_column(Document)
    at: Mapped[datetime] = mapped_column(Instant)
