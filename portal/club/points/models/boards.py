"""What boards show, counted as points are earned and taken back, so that reading costs little."""

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, Identity

_SHOWN = text("is_shown AND points > 0")


class PointShare(Base):
    """What one person earned for one company in a period."""

    __tablename__ = "point_share"
    __table_args__ = (Index("ix_point_share_company", "company_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)  # rules.periods_of
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"), primary_key=True)
    points: Mapped[int]


class PointStanding(Base):
    """What a person or a company has on the board of a period; people who left it are in none."""

    __tablename__ = "point_standing"
    __table_args__ = (
        Index(
            "ix_point_standing_place",
            "period",
            "kind",
            "points",
            "subject_id",
            sqlite_where=_SHOWN,
            postgresql_where=_SHOWN,
        ),
    )

    period: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)  # person, company
    subject_id: Mapped[int] = mapped_column(Identity, primary_key=True, autoincrement=False)
    points: Mapped[int]
    is_shown: Mapped[bool] = mapped_column(default=True)
