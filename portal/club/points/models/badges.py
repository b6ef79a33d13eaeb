"""Badges, and what is counted for them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, Identity, Instant


class PointTally(Base):
    """How many deeds of a kind of somebody stand, whatever the day's cap made of their points."""

    __tablename__ = "point_tally"
    __table_args__ = (CheckConstraint("count >= 0", name="count"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)  # rules.badges.TALLIED
    count: Mapped[int]


class PointBadge(Base):
    """A level of a badge, awarded once and kept."""

    __tablename__ = "point_badge"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)  # rules.badges.BADGES
    level: Mapped[int] = mapped_column(primary_key=True)
    cause: Mapped[str]  # of the deed that reached it
    at: Mapped[datetime] = mapped_column(Instant)


class PointMark(Base):
    """How far a list has been looked through for deeds: every row of it is judged once."""

    __tablename__ = "point_mark"

    name: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(Identity)
