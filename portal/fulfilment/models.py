"""The bond between an order from stock and the consignment that carries it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import scope
from portal.core.db import Base, Identity, Instant

_OPEN = text("ended_at IS NULL")


class Shipment(Base):
    """An order that has left in a consignment, written by the transaction that ships it."""

    __tablename__ = "shipment"
    __table_args__ = (
        Index("ix_shipment_open", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    order_id: Mapped[int] = mapped_column(ForeignKey("outbound_order.id"), unique=True)
    consignment_id: Mapped[int] = mapped_column(ForeignKey("consignment.id"), unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    #: When the consignment came to its end, and which: delivered, closed, returned, cancelled.
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    outcome: Mapped[str | None]
