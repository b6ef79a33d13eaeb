"""Raffles: what can be won, tickets, who won.

The seed of a raffle lies in ``seed`` from the day it is published; nobody reads that column but
the draw. ``commitment`` is shown from the beginning, ``revealed_seed`` once it is drawn.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, Document, Identity, Instant


class Raffle(Base):
    """A raffle: draft → published → drawn | cancelled."""

    __tablename__ = "raffle"
    __table_args__ = (
        Index("ix_raffle_state", "state", "closes_at"),
        CheckConstraint("tickets >= 0", name="tickets"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(default="draft")
    titles: Mapped[dict[str, Any]] = mapped_column(Document)  # language tag → words
    prizes: Mapped[dict[str, Any]] = mapped_column(Document)
    opens_at: Mapped[datetime] = mapped_column(Instant)
    closes_at: Mapped[datetime] = mapped_column(Instant)
    cost: Mapped[int]  # points; 0: free, one for each week with a check-in
    most: Mapped[int]  # tickets a person
    places: Mapped[int]  # how many win
    tickets: Mapped[int] = mapped_column(default=0)  # the highest number given
    version: Mapped[int] = mapped_column(default=1)
    seed: Mapped[str | None]
    commitment: Mapped[str | None]
    revealed_seed: Mapped[str | None]
    digest: Mapped[str | None]  # of the list of tickets, once drawn
    published_at: Mapped[datetime | None] = mapped_column(Instant)
    drawn_at: Mapped[datetime | None] = mapped_column(Instant)
    cancelled_at: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str | None]  # why it was cancelled
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)


class RafflePurchase(Base):
    """Tickets that somebody took at once."""

    __tablename__ = "raffle_purchase"
    __table_args__ = (
        UniqueConstraint("raffle_id", "person_id", "week"),
        Index("ix_raffle_purchase_back", "raffle_id", "is_refunded"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    raffle_id: Mapped[int] = mapped_column(ForeignKey("raffle.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    tickets: Mapped[int]
    points: Mapped[int]
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("point_entry.id"))
    #: Of a free ticket: the week whose check-in it is for, ``2026-W47``.
    week: Mapped[str | None]
    form_name: Mapped[str] = mapped_column(unique=True)
    is_refunded: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(Instant)


class RaffleTicket(Base):
    """One ticket: 1, 2, 3 … in the order in which they were taken."""

    __tablename__ = "raffle_ticket"
    __table_args__ = (Index("ix_raffle_ticket_person", "raffle_id", "person_id"),)

    raffle_id: Mapped[int] = mapped_column(ForeignKey("raffle.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    #: What its holder is called in the list: the same on all his tickets of this raffle.
    pseudonym: Mapped[str]
    purchase_id: Mapped[int] = mapped_column(ForeignKey("raffle_purchase.id"))


class RaffleWin(Base):
    """A ticket that won."""

    __tablename__ = "raffle_win"
    __table_args__ = (UniqueConstraint("raffle_id", "person_id"),)

    raffle_id: Mapped[int] = mapped_column(ForeignKey("raffle.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]  # of the ticket
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    counter: Mapped[int]  # the n that drew it
    handed_at: Mapped[datetime | None] = mapped_column(Instant)
    handed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
