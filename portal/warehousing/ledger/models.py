"""Tables of the ledger: entries are the truth, balances and totals are kept beside them.

An entry is never changed or deleted. A balance is the sum of the entries of its owner, SKU, lot,
handling unit, location and stock status, changed in the transaction that appends them.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import scope
from portal.core.db import Base, Document, Identity, Instant
from portal.core.quantities import Quantity

_OPEN = text("quantity > 0")
_LASTS = text("ended_at IS NULL")
_UNLIKE = text("coalesce(handling_unit_id, 0)")


class Lot(Base):
    """Goods of a SKU that were made together; goods without lots have one lot without a code."""

    __tablename__ = "lot"
    __table_args__ = (
        UniqueConstraint("sku_id", "code"),
        Index("ix_lot_company_expiry", "company_id", "expires_on"),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    code: Mapped[str]  # lot or serial number; "" where the goods have none
    made_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    #: approved, on_hold, quarantined, recalled, damaged, expired: what arrives of it gets it.
    status: Mapped[str] = mapped_column(default="approved")
    created_at: Mapped[datetime] = mapped_column(Instant)


class HandlingUnit(Base):
    """A pallet, carton or tote with a code of its own."""

    __tablename__ = "handling_unit"
    __table_args__ = (
        Index("ix_handling_unit_parent", "parent_id"),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    sscc: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]  # pallet, carton, tote
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("handling_unit.id"))
    weight_g: Mapped[int | None]
    length_mm: Mapped[int | None]
    width_mm: Mapped[int | None]
    height_mm: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(Instant)


class Balance(Base):
    """How much of something lies somewhere, and how much of that is promised."""

    __tablename__ = "balance"
    __table_args__ = (
        Index("uq_balance", "sku_id", "lot_id", "location_id", "status", _UNLIKE, unique=True),
        Index("ix_balance_location", "location_id"),
        Index("ix_balance_lot", "lot_id"),
        Index("ix_balance_company", "company_id", "sku_id"),
        Index("ix_balance_unit", "handling_unit_id"),
        CheckConstraint("on_hand >= 0", name="on_hand"),
        CheckConstraint("allocated >= 0 AND allocated <= on_hand", name="allocated"),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    handling_unit_id: Mapped[int | None] = mapped_column(ForeignKey("handling_unit.id"))
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouse.id"))
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    status: Mapped[str]
    on_hand: Mapped[Decimal] = mapped_column(Quantity)
    allocated: Mapped[Decimal] = mapped_column(Quantity)
    #: When the oldest of it came to the centre: first in, first out.
    since: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)


class StockTotal(Base):
    """What an owner has of a SKU in a warehouse; kept by whoever posts or reserves."""

    __tablename__ = "stock_total"
    __table_args__ = (
        Index("ix_stock_total_sku", "sku_id"),
        {"info": scope.SCOPED},
    )

    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"), primary_key=True)
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"), primary_key=True)
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouse.id"), primary_key=True)
    on_hand: Mapped[Decimal] = mapped_column(Quantity)
    allocated: Mapped[Decimal] = mapped_column(Quantity)
    on_hold: Mapped[Decimal] = mapped_column(Quantity)  # of any status but approved


class Movement(Base):
    """What happened to goods once: its entries sum to zero except at the edges."""

    __tablename__ = "movement"
    __table_args__ = (
        Index("ix_movement_document", "document", "id"),
        Index("ix_movement_company", "company_id", "id"),
        Index("ix_movement_at", "warehouse_id", "at"),
        Index("ix_movement_reverses", "reverses_id", unique=True),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouse.id"))
    kind: Mapped[str]  # ledger.rules.KINDS
    #: Reference of the notice, order, count … that it belongs to.
    document: Mapped[str | None]
    reason: Mapped[str | None]  # ledger.rules.REASONS
    note: Mapped[str | None]  # what a person said about it
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("movement.id"))
    picture_key: Mapped[str | None]
    #: When the handheld says it was done; None: it said nothing.
    said_at: Mapped[datetime | None] = mapped_column(Instant)
    at: Mapped[datetime] = mapped_column(Instant)


class StockEntry(Base):
    """One ± line of the ledger; its id is its number."""

    __tablename__ = "stock_entry"
    __table_args__ = (
        Index("ix_stock_entry_movement", "movement_id"),
        Index("ix_stock_entry_sku", "sku_id", "at", "id"),
        Index("ix_stock_entry_company", "company_id", "id"),
        CheckConstraint("quantity <> 0", name="quantity"),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    movement_id: Mapped[int] = mapped_column(ForeignKey("movement.id"))
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    handling_unit_id: Mapped[int | None] = mapped_column(ForeignKey("handling_unit.id"))
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouse.id"))
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    status: Mapped[str]
    quantity: Mapped[Decimal] = mapped_column(Quantity)  # of the SKU's base unit
    at: Mapped[datetime] = mapped_column(Instant)  # the movement's


class Allocation(Base):
    """A promise: so much of a balance is for one line of one document.

    When goods are picked it goes with them to where they are staged.
    """

    __tablename__ = "allocation"
    __table_args__ = (
        Index("ix_allocation_purpose", "purpose", "purpose_id"),
        Index("ix_allocation_balance", "balance_id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        CheckConstraint("quantity >= 0", name="quantity"),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    balance_id: Mapped[int] = mapped_column(ForeignKey("balance.id"))
    purpose: Mapped[str]  # what kind of line: ``outbound``, ``kit``
    purpose_id: Mapped[int] = mapped_column(Identity)
    quantity: Mapped[Decimal] = mapped_column(Quantity)  # still promised; 0: done with
    #: Whether the goods lie where they were stored (False) or were taken for it (True).
    picked: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Instant)


class LotHold(Base):
    """Why a lot is not free: set by its owner or by quality, until whoever may lifts it."""

    __tablename__ = "lot_hold"
    __table_args__ = (
        Index("ix_lot_hold_lot", "lot_id", "ended_at"),
        Index("ix_lot_hold_company", "company_id", "id"),
        Index("ix_lot_hold_until", "until_on", sqlite_where=_LASTS, postgresql_where=_LASTS),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    #: Reference, ``LH…``: the document of the movements that it causes.
    ref: Mapped[str] = mapped_column(unique=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    kind: Mapped[str]  # owner, quality: ledger.holds.KINDS
    status: Mapped[str]  # what the lot becomes: any of ledger.rules.STATUSES but approved
    reason: Mapped[str]
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # None: the clock
    set_at: Mapped[datetime] = mapped_column(Instant)
    until_on: Mapped[date | None]  # the last day of it; None: until it is lifted
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_note: Mapped[str | None]


class StockDoubt(Base):
    """Somebody found less at a location than the ledger says: it is counted soon."""

    __tablename__ = "stock_doubt"
    __table_args__ = (
        Index("ix_stock_doubt_location", "location_id", "settled_at"),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouse.id"))
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    lot_id: Mapped[int | None] = mapped_column(ForeignKey("lot.id"))
    document: Mapped[str | None]  # where it was noticed
    said_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    settled_at: Mapped[datetime | None] = mapped_column(Instant)


class StockSnapshot(Base):
    """What there was of a SKU at the end of a day on which it moved."""

    __tablename__ = "stock_snapshot"
    __table_args__ = (
        Index("ix_stock_snapshot_company", "company_id", "until"),
        {"info": scope.SCOPED},
    )

    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"), primary_key=True)
    #: Entries before this instant are in it.
    until: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    #: [warehouse, location, lot, handling unit or null, status, thousandths]
    rows: Mapped[list[list[Any]]] = mapped_column(Document)
    #: What the rows sum to; what was received and what was issued on that day.
    on_hand: Mapped[Decimal] = mapped_column(Quantity, server_default="0")
    came: Mapped[Decimal] = mapped_column(Quantity, server_default="0")
    went: Mapped[Decimal] = mapped_column(Quantity, server_default="0")


class StockDay(Base):
    """An owner's day in a warehouse, over all SKUs; a day without a row: nothing moved.

    Written with the last snapshot of the day: where there is one, that day is done.
    """

    __tablename__ = "stock_day"
    __table_args__ = (Index("ix_stock_day_day", "day"), {"info": scope.SCOPED})

    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)  # of the centre's calendar
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouse.id"), primary_key=True)
    #: Base units at the end of the day, received, issued; how many movements there were.
    on_hand: Mapped[Decimal] = mapped_column(Quantity)
    came: Mapped[Decimal] = mapped_column(Quantity)
    went: Mapped[Decimal] = mapped_column(Quantity)
    movements: Mapped[int]


class WarehouseCommand(Base):
    """A command that was carried out, by its key: sent again, it answers the same."""

    __tablename__ = "warehouse_command"
    __table_args__ = (UniqueConstraint("owner", "key"), Index("ix_warehouse_command_at", "at"))

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    owner: Mapped[str]  # who sent it: company and person
    key: Mapped[str]
    name: Mapped[str]
    digest: Mapped[str]  # of what was asked
    answer: Mapped[dict[str, Any]] = mapped_column(Document)
    at: Mapped[datetime] = mapped_column(Instant)
