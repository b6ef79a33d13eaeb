"""Address books."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import scope
from portal.core.db import Base, Identity, Instant


class Address(Base):
    """An entry of a company's address book."""

    __tablename__ = "address"
    __table_args__ = (Index("ix_address_company", "company_id", "name"), {"info": scope.SCOPED})

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    name: Mapped[str]
    phone: Mapped[str]
    address: Mapped[str]
    city: Mapped[str]
    country: Mapped[str]
    postcode: Mapped[str | None]
    division_code: Mapped[str | None]
    lat: Mapped[float | None]  # WGS 84
    lon: Mapped[float | None]
    confidence: Mapped[float | None]  # 0 to 1: how sure the position is
    created_at: Mapped[datetime] = mapped_column(Instant)
