"""Questions, the day on which each was asked, and the answers."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, Document, Identity, Instant


class QuizQuestion(Base):
    """A question with four options, in three languages."""

    __tablename__ = "daily_question"
    __table_args__ = (Index("ix_daily_question_state", "state", "turn"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    #: Of those that come with the portal: what they are called there.
    slug: Mapped[str | None] = mapped_column(unique=True)
    topic: Mapped[str]  # rules.quiz.TOPICS
    state: Mapped[str]  # draft, ready, retired
    #: Language tag → {ask, options: four, why, source: where it is called otherwise there}.
    texts: Mapped[dict[str, Any]] = mapped_column(Document)
    right: Mapped[int]  # 0–3, place among the options
    #: A page of the portal where one can read on, by its path.
    link: Mapped[str | None]
    source: Mapped[str]
    #: How often its turn has come: no question comes again before all others have come as often.
    turn: Mapped[int] = mapped_column(default=0)
    planned_on: Mapped[date | None] = mapped_column(Date, unique=True)
    version: Mapped[int] = mapped_column(default=1)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(Instant)


class QuizDay(Base):
    """The question of a day of the centre, with its words as they were asked."""

    __tablename__ = "daily_quiz"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("daily_question.id"), index=True)
    texts: Mapped[dict[str, Any]] = mapped_column(Document)
    right: Mapped[int]
    link: Mapped[str | None]
    source: Mapped[str]
    #: What the options are shuffled by, for each person in another way; never shown.
    salt: Mapped[str]
    answered: Mapped[int] = mapped_column(default=0)
    answered_right: Mapped[int] = mapped_column(default=0)


class QuizAnswer(Base):
    """What somebody answered: once a day."""

    __tablename__ = "daily_answer"
    __table_args__ = (UniqueConstraint("person_id", "day"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    day: Mapped[date] = mapped_column(ForeignKey("daily_quiz.day"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    choice: Mapped[int]  # 0–3, place among the options as they are kept
    is_right: Mapped[bool]
    points: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime] = mapped_column(Instant)
