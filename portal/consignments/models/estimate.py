"""What estimates are made from, and how good they were; kept by whoever changes a delivery.

Both count, so that neither grows with the history: a row for each lane and length of time that
was seen in a month, and a row for each company and day on which something was delivered.
"""

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import scope
from portal.core.db import Base


class DurationFigure(Base):
    """How many deliveries of a month took how long, by lane, service, mode and stage.

    Of the centre as a whole: no company can be told from it.
    """

    __tablename__ = "duration_figure"
    __table_args__ = ({"sqlite_with_rowid": False},)

    lane: Mapped[str] = mapped_column(primary_key=True)  # rules.lanes
    service: Mapped[str] = mapped_column(primary_key=True)
    mode: Mapped[str] = mapped_column(primary_key=True)  # "" unknown
    stage: Mapped[str] = mapped_column(primary_key=True)  # rules.durations
    month: Mapped[str] = mapped_column(primary_key=True)  # of delivery, in the centre's time zone
    bucket: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int]


class EstimateFigure(Base):
    """Deliveries of a company on a day, and how near our estimates of them came.

    Of the estimate made when the goods were first with us (``first``), and of the ``last`` one
    before delivery: how many there were, how many deliveries fell within the range, and by how
    many seconds the estimates missed them, summed.
    """

    __tablename__ = "estimate_figure"
    __table_args__ = (Index("ix_estimate_figure_day", "day"), {"info": scope.SCOPED})

    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"), primary_key=True)
    day: Mapped[str] = mapped_column(primary_key=True)  # YYYY-MM-DD in the centre's time zone
    delivered: Mapped[int]
    first: Mapped[int]
    first_within: Mapped[int]
    first_error_s: Mapped[int] = mapped_column(BigInteger)
    last: Mapped[int]
    last_within: Mapped[int]
    last_error_s: Mapped[int] = mapped_column(BigInteger)
