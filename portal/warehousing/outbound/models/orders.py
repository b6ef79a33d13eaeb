"""Tables of orders from stock, of what became of each line, and of the waves they go in."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import scope
from portal.core.db import Base, Document, Identity, Instant
from portal.core.quantities import NOTHING, Quantity

_WAITS = text("backordered > 0")
_ZERO = "0"


class Wave(Base):
    """Orders that are picked together. It is the centre's: orders of many owners go in it."""

    __tablename__ = "wave"
    __table_args__ = (Index("ix_wave_warehouse", "warehouse_id", "status", "id"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)  # ``W-…``
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouse.id"))
    status: Mapped[str] = mapped_column(default="planned")  # rules.WAVE_STATUSES
    method: Mapped[str] = mapped_column(default="order")  # rules.METHODS: by order, or batch
    #: What its orders have in common; None: any.
    service: Mapped[str | None]
    zone_id: Mapped[int | None] = mapped_column(ForeignKey("zone.id"))
    #: By when all of it shall have left: the earliest of its orders.
    ship_by: Mapped[datetime | None] = mapped_column(Instant)
    note: Mapped[str | None]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    released_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)


class OutboundOrder(Base):
    """What a member wants taken from stock and sent to one consignee."""

    __tablename__ = "outbound_order"
    __table_args__ = (
        UniqueConstraint("company_id", "order_ref"),
        Index("ix_outbound_order_company", "company_id", "id"),
        Index("ix_outbound_order_company_status", "company_id", "status", "id"),
        Index("ix_outbound_order_status", "status", "ship_by", "id"),
        Index("ix_outbound_order_warehouse", "warehouse_id", "status", "ship_by", "id"),
        Index("ix_outbound_order_wave", "wave_id"),
        Index("ix_outbound_order_consignment", "consignment_no"),
        Index("ix_outbound_order_rest", "rest_of_id"),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    ref: Mapped[str] = mapped_column(unique=True)  # ``OUT…``
    #: The member's own number; once in his company, so that creating is idempotent.
    order_ref: Mapped[str]
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouse.id"))
    status: Mapped[str]  # rules.STATUSES
    status_at: Mapped[datetime] = mapped_column(Instant)
    policy: Mapped[str]  # rules.POLICIES: what happens when there is not enough
    service: Mapped[str] = mapped_column(default="standard")  # rules.SERVICES
    priority: Mapped[int] = mapped_column(default=0)  # the higher the sooner
    #: While it is on hold: why (rules.HOLDS), in which words, and where it goes on afterwards.
    hold_reason: Mapped[str | None]
    hold_note: Mapped[str | None]
    held_status: Mapped[str | None]
    #: Of what was sent without all of it: the order whose rest this one is.
    rest_of_id: Mapped[int | None] = mapped_column(ForeignKey("outbound_order.id"))
    wave_id: Mapped[int | None] = mapped_column(ForeignKey("wave.id"))
    consignee_name: Mapped[str | None]
    consignee_phone: Mapped[str | None]  # E.164
    consignee_address: Mapped[str | None]
    consignee_city: Mapped[str | None]
    consignee_country: Mapped[str | None]  # ISO 3166-1 alpha-2
    consignee_postcode: Mapped[str | None]
    consignee_division: Mapped[str | None]
    consignee_lat: Mapped[float | None]  # WGS 84
    consignee_lon: Mapped[float | None]
    note: Mapped[str | None]  # to the warehouse
    wished_on: Mapped[date | None]  # the day it shall leave, not sooner
    #: By when it leaves: promised when it was submitted, by the cut-off of the warehouse.
    ship_by: Mapped[datetime | None] = mapped_column(Instant)
    consignment_no: Mapped[str | None]
    line_count: Mapped[int] = mapped_column(default=0)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    submitted_at: Mapped[datetime | None] = mapped_column(Instant)
    shipped_at: Mapped[datetime | None] = mapped_column(Instant)
    #: Counts changes of lines and consignee, so that nobody overwrites what he has not seen.
    version: Mapped[int] = mapped_column(default=1)


class OutboundLine(Base):
    """So much of one SKU; its figures say how far it has come, in base units.

    ``allocated`` is all that was found for it and not lost again, whether picked, packed or
    shipped by now. ``short`` will not be sent; ``backordered`` waits for stock.
    """

    __tablename__ = "outbound_line"
    __table_args__ = (
        UniqueConstraint("order_id", "position"),
        Index("ix_outbound_line_company", "company_id", "sku_id"),
        Index("ix_outbound_line_waiting", "sku_id", sqlite_where=_WAITS, postgresql_where=_WAITS),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("short >= 0 AND backordered >= 0", name="open"),
        CheckConstraint("allocated + short + backordered <= quantity", name="allocated"),
        CheckConstraint(
            "shipped >= 0 AND packed >= shipped AND checked >= 0 AND picked >= checked "
            "AND picked >= packed AND allocated >= picked",
            name="way",
        ),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    order_id: Mapped[int] = mapped_column(ForeignKey("outbound_order.id"))
    position: Mapped[int]  # 1, 2, 3 …
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    #: The lot that the owner named; None: the rule of the goods decides.
    lot_id: Mapped[int | None] = mapped_column(ForeignKey("lot.id"))
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    allocated: Mapped[Decimal] = mapped_column(Quantity, default=NOTHING, server_default=_ZERO)
    picked: Mapped[Decimal] = mapped_column(Quantity, default=NOTHING, server_default=_ZERO)
    checked: Mapped[Decimal] = mapped_column(Quantity, default=NOTHING, server_default=_ZERO)
    packed: Mapped[Decimal] = mapped_column(Quantity, default=NOTHING, server_default=_ZERO)
    shipped: Mapped[Decimal] = mapped_column(Quantity, default=NOTHING, server_default=_ZERO)
    short: Mapped[Decimal] = mapped_column(Quantity, default=NOTHING, server_default=_ZERO)
    backordered: Mapped[Decimal] = mapped_column(Quantity, default=NOTHING, server_default=_ZERO)


class OutboundStep(Base):
    """A status that an order took: when, by whom, and what was said about it."""

    __tablename__ = "outbound_step"
    __table_args__ = (
        Index("ix_outbound_step_order", "order_id", "id"),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    order_id: Mapped[int] = mapped_column(ForeignKey("outbound_order.id"))
    status: Mapped[str]
    note: Mapped[str | None]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)


class OutboundSheet(Base):
    """A sheet of many orders: kept, checked, and placed when somebody has looked at it."""

    __tablename__ = "outbound_sheet"
    __table_args__ = (
        Index("ix_outbound_sheet_company", "company_id", "id"),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ref: Mapped[str] = mapped_column(unique=True)  # ``OS…``
    name: Mapped[str]
    file_key: Mapped[str]
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouse.id"))
    state: Mapped[str]  # checked → placing → done; failed
    rows: Mapped[int] = mapped_column(default=0)
    orders: Mapped[int] = mapped_column(default=0)  # that are good
    bad: Mapped[int] = mapped_column(default=0)  # orders with a row that is wrong
    placed: Mapped[int] = mapped_column(default=0)
    existing: Mapped[int] = mapped_column(default=0)  # whose number was known already
    refused: Mapped[int] = mapped_column(default=0)  # for which there was not enough
    #: [line, column, cell, sentence that is kept] (``core.sentences``)
    problems: Mapped[list[list[Any]]] = mapped_column(Document)
    created_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
