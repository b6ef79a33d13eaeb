"""Tables of moves to be done, and of the places where goods are picked."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import scope
from portal.core.db import Base, Identity, Instant
from portal.core.quantities import Quantity

_OPEN = text("closed_at IS NULL")


class PickFace(Base):
    """A location from which goods are picked, and how much of them should lie there."""

    __tablename__ = "pick_face"
    __table_args__ = (
        Index("ix_pick_face_sku", "sku_id"),
        Index("ix_pick_face_warehouse", "warehouse_id"),
        CheckConstraint("least >= 0 AND most > least", name="least"),
        {"info": scope.SCOPED},
    )

    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"), primary_key=True)
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"), primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouse.id"))
    #: Below ``least`` it is filled up to ``most``, in base units.
    least: Mapped[Decimal] = mapped_column(Quantity)
    most: Mapped[Decimal] = mapped_column(Quantity)
    changed_at: Mapped[datetime] = mapped_column(Instant)


class MoveTask(Base):
    """Goods to be brought from one location to another: done by scan, or skipped with a reason."""

    __tablename__ = "move_task"
    __table_args__ = (
        Index(
            "ix_move_task_open",
            "warehouse_id",
            "priority",
            "id",
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_move_task_warehouse", "warehouse_id", "id"),
        Index("ix_move_task_company", "company_id", "id"),
        Index(
            "ix_move_task_from",
            "from_id",
            "sku_id",
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index(
            "ix_move_task_to",
            "to_id",
            "sku_id",
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        CheckConstraint("quantity > 0 AND done >= 0 AND done <= quantity", name="quantity"),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)  # ``MV`` and eight letters
    kind: Mapped[str]  # moving.rules.KINDS
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouse.id"))
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    handling_unit_id: Mapped[int | None] = mapped_column(ForeignKey("handling_unit.id"))
    status: Mapped[str]  # stock status of the goods: ledger.rules.STATUSES
    from_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    done: Mapped[Decimal] = mapped_column(Quantity, default=0)
    #: 0 comes first, 100 last: floor.tasks.
    priority: Mapped[int] = mapped_column(default=50)
    #: Why it is moved: ledger.rules.REASONS; what was said of it.
    reason: Mapped[str | None]
    note: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="open")  # moving.rules.STATES
    #: Why it was skipped or called off: moving.rules.SKIPPED.
    skipped: Mapped[str | None]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
