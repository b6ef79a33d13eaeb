"""Tables of consignments and what belongs to them."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import scope
from portal.core.db import Base, Document, Identity, Instant


class Consignment(Base):
    """One waybill: goods from one consignor to one consignee."""

    __tablename__ = "consignment"
    __table_args__ = (
        UniqueConstraint("company_id", "order_ref"),
        Index("ix_consignment_company_recent", "company_id", "id"),
        Index("ix_consignment_status_planned", "status", "delivery_planned", "id"),
        Index("ix_consignment_status_pickup", "status", "pickup_planned", "id"),
        Index("ix_consignment_company_status", "company_id", "status", "id"),
        Index("ix_consignment_status_recent", "status", "changed_at", "id"),
        Index("ix_consignment_company_changed", "company_id", "changed_at", "id"),
        Index("ix_consignment_company_planned", "company_id", "delivery_planned", "id"),
        Index("ix_consignment_company_ordered", "company_id", "ordered_at", "id"),
        CheckConstraint("piece_count >= 0", name="pieces_not_negative"),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    no: Mapped[str] = mapped_column(unique=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    order_ref: Mapped[str | None]
    service: Mapped[str]
    status: Mapped[str]
    status_seq: Mapped[int]  # of its latest event; counts 1, 2, 3 … without gaps
    attempts: Mapped[int] = mapped_column(default=0)  # failed deliveries
    #: Whether single pieces have events of their own.
    split: Mapped[bool] = mapped_column(default=False)
    #: Place in the fold of the latest actual event.
    head_at: Mapped[datetime | None] = mapped_column(Instant)
    head_rank: Mapped[int] = mapped_column(default=0)
    #: What is said of the latest published event, for lists.
    last_code: Mapped[str]
    last_at: Mapped[datetime] = mapped_column(Instant)
    last_place: Mapped[str | None]
    consignor_name: Mapped[str | None]
    consignor_phone: Mapped[str | None]  # E.164
    consignor_address: Mapped[str | None]
    consignor_city: Mapped[str | None]
    consignor_country: Mapped[str | None]  # ISO 3166-1 alpha-2
    consignor_postcode: Mapped[str | None]
    consignor_division: Mapped[str | None]  # 行政区划代码
    consignor_lat: Mapped[float | None]  # WGS 84
    consignor_lon: Mapped[float | None]
    consignee_name: Mapped[str | None]
    consignee_phone: Mapped[str | None]
    consignee_address: Mapped[str | None]
    consignee_city: Mapped[str | None]
    consignee_country: Mapped[str | None]
    consignee_postcode: Mapped[str | None]
    consignee_division: Mapped[str | None]
    consignee_lat: Mapped[float | None]
    consignee_lon: Mapped[float | None]
    piece_count: Mapped[int]
    gross_weight_g: Mapped[int | None] = mapped_column(BigInteger)
    volume_mm3: Mapped[int | None] = mapped_column(BigInteger)
    chargeable_weight_g: Mapped[int | None] = mapped_column(BigInteger)
    declared_minor: Mapped[int | None] = mapped_column(BigInteger)
    declared_currency: Mapped[str | None]
    cod_minor: Mapped[int | None] = mapped_column(BigInteger)
    cod_currency: Mapped[str | None]
    freight_minor: Mapped[int | None] = mapped_column(BigInteger)
    freight_currency: Mapped[str | None]
    insurance_minor: Mapped[int | None] = mapped_column(BigInteger)
    insurance_currency: Mapped[str | None]
    mode: Mapped[str | None]  # of transport, as history gives it
    dangerous: Mapped[bool] = mapped_column(default=False)
    temperature_min_c: Mapped[int | None]
    temperature_max_c: Mapped[int | None]
    window_from: Mapped[datetime | None] = mapped_column(Instant)
    window_to: Mapped[datetime | None] = mapped_column(Instant)
    payer: Mapped[str] = mapped_column(default="shipper")
    note: Mapped[str | None]
    pickup_planned: Mapped[datetime | None] = mapped_column(Instant)
    pickup_estimated: Mapped[datetime | None] = mapped_column(Instant)
    pickup_actual: Mapped[datetime | None] = mapped_column(Instant)
    delivery_planned: Mapped[datetime | None] = mapped_column(Instant)
    delivery_estimated: Mapped[datetime | None] = mapped_column(Instant)
    delivery_actual: Mapped[datetime | None] = mapped_column(Instant)
    open_incidents: Mapped[int] = mapped_column(default=0)
    #: Those of them that its owner may know of.
    owner_incidents: Mapped[int] = mapped_column(default=0)
    #: True for what was brought in as past: it may lack what a new order must have.
    history: Mapped[bool] = mapped_column(default=False)
    #: Cells of an import that were words where figures belong, kept as given.
    remarks: Mapped[dict[str, Any] | None] = mapped_column(Document)
    import_id: Mapped[int | None]
    created_by_id: Mapped[int | None]
    ordered_at: Mapped[datetime] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
    #: When something was last recorded.
    changed_at: Mapped[datetime] = mapped_column(Instant)


class Piece(Base):
    """One physical unit, or one goods line of a history; with its own barcode."""

    __tablename__ = "piece"
    __table_args__ = (Index("ix_piece_consignment", "consignment_id", "id"), {"info": scope.SCOPED})

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    consignment_id: Mapped[int] = mapped_column(ForeignKey("consignment.id"))
    sscc: Mapped[str] = mapped_column(unique=True)
    goods: Mapped[str]
    quantity: Mapped[Decimal] = mapped_column(Numeric(18, 3))
    unit: Mapped[str]  # UN/ECE Recommendation 20
    weight_g: Mapped[int | None] = mapped_column(BigInteger)
    length_mm: Mapped[int | None]
    width_mm: Mapped[int | None]
    height_mm: Mapped[int | None]
    value_minor: Mapped[int | None] = mapped_column(BigInteger)
    value_currency: Mapped[str | None]
    #: Where this piece is, once it goes a way of its own; None: with its consignment.
    status: Mapped[str | None]


class TrackingEvent(Base):
    """Something that happened, or is expected, to a consignment. Appended, never edited."""

    __tablename__ = "tracking_event"
    __table_args__ = (
        UniqueConstraint("consignment_id", "seq"),
        UniqueConstraint("consignment_id", "source", "source_event_id"),
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
    created_at: Mapped[datetime] = mapped_column(Instant)


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
