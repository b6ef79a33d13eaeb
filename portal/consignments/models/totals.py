"""Totals, kept by whoever changes a consignment."""

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import scope
from portal.core.db import Base


class StatusCount(Base):
    """How many consignments of a company are in a status; kept by whoever changes one."""

    __tablename__ = "status_count"
    __table_args__ = ({"info": scope.SCOPED},)

    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"), primary_key=True)
    status: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]


class DeliveryFigure(Base):
    """Deliveries of a company in a month to a country, and how many of them were on time."""

    __tablename__ = "delivery_figure"
    __table_args__ = ({"info": scope.SCOPED},)

    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"), primary_key=True)
    month: Mapped[str] = mapped_column(primary_key=True)  # YYYY-MM in the centre's time zone
    country: Mapped[str] = mapped_column(primary_key=True)  # of the consignee; "" unknown
    delivered: Mapped[int]
    #: Those with a promise to compare with, and those of them that kept it.
    promised: Mapped[int]
    on_time: Mapped[int]
    weight_g: Mapped[int] = mapped_column(BigInteger)
