"""Tables of places: plans in decimetres, locations in millimetres, weights in grams."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import scope
from portal.core.db import Base, Document, Identity, Instant


class Warehouse(Base):
    """A building where goods of members lie."""

    __tablename__ = "warehouse"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)  # upper case, such as ``HZ1``
    names: Mapped[dict[str, str]] = mapped_column(Document)  # language tag → name
    #: Where goods leave from: a PARTY of the API (name, phone, address, city, country …).
    party: Mapped[dict[str, object]] = mapped_column(Document)
    #: Orders released before it leave the same working day: ``15:00``, local time of the centre.
    cut_off: Mapped[str] = mapped_column(default="15:00")
    slot_minutes: Mapped[int] = mapped_column(default=60)  # of a booking at a dock
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(Instant)


class Zone(Base):
    """A part of a warehouse, with what may be stored in it."""

    __tablename__ = "zone"
    __table_args__ = (UniqueConstraint("warehouse_id", "code"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouse.id"))
    code: Mapped[str]
    names: Mapped[dict[str, str]] = mapped_column(Document)
    storage_class: Mapped[str] = mapped_column(default="ambient")  # goods.rules.STORAGE_CLASSES
    #: Its rectangle on the floor plan.
    x_dm: Mapped[int] = mapped_column(default=0)
    y_dm: Mapped[int] = mapped_column(default=0)
    width_dm: Mapped[int] = mapped_column(default=0)
    depth_dm: Mapped[int] = mapped_column(default=0)


class Location(Base):
    """The smallest place that is counted: one bin of a rack, a floor field, a dock."""

    __tablename__ = "location"
    __table_args__ = (
        UniqueConstraint("warehouse_id", "code"),
        Index("ix_location_zone", "zone_id", "walk"),
        Index("ix_location_kind", "warehouse_id", "kind", "walk"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouse.id"))
    zone_id: Mapped[int] = mapped_column(ForeignKey("zone.id"))
    code: Mapped[str]  # as people say it: ``B07-14-3``
    barcode: Mapped[str] = mapped_column(unique=True)  # as it is scanned: ``L-HZ1-B07-14-3``
    #: receive, reserve, pick, stage, dock, hold, return: sites.rules.KINDS
    kind: Mapped[str]
    #: Its place in the order in which one walks through the warehouse.
    walk: Mapped[int]
    level: Mapped[int] = mapped_column(default=0)  # 0: on the floor
    #: What it bears and holds; None: no limit is known.
    most_weight_g: Mapped[int | None] = mapped_column(BigInteger)
    most_volume_mm3: Mapped[int | None] = mapped_column(BigInteger)
    #: Whether different goods, or lots, may not lie together in it.
    single_sku: Mapped[bool] = mapped_column(default=False)
    single_lot: Mapped[bool] = mapped_column(default=False)
    #: Its rectangle on the floor plan.
    x_dm: Mapped[int] = mapped_column(default=0)
    y_dm: Mapped[int] = mapped_column(default=0)
    width_dm: Mapped[int] = mapped_column(default=0)
    depth_dm: Mapped[int] = mapped_column(default=0)
    #: Why nothing may be put into it or taken from it; None: it is open.
    blocked: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)


class Dock(Base):
    """A gate where vehicles are unloaded or loaded."""

    __tablename__ = "dock"
    __table_args__ = (UniqueConstraint("warehouse_id", "code"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouse.id"))
    code: Mapped[str]
    kind: Mapped[str] = mapped_column(default="both")  # in, out, both
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    active: Mapped[bool] = mapped_column(default=True)


class DockBooking(Base):
    """One slot at one dock. That a slot is given once is the database's own rule."""

    __tablename__ = "dock_booking"
    __table_args__ = (
        UniqueConstraint("dock_id", "starts_at"),
        Index("ix_dock_booking_about", "about"),
        Index("ix_dock_booking_company", "company_id", "starts_at"),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    dock_id: Mapped[int] = mapped_column(ForeignKey("dock.id"))
    starts_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    about: Mapped[str]  # the inbound notice or outbound order: its reference
    booked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)


class WarehouseWorker(Base):
    """A person of the staff who works in this warehouse alone; without any row: in all."""

    __tablename__ = "warehouse_worker"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouse.id"), primary_key=True)
