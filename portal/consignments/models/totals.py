"""Totals, kept by whoever changes a consignment.

How large they get depends on how a company works, not on how much it sends: a row for each month,
service, country and lane that was used, and for each day on which something open was ordered.
"""

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import scope
from portal.core.db import Base

#: Rows that are their own index: SQLite writes each once.
_COUNTED = {"info": scope.SCOPED, "sqlite_with_rowid": False}


class StatusCount(Base):
    """How many consignments of a company are in a status; kept by whoever changes one."""

    __tablename__ = "status_count"
    __table_args__ = ({"info": scope.SCOPED},)

    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"), primary_key=True)
    status: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]


class DeliveryFigure(Base):
    """Orders and deliveries of a company in a month, by service and country.

    Each counts twice: under the lane ``""`` (all of them), which pages read that ask for no
    lane, and under its own (rules.lanes).
    """

    __tablename__ = "delivery_figure"
    __table_args__ = (_COUNTED,)

    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"), primary_key=True)
    lane: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[str] = mapped_column(primary_key=True)  # YYYY-MM in the centre's time zone
    service: Mapped[str] = mapped_column(primary_key=True)
    country: Mapped[str] = mapped_column(primary_key=True)  # of the consignee; "" unknown
    #: Ordered in this month and neither a draft nor cancelled.
    ordered: Mapped[int]
    #: Delivered in this month, whenever ordered.
    delivered: Mapped[int]
    #: Those with a promise to compare with, and those of them that kept it.
    promised: Mapped[int]
    on_time: Mapped[int]
    weight_g: Mapped[int] = mapped_column(BigInteger)  # delivered


class OpenCount(Base):
    """Consignments under way, by the days of their order and their promise; none: no row.

    Days are YYYY-MM-DD in the centre's time zone, "" where nothing is promised. Lanes as above.
    """

    __tablename__ = "open_count"
    __table_args__ = (_COUNTED,)

    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"), primary_key=True)
    lane: Mapped[str] = mapped_column(primary_key=True)
    service: Mapped[str] = mapped_column(primary_key=True)
    country: Mapped[str] = mapped_column(primary_key=True)
    ordered_day: Mapped[str] = mapped_column(primary_key=True)
    due_day: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
