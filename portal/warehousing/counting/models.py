"""Tables of counts. A count has places, a place has rounds and lines, a line has tallies."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import scope
from portal.core.db import Base, Document, Identity, Instant
from portal.core.quantities import Quantity

_WAITING = text("status IN ('open', 'counting', 'recount')")


class StockCount(Base):
    """A count: which places are counted, and how far it is.

    planned → counting → deciding → closed; cancelled before anything was counted
    """

    __tablename__ = "stock_count"
    __table_args__ = (Index("ix_stock_count_status", "warehouse_id", "status", "id"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)  # ``CT…``
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouse.id"))
    kind: Mapped[str]  # counting.rules.KINDS
    about: Mapped[str]  # codes of what was chosen, as people say them
    status: Mapped[str]  # counting.rules.STATUSES
    due_on: Mapped[date | None]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)


class CountPlace(Base):
    """One location of a count. open → counting → recount → counting → deciding | done"""

    __tablename__ = "count_place"
    __table_args__ = (
        UniqueConstraint("count_id", "location_id"),
        Index("ix_count_place_location", "location_id", "done_at"),
        Index("ix_count_place_waiting", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    count_id: Mapped[int] = mapped_column(ForeignKey("stock_count.id"))
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    #: Ids of the goods that are counted there; None: all that lies there.
    only_skus: Mapped[list[int] | None] = mapped_column(Document)
    status: Mapped[str]  # counting.rules.PLACE_STATUSES
    round: Mapped[int] = mapped_column(default=1)
    done_at: Mapped[datetime | None] = mapped_column(Instant)


class CountRound(Base):
    """One person's walk to one place."""

    __tablename__ = "count_round"
    __table_args__ = (
        UniqueConstraint("place_id", "number"),
        Index("ix_count_round_person", "person_id", "ended_at"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("count_place.id"))
    number: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    began_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class CountLine(Base):
    """One kind of goods and lot at one place: what was counted, and what the ledger said."""

    __tablename__ = "count_line"
    __table_args__ = (
        UniqueConstraint("place_id", "sku_id", "lot_id"),
        Index("ix_count_line_company", "company_id", "first_at"),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    place_id: Mapped[int] = mapped_column(ForeignKey("count_place.id"))
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    status: Mapped[str]  # counting.rules.LINE_STATUSES
    #: Of the first round: when it ended, what was counted, whether the ledger was right.
    first_at: Mapped[datetime | None] = mapped_column(Instant)
    first_counted: Mapped[Decimal | None] = mapped_column(Quantity)
    first_expected: Mapped[Decimal | None] = mapped_column(Quantity)
    first_right: Mapped[bool | None]
    #: Of the last round.
    counted: Mapped[Decimal | None] = mapped_column(Quantity)
    expected: Mapped[Decimal | None] = mapped_column(Quantity)
    #: Whether goods came or went while they were counted, so that the figures do not compare.
    moved: Mapped[bool] = mapped_column(default=False)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    note: Mapped[str | None]
    movement_id: Mapped[int | None] = mapped_column(ForeignKey("movement.id"))


class CountTally(Base):
    """One scan of a count; never changed. ``voided_at``: the counter took it back."""

    __tablename__ = "count_tally"
    __table_args__ = (
        Index("ix_count_tally_line", "line_id", "round"),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    line_id: Mapped[int] = mapped_column(ForeignKey("count_line.id"))
    round: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    #: What the ledger said at that moment; it never leaves the server before a decision.
    book: Mapped[Decimal] = mapped_column(Quantity)
    at: Mapped[datetime] = mapped_column(Instant)
    voided_at: Mapped[datetime | None] = mapped_column(Instant)


class CountRhythm(Base):
    """How often goods are counted in a warehouse, by how much they move; made anew at night."""

    __tablename__ = "count_rhythm"
    __table_args__ = ({"info": scope.SCOPED},)

    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouse.id"), primary_key=True)
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"), primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    grade: Mapped[str]  # A, B, C: counting.rules.EVERY_DAYS
    entries: Mapped[int]  # of the ledger, in counting.rules.LOOKED_BACK
    made_at: Mapped[datetime] = mapped_column(Instant)
