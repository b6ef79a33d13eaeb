"""Tables of what did come: receipts, their lines, and where they differ from what was said."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import scope
from portal.core.db import Base, Identity, Instant
from portal.core.quantities import Quantity

_OPEN = text("closed_at IS NULL")


class Receipt(Base):
    """What came at one go: one vehicle, from the first scan until somebody signs it off."""

    __tablename__ = "receipt"
    __table_args__ = (
        # One at a time is open for a notice: the floor adds to that one.
        Index(
            "uq_receipt_open",
            "notice_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_receipt_notice", "notice_id"),
        Index("ix_receipt_company", "company_id", "id"),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    notice_id: Mapped[int] = mapped_column(ForeignKey("inbound_notice.id"))
    ref: Mapped[str] = mapped_column(unique=True)  # ``RC`` and eight letters
    begun_at: Mapped[datetime] = mapped_column(Instant)
    begun_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str | None]


class ReceiptLine(Base):
    """One scan: so much of a SKU and lot, in a condition, put down at a location."""

    __tablename__ = "receipt_line"
    __table_args__ = (
        Index("ix_receipt_line_receipt", "receipt_id", "id"),
        Index("ix_receipt_line_notice_line", "notice_line_id"),
        CheckConstraint("quantity > 0", name="quantity"),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    receipt_id: Mapped[int] = mapped_column(ForeignKey("receipt.id"))
    notice_line_id: Mapped[int] = mapped_column(ForeignKey("notice_line.id"))
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    handling_unit_id: Mapped[int | None] = mapped_column(ForeignKey("handling_unit.id"))
    level: Mapped[str]
    counted: Mapped[Decimal] = mapped_column(Quantity)  # so many of the level
    quantity: Mapped[Decimal] = mapped_column(Quantity)  # base units
    condition: Mapped[str]  # good, damaged, doubtful: rules.receiving.CONDITIONS
    status: Mapped[str]  # stock status that it got
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    movement_id: Mapped[int] = mapped_column(ForeignKey("movement.id"))
    #: Why more than the tolerance, or an old date, was taken in, and who allowed it.
    allowed: Mapped[str | None]
    allowed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str | None]
    picture_key: Mapped[str | None]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    undone_at: Mapped[datetime | None] = mapped_column(Instant)


class Difference(Base):
    """Where a line came otherwise than it was announced; the owner accepts or declines it."""

    __tablename__ = "inbound_difference"
    __table_args__ = (
        Index("ix_inbound_difference_notice", "notice_id", "id"),
        Index("ix_inbound_difference_company", "company_id", "status", "id"),
        Index("ix_inbound_difference_status", "status", "id"),
        CheckConstraint("quantity > 0", name="quantity"),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    notice_id: Mapped[int] = mapped_column(ForeignKey("inbound_notice.id"))
    notice_line_id: Mapped[int] = mapped_column(ForeignKey("notice_line.id"))
    kind: Mapped[str]  # short, over, damaged, wrong, unannounced: rules.differences.KINDS
    quantity: Mapped[Decimal] = mapped_column(Quantity)  # base units
    note: Mapped[str | None]  # what the centre says about it
    status: Mapped[str] = mapped_column(default="open")  # rules.differences.STATES
    answer_note: Mapped[str | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    #: What the centre did after it was declined, and with which movement.
    outcome: Mapped[str | None]  # found, confirmed, sent_back
    outcome_note: Mapped[str | None]
    outcome_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    outcome_at: Mapped[datetime | None] = mapped_column(Instant)
    movement_id: Mapped[int | None] = mapped_column(ForeignKey("movement.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
