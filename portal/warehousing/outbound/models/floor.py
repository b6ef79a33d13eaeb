"""Tables of the floor's side of goods out: walks, shorts, cartons, goods that go back.

What is still to be picked, and what lies picked or packed where, stands in the allocations of the
ledger. These tables say who does it, in what, and what did not go as planned.
"""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import scope
from portal.core.db import Base, Document, Identity, Instant
from portal.core.quantities import Quantity

_UNDONE = text("done_at IS NULL")


class PickTask(Base):
    """One order being picked: by whom, into which tote or onto which bench."""

    __tablename__ = "pick_task"
    __table_args__ = (
        Index(
            "uq_pick_task_order",
            "order_id",
            unique=True,
            sqlite_where=_UNDONE,
            postgresql_where=_UNDONE,
        ),
        Index("ix_pick_task_warehouse", "warehouse_id", "done_at"),
        Index("ix_pick_task_walk", "walk"),
        Index("ix_pick_task_picker", "picker_id", "done_at"),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    order_id: Mapped[int] = mapped_column(ForeignKey("outbound_order.id"))
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouse.id"))
    #: ``PK…``: the tasks that one person walks at once, of one order or of a batch, share it.
    walk: Mapped[str]
    #: Where the goods go: a location of kind stage. Promised goods lie there for their order.
    stage_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    picker_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    started_at: Mapped[datetime] = mapped_column(Instant)
    done_at: Mapped[datetime | None] = mapped_column(Instant)


class PickShort(Base):
    """So much was not where the ledger says, or was not fit to be sent."""

    __tablename__ = "pick_short"
    __table_args__ = (
        Index("ix_pick_short_order", "order_id"),
        Index("ix_pick_short_at", "warehouse_id", "at"),
        CheckConstraint("quantity > 0", name="quantity"),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    order_id: Mapped[int] = mapped_column(ForeignKey("outbound_order.id"))
    line_id: Mapped[int] = mapped_column(ForeignKey("outbound_line.id"))
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouse.id"))
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    #: How much of it was found elsewhere at once.
    replaced: Mapped[Decimal] = mapped_column(Quantity)
    reason: Mapped[str]  # rules.picking.REASONS
    noted_at: Mapped[str]  # pick, check: where it came to light
    note: Mapped[str | None]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)


class CartonType(Base):
    """A kind of box that the centre packs in; measures inside, and what it adds outside."""

    __tablename__ = "carton_type"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    names: Mapped[dict[str, str]] = mapped_column(Document)  # language tag → name
    length_mm: Mapped[int]
    width_mm: Mapped[int]
    height_mm: Mapped[int]
    wall_mm: Mapped[int] = mapped_column(default=4)  # of one side: outside is twice that more
    tare_g: Mapped[int]
    most_weight_g: Mapped[int]  # with what is in it
    active: Mapped[bool] = mapped_column(default=True)


class Carton(Base):
    """A packed box of one order; its code is that of its handling unit."""

    __tablename__ = "carton"
    __table_args__ = (
        UniqueConstraint("order_id", "number"),
        Index("ix_carton_warehouse", "warehouse_id", "status"),
        Index("ix_carton_company", "company_id", "id"),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    order_id: Mapped[int] = mapped_column(ForeignKey("outbound_order.id"))
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouse.id"))
    number: Mapped[int]  # 1, 2, 3 … of its order
    handling_unit_id: Mapped[int] = mapped_column(ForeignKey("handling_unit.id"), unique=True)
    sscc: Mapped[str] = mapped_column(unique=True)
    #: None: goods that go as they are, in their own packing.
    type_id: Mapped[int | None] = mapped_column(ForeignKey("carton_type.id"))
    status: Mapped[str]  # rules.cartons.STATUSES
    #: Where it stands; None: it has left, or was opened again.
    location_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"))
    #: By the goods in it; None: the weight of one of them is not known.
    expected_g: Mapped[int | None] = mapped_column(BigInteger)
    weight_g: Mapped[int | None] = mapped_column(BigInteger)  # on the scales
    #: Why a weight beyond the tolerance was taken as right, and by whom.
    weight_note: Mapped[str | None]
    weight_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    length_mm: Mapped[int | None]  # outside
    width_mm: Mapped[int | None]
    height_mm: Mapped[int | None]
    packed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    loaded_at: Mapped[datetime | None] = mapped_column(Instant)


class CartonContent(Base):
    """So much of one line and lot in a carton."""

    __tablename__ = "carton_content"
    __table_args__ = (
        UniqueConstraint("carton_id", "line_id", "lot_id"),
        Index("ix_carton_content_line", "line_id"),
        CheckConstraint("quantity > 0", name="quantity"),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    carton_id: Mapped[int] = mapped_column(ForeignKey("carton.id"))
    line_id: Mapped[int] = mapped_column(ForeignKey("outbound_line.id"))
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    quantity: Mapped[Decimal] = mapped_column(Quantity)


class RestockTask(Base):
    """Goods that were taken from their place and are not sent: they go back to one.

    Until then they stay promised, to this task, so that nobody counts on them.
    """

    __tablename__ = "restock_task"
    __table_args__ = (
        Index("ix_restock_task_warehouse", "warehouse_id", "done_at"),
        Index("ix_restock_task_order", "order_id"),
        CheckConstraint("quantity > 0 AND done >= 0 AND done <= quantity", name="done"),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    ref: Mapped[str] = mapped_column(unique=True)  # ``RS…``
    order_id: Mapped[int] = mapped_column(ForeignKey("outbound_order.id"))
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouse.id"))
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    #: Where they were taken from: a good place to put them back.
    home_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"))
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    done: Mapped[Decimal] = mapped_column(Quantity)
    reason: Mapped[str]  # cancelled, changed: rules.picking.BACK
    created_at: Mapped[datetime] = mapped_column(Instant)
    done_at: Mapped[datetime | None] = mapped_column(Instant)
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
