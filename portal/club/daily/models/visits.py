"""Check-ins, and how each person stands: what every check-in and answer of his locks first."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, Instant


class DailyPerson(Base):
    """How somebody stands in what is done every day."""

    __tablename__ = "daily_person"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    #: The zone that his browser named first; one that he chose himself counts before it.
    browser_zone: Mapped[str | None]
    #: Of the last check-in: its day, its instant, the zone in which its day was counted.
    last_on: Mapped[date | None] = mapped_column(Date)
    last_at: Mapped[datetime | None] = mapped_column(Instant)
    last_zone: Mapped[str | None]
    streak: Mapped[int] = mapped_column(default=0)  # check-ins in a row, up to the last one
    longest: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    #: The last day that was forgiven.
    rested_on: Mapped[date | None] = mapped_column(Date)
    #: Of the last answer to a daily question: its day, right ones in a row up to it.
    quiz_on: Mapped[date | None] = mapped_column(Date)
    quiz_streak: Mapped[int] = mapped_column(default=0)
    quiz_longest: Mapped[int] = mapped_column(default=0)
    quiz_answered: Mapped[int] = mapped_column(default=0)
    quiz_right: Mapped[int] = mapped_column(default=0)


class CheckIn(Base):
    """One day of one person: there is never a second of the same day."""

    __tablename__ = "daily_check_in"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)  # in his zone at the time
    at: Mapped[datetime] = mapped_column(Instant)
    zone: Mapped[str]
    streak: Mapped[int]
    #: The day before was missed and forgiven.
    forgave: Mapped[bool] = mapped_column(default=False)
    #: Points it brought, those of the streak with them.
    points: Mapped[int] = mapped_column(default=0)
