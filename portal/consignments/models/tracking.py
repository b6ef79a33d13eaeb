"""What happens to consignments, and the photos of it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import scope
from portal.core.db import Base, Identity, Instant


class TrackingEvent(Base):
    """Something that happened, or is expected, to a consignment. Appended, never edited."""

    __tablename__ = "tracking_event"
    __table_args__ = (
        UniqueConstraint("consignment_id", "seq"),
        Index(
            "ix_tracking_event_source",
            "consignment_id",
            "source",
            "source_event_id",
            unique=True,
            sqlite_where=text("source_event_id IS NOT NULL"),
            postgresql_where=text("source_event_id IS NOT NULL"),
        ),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    consignment_id: Mapped[int] = mapped_column(ForeignKey("consignment.id"))
    seq: Mapped[int]
    piece_id: Mapped[int | None] = mapped_column(ForeignKey("piece.id"))
    classifier: Mapped[str]  # actual, planned, estimated
    code: Mapped[str]
    reason: Mapped[str | None]
    occurred_at: Mapped[datetime] = mapped_column(Instant)
    #: Minutes east of UTC of the clock that gave ``occurred_at``; None: ours.
    offset_min: Mapped[int | None]
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    place: Mapped[str | None]
    division_code: Mapped[str | None]
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    source: Mapped[str]  # manual, api, import, scan, driver, geofence, edi, carrier
    source_event_id: Mapped[str | None]
    actor_id: Mapped[int | None]
    published: Mapped[bool]
    note: Mapped[str | None]
    retracts_id: Mapped[int | None] = mapped_column(ForeignKey("tracking_event.id"))
    #: The state of the consignment once this was recorded: what the sender was answered.
    status_after: Mapped[str]
    #: Our estimate of the delivery once this was recorded, as it was made then.
    estimated_from: Mapped[datetime | None] = mapped_column(Instant)
    estimated_at: Mapped[datetime | None] = mapped_column(Instant)
    estimated_to: Mapped[datetime | None] = mapped_column(Instant)


class Attachment(Base):
    """A photo or paper that belongs to a tracking event."""

    __tablename__ = "attachment"
    __table_args__ = ({"info": scope.SCOPED},)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    consignment_id: Mapped[int] = mapped_column(ForeignKey("consignment.id"), index=True)
    tracking_event_id: Mapped[int] = mapped_column(ForeignKey("tracking_event.id"))
    file_key: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]  # bytes
    sha256: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Instant)
