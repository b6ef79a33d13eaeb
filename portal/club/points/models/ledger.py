"""The ledger of points: entries and their lines are only added; lots and accounts follow them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, Identity, Instant


class PointAccount(Base):
    """What somebody has: the row that every entry of his locks first."""

    __tablename__ = "point_account"
    __table_args__ = (CheckConstraint("balance >= 0 AND owed >= 0", name="balance"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    balance: Mapped[int] = mapped_column(default=0)  # the sum of his lots
    #: What was to be taken back and was spent already: paid from what he earns next.
    owed: Mapped[int] = mapped_column(default=0)
    #: He left the boards.
    is_hidden: Mapped[bool] = mapped_column(default=False)


class PointEntry(Base):
    """Points that came or went, once for each cause."""

    __tablename__ = "point_entry"
    __table_args__ = (
        UniqueConstraint("kind", "cause", "person_id"),
        Index("ix_point_entry_person", "person_id", "id"),
        Index("ix_point_entry_day", "person_id", "kind", "at"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]  # rules.KINDS
    #: Why: ``post:PO…``, ``order:RW…``; what takes an entry back: ``entry:12``.
    cause: Mapped[str]
    points: Mapped[int]  # that came (more than 0) or went (less)
    #: The sum of all entries up to this one; below 0 only by what is owed.
    balance: Mapped[int]
    #: For which company it was earned; it stays so whatever becomes of the company.
    company_id: Mapped[int | None] = mapped_column(ForeignKey("company.id"))
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reversed_id: Mapped[int | None] = mapped_column(ForeignKey("point_entry.id"))
    reason: Mapped[str | None]  # of what was taken back
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # None: the portal
    #: When the deed was done: its day is capped, its month counted on boards.
    at: Mapped[datetime] = mapped_column(Instant)
    made_at: Mapped[datetime] = mapped_column(Instant)


class PointLot(Base):
    """What somebody has that expires at one instant."""

    __tablename__ = "point_lot"
    __table_args__ = (
        CheckConstraint("points >= 0", name="points"),
        Index(
            "ix_point_lot_due",
            "expires_at",
            "person_id",
            sqlite_where=text("points > 0"),
            postgresql_where=text("points > 0"),
        ),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    points: Mapped[int]


class PointLine(Base):
    """What an entry put into a lot, or took from it."""

    __tablename__ = "point_line"

    entry_id: Mapped[int] = mapped_column(ForeignKey("point_entry.id"), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    points: Mapped[int]
