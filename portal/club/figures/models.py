"""Counters of the club by week and space, and what each topic has added to them."""

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, Document


class ClubWeek(Base):
    """What was written in one space in one week; of questions, what became of them since."""

    __tablename__ = "club_week"

    week: Mapped[date] = mapped_column(primary_key=True)  # its Monday, in the centre's zone
    space_id: Mapped[int] = mapped_column(ForeignKey("forum_space.id"), primary_key=True)
    topics: Mapped[int] = mapped_column(default=0)
    posts: Mapped[int] = mapped_column(default=0)  # first posts too
    questions: Mapped[int] = mapped_column(default=0)
    answered: Mapped[int] = mapped_column(default=0)  # somebody else has replied
    accepted: Mapped[int] = mapped_column(default=0)


class ClubTopicFact(Base):
    """What a topic counts for now; what it counted for before is taken out by it."""

    __tablename__ = "club_topic_fact"
    __table_args__ = (Index("ix_club_topic_fact_answer", "week", "first_answer_s"),)

    topic_id: Mapped[int] = mapped_column(
        ForeignKey("forum_topic.id"), primary_key=True, autoincrement=False
    )
    space_id: Mapped[int] = mapped_column(ForeignKey("forum_space.id"))
    week: Mapped[date]  # in which it was begun
    is_shown: Mapped[bool]
    is_question: Mapped[bool]
    is_accepted: Mapped[bool]
    #: Until somebody else replied; None: nobody has, or it is no question.
    first_answer_s: Mapped[int | None]
    posts: Mapped[dict[str, Any]] = mapped_column(Document)  # week (ISO) → posts that are shown


class ClubPersonWeek(Base):
    """What one person did in a week."""

    __tablename__ = "club_person_week"

    week: Mapped[date] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    posts: Mapped[int] = mapped_column(default=0)
    has_come: Mapped[bool] = mapped_column(default=False)


class ClubPeople(Base):
    """How many people wrote in a week, and how many came."""

    __tablename__ = "club_people"

    week: Mapped[date] = mapped_column(primary_key=True)
    writers: Mapped[int] = mapped_column(default=0)
    readers: Mapped[int] = mapped_column(default=0)
