"""Tables of putting away."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import scope
from portal.core.db import Base, Identity, Instant
from portal.core.quantities import Quantity

_OPEN = text("done_at IS NULL")
_UNLIKE = text("coalesce(handling_unit_id, 0)")


class PutAwayTask(Base):
    """Goods that were received and still have to be brought to where they are stored.

    While it is open, more of the same goods at the same place is added to it.
    """

    __tablename__ = "put_away_task"
    __table_args__ = (
        Index(
            "uq_put_away_task_open",
            "notice_line_id",
            "lot_id",
            "status",
            "location_id",
            _UNLIKE,
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index(
            "ix_put_away_task_open",
            "warehouse_id",
            "id",
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_put_away_task_notice", "notice_id", "id"),
        CheckConstraint("done >= 0 AND done <= quantity", name="done"),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouse.id"))
    notice_id: Mapped[int] = mapped_column(ForeignKey("inbound_notice.id"))
    notice_line_id: Mapped[int] = mapped_column(ForeignKey("notice_line.id"))
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    handling_unit_id: Mapped[int | None] = mapped_column(ForeignKey("handling_unit.id"))
    status: Mapped[str]  # stock status of the goods
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))  # where they lie
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    done: Mapped[Decimal] = mapped_column(Quantity)
    assigned_to_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    done_at: Mapped[datetime | None] = mapped_column(Instant)
