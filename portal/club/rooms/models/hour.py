"""Question hours: when, who answers, who comes, what is asked."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, Document, Identity, Instant


class ClubHour(Base):
    """An hour in which people of the centre answer questions about one theme."""

    __tablename__ = "club_hour"
    __table_args__ = (Index("ix_club_hour_state", "state", "starts_at"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)  # ``QH…``
    title: Mapped[str]
    about: Mapped[str]  # Markdown
    html: Mapped[str]
    starts_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    seats: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)  # never more than ``seats``
    state: Mapped[str] = mapped_column(default="planned")  # rules.hours.STATES
    #: Where it is kept afterwards, and as which topic.
    space_id: Mapped[int] = mapped_column(ForeignKey("forum_space.id"))
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("forum_topic.id"))
    #: RFC 5545: grows whenever those who have it in their calendar must change it.
    sequence: Mapped[int] = mapped_column(default=0)
    question_count: Mapped[int] = mapped_column(default=0)  # numbers given to questions
    reason: Mapped[str | None]  # why it was cancelled
    form_name: Mapped[str | None] = mapped_column(unique=True)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    reminded_at: Mapped[datetime | None] = mapped_column(Instant)
    opened_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)


class ClubHourHost(Base):
    """Somebody of the centre answers in an hour."""

    __tablename__ = "club_hour_host"

    hour_id: Mapped[int] = mapped_column(ForeignKey("club_hour.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)


class ClubSeat(Base):
    """Somebody wants to come to an hour."""

    __tablename__ = "club_seat"
    __table_args__ = (Index("ix_club_seat_person", "person_id"),)

    hour_id: Mapped[int] = mapped_column(ForeignKey("club_hour.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    #: He is told of the start, of changes and of the end by mail.
    wants_mail: Mapped[bool] = mapped_column(default=True)
    at: Mapped[datetime] = mapped_column(Instant)


class ClubQuestion(Base):
    """A question for an hour, and what was answered."""

    __tablename__ = "club_question"
    __table_args__ = (
        UniqueConstraint("hour_id", "no"),
        Index("ix_club_question_author", "author_id", "id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    hour_id: Mapped[int] = mapped_column(ForeignKey("club_hour.id"))
    no: Mapped[int]  # 1, 2, 3 … in its hour
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    #: Who asks, as it was then: company_id, company_name, staff_role, locale.
    as_who: Mapped[dict[str, Any]] = mapped_column(Document)
    text: Mapped[str]
    html: Mapped[str]
    votes: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(default="waiting")  # rules.hours.QUESTIONS
    answer: Mapped[str | None]
    answer_html: Mapped[str | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_as: Mapped[dict[str, Any] | None] = mapped_column(Document)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    form_name: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant)


class ClubQuestionVote(Base):
    """Somebody wants to hear the answer, too."""

    __tablename__ = "club_question_vote"

    question_id: Mapped[int] = mapped_column(ForeignKey("club_question.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
