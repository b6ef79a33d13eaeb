"""Tables of what is told about stock: alerts, who wants them by mail, certificates."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import scope
from portal.core.db import Base, Document, Identity, Instant
from portal.core.quantities import Quantity


class StockAlert(Base):
    """What an owner ought to know of a SKU; it goes when it no longer holds."""

    __tablename__ = "stock_alert"
    __table_args__ = ({"info": scope.SCOPED},)

    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)  # stock.rules.ALERTS
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"), primary_key=True)
    #: How much is free, how many days it lasts, how much expires; and where that begins to matter.
    value: Mapped[Decimal] = mapped_column(Quantity)
    threshold: Mapped[Decimal] = mapped_column(Quantity)
    since: Mapped[datetime] = mapped_column(Instant)


class StockWish(Base):
    """A person who wants the alerts of a company by mail, and when he was told last."""

    __tablename__ = "stock_wish"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"), primary_key=True)
    told_at: Mapped[datetime | None] = mapped_column(Instant)


class StockCertificate(Base):
    """What the centre has certified that an owner had at a moment; never changed."""

    __tablename__ = "stock_certificate"
    __table_args__ = (
        Index("ix_stock_certificate_company", "company_id", "id"),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)  # twelve characters that cannot be guessed
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    as_of: Mapped[datetime] = mapped_column(Instant)
    issued_at: Mapped[datetime] = mapped_column(Instant)
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    #: Owner, warehouse and lines as they were certified; ``digest`` is their SHA-256.
    content: Mapped[dict[str, Any]] = mapped_column(Document)
    digest: Mapped[str]
