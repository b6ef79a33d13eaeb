"""The consignment and its pieces."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Numeric,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import scope
from portal.core.db import Base, Document, Identity, Instant

#: Nobody asks for the pick-up of what has been picked up: no later event touches that index.
#: Written so that SQLite finds the words of one status in it.
TO_PICK_UP = " OR ".join(
    f"status = '{status}'" for status in ("ordered", "pickup_assigned", "pickup_failed")
)


class Consignment(Base):
    """One waybill: goods from one consignor to one consignee."""

    __tablename__ = "consignment"
    __table_args__ = (
        UniqueConstraint("company_id", "order_ref"),
        Index("ix_consignment_company_recent", "company_id", "id"),
        Index("ix_consignment_status_planned", "status", "delivery_planned", "id"),
        Index(
            "ix_consignment_status_pickup",
            "status",
            "pickup_planned",
            "id",
            sqlite_where=text(TO_PICK_UP),
            postgresql_where=text(TO_PICK_UP),
        ),
        Index("ix_consignment_company_status", "company_id", "status", "id"),
        Index("ix_consignment_status_recent", "status", "changed_at", "id"),
        Index("ix_consignment_company_changed", "company_id", "changed_at", "id"),
        Index("ix_consignment_company_planned", "company_id", "delivery_planned", "id"),
        Index("ix_consignment_company_ordered", "company_id", "ordered_at", "id"),
        Index(
            "ix_consignment_check",
            "check_at",
            "id",
            sqlite_where=text("check_at IS NOT NULL"),
            postgresql_where=text("check_at IS NOT NULL"),
        ),
        Index(
            "ix_consignment_unsure_places",
            "status",
            "id",
            sqlite_where=text("unsure_places > 0"),
            postgresql_where=text("unsure_places > 0"),
        ),
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
    consignor_confidence: Mapped[float | None]  # 0 to 1: how sure the position is
    consignee_name: Mapped[str | None]
    consignee_phone: Mapped[str | None]
    consignee_address: Mapped[str | None]
    consignee_city: Mapped[str | None]
    consignee_country: Mapped[str | None]
    consignee_postcode: Mapped[str | None]
    consignee_division: Mapped[str | None]
    consignee_lat: Mapped[float | None]
    consignee_lon: Mapped[float | None]
    consignee_confidence: Mapped[float | None]
    #: How many of the two positions are so unsure that somebody should put them right.
    unsure_places: Mapped[int] = mapped_column(default=0, server_default="0")
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
    pickup_estimated_from: Mapped[datetime | None] = mapped_column(Instant)
    pickup_estimated_to: Mapped[datetime | None] = mapped_column(Instant)
    pickup_actual: Mapped[datetime | None] = mapped_column(Instant)
    delivery_planned: Mapped[datetime | None] = mapped_column(Instant)
    delivery_estimated: Mapped[datetime | None] = mapped_column(Instant)
    delivery_estimated_from: Mapped[datetime | None] = mapped_column(Instant)
    delivery_estimated_to: Mapped[datetime | None] = mapped_column(Instant)
    #: What the estimate of the delivery was made from, see rules.estimates.
    estimate_basis: Mapped[str | None]
    #: What the last event had estimated, where time alone has made another estimate (rules.told).
    event_estimate: Mapped[str | None]
    #: Our estimate of the delivery when the goods were first with us; never changed afterwards.
    first_estimated: Mapped[datetime | None] = mapped_column(Instant)
    first_estimated_from: Mapped[datetime | None] = mapped_column(Instant)
    first_estimated_to: Mapped[datetime | None] = mapped_column(Instant)
    #: When it came to the city of its destination, and when it last went out from there.
    arrived_at: Mapped[datetime | None] = mapped_column(Instant)
    out_at: Mapped[datetime | None] = mapped_column(Instant)
    delivery_actual: Mapped[datetime | None] = mapped_column(Instant)
    open_incidents: Mapped[int] = mapped_column(default=0)
    #: Those of them that its owner may know of.
    owner_incidents: Mapped[int] = mapped_column(default=0)
    #: When the rules of incidents look at it next, if nothing happens before; None: never.
    check_at: Mapped[datetime | None] = mapped_column(Instant)
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
