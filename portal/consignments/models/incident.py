"""What goes wrong beside the state."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import scope
from portal.core.db import Base, Identity, Instant


class Incident(Base):
    """Something wrong, beside the state: open, acknowledged, working, resolved, written_off."""

    __tablename__ = "incident"
    __table_args__ = (Index("ix_incident_open", "state", "opened_at"), {"info": scope.SCOPED})

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    consignment_id: Mapped[int] = mapped_column(ForeignKey("consignment.id"), index=True)
    kind: Mapped[str]  # class of incident, see rules
    reason: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="open")
    owner_visible: Mapped[bool] = mapped_column(default=True)
    opened_by_event_id: Mapped[int | None] = mapped_column(ForeignKey("tracking_event.id"))
    opened_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
