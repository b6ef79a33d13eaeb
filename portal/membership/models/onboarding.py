"""The first steps of a new member."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import scope
from portal.core.db import Base, Identity, Instant


class Onboarding(Base):
    """That a company's people have put the list of first steps away."""

    __tablename__ = "onboarding"
    __table_args__ = ({"info": scope.SCOPED},)

    company_id: Mapped[int] = mapped_column(Identity, ForeignKey("company.id"), primary_key=True)
    dismissed_at: Mapped[datetime] = mapped_column(Instant)
    dismissed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
