"""Tables of notices: what a member says will come, line by line."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import scope
from portal.core.db import Base, Document, Identity, Instant
from portal.core.quantities import Quantity


class InboundNotice(Base):
    """Goods of one member that are on their way to one warehouse, until they lie in storage."""

    __tablename__ = "inbound_notice"
    __table_args__ = (
        UniqueConstraint("company_id", "order_ref"),
        Index("ix_inbound_notice_company", "company_id", "id"),
        Index("ix_inbound_notice_company_status", "company_id", "status", "id"),
        Index("ix_inbound_notice_status", "warehouse_id", "status", "id"),
        Index("ix_inbound_notice_expected", "warehouse_id", "expected_at"),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouse.id"))
    ref: Mapped[str] = mapped_column(unique=True)  # ``IN`` and eight letters
    #: The member's own reference; the same again is the same notice.
    order_ref: Mapped[str | None]
    #: rules.states.STATES
    status: Mapped[str]
    source: Mapped[str]  # form, sheet, api, desk, floor
    supplier: Mapped[str | None]  # who sends the goods
    carrier: Mapped[str | None]
    vehicle: Mapped[str | None]  # number plate
    driver_phone: Mapped[str | None]
    note: Mapped[str | None]
    #: When it is to come: the slot at the dock, or what the member said before he chose one.
    expected_at: Mapped[datetime | None] = mapped_column(Instant)
    #: The dock at which its slot is booked (``dock_booking``, by its reference); None: none is.
    dock_id: Mapped[int | None] = mapped_column(ForeignKey("dock.id"))
    #: Where its goods are put down when they are received; known once they arrived.
    location_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"))
    #: Status → instant at which it was reached for the first time, ISO 8601.
    reached: Mapped[dict[str, str]] = mapped_column(Document)
    cancel_reason: Mapped[str | None]
    line_count: Mapped[int] = mapped_column(default=0)
    open_differences: Mapped[int] = mapped_column(default=0)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)


class NoticeLine(Base):
    """One line of a notice, with what has come of it so far; all sums are of base units.

    A line with nothing announced holds what came without having been announced.
    """

    __tablename__ = "notice_line"
    __table_args__ = (
        UniqueConstraint("notice_id", "position"),
        Index("ix_notice_line_sku", "notice_id", "sku_id"),
        CheckConstraint("announced >= 0 AND received >= 0", name="quantities"),
        CheckConstraint("damaged >= 0 AND damaged <= received", name="damaged"),
        CheckConstraint("put_away >= 0 AND put_away <= received", name="put_away"),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    notice_id: Mapped[int] = mapped_column(ForeignKey("inbound_notice.id"))
    position: Mapped[int]  # 1, 2, 3 … as it was announced
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    lot_code: Mapped[str] = mapped_column(default="")  # "": any
    expires_on: Mapped[date | None]
    sscc: Mapped[str | None]  # of a whole pallet that is announced with its own code
    #: As it was said: so many of this level (each, inner, case, pallet).
    level: Mapped[str] = mapped_column(default="each")
    said: Mapped[Decimal] = mapped_column(Quantity)
    announced: Mapped[Decimal] = mapped_column(Quantity)
    received: Mapped[Decimal] = mapped_column(Quantity, default=0)
    #: Of what was received: not in good condition.
    damaged: Mapped[Decimal] = mapped_column(Quantity, default=0)
    put_away: Mapped[Decimal] = mapped_column(Quantity, default=0)
    #: The line whose lot should have come instead of this one.
    instead_of_id: Mapped[int | None] = mapped_column(ForeignKey("notice_line.id"))


class InboundFile(Base):
    """A paper that belongs to a notice: delivery note, certificate, photo of the seal."""

    __tablename__ = "inbound_file"
    __table_args__ = (Index("ix_inbound_file_notice", "notice_id"), {"info": scope.SCOPED})

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    notice_id: Mapped[int] = mapped_column(ForeignKey("inbound_notice.id"))
    ref: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    key: Mapped[str]  # of core.files
    about: Mapped[dict[str, Any]] = mapped_column(Document)  # content type, size, SHA-256
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)
