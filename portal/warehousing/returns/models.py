"""Tables of returns: what was asked for, what came, what became of it."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import scope
from portal.core.db import Base, Document, Identity, Instant
from portal.core.quantities import Quantity


class GoodsReturn(Base):
    """Goods on their way back to the centre.

    requested → authorised → in_transit → received → inspected → restocked | scrapped |
    sent_back → closed; refused or cancelled before anything came
    """

    __tablename__ = "goods_return"
    __table_args__ = (
        UniqueConstraint("company_id", "begun_with"),
        Index("ix_goods_return_company", "company_id", "status", "id"),
        Index("ix_goods_return_status", "warehouse_id", "status", "id"),
        Index("ix_goods_return_tracking", "tracking_no"),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)  # ``RT…``
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouse.id"))
    status: Mapped[str]  # returns.rules.STATUSES
    source: Mapped[str]  # web, api, desk, floor (it came without word)
    #: The owner's number for it; sent again with the same, it is the same return.
    begun_with: Mapped[str | None]
    order_ref: Mapped[str | None]  # the outbound order that it comes from
    reason: Mapped[str]  # returns.rules.REASONS
    note: Mapped[str | None]
    #: Who sends it: name, phone, address, city, country; None: not known.
    sender: Mapped[dict[str, Any] | None] = mapped_column(Document)
    carrier: Mapped[str | None]
    tracking_no: Mapped[str | None]
    expected_on: Mapped[date | None]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decision_note: Mapped[str | None]  # to the owner; required where it is refused
    received_at: Mapped[datetime | None] = mapped_column(Instant)
    inspected_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)


class ReturnLine(Base):
    """What was announced to come back."""

    __tablename__ = "return_line"
    __table_args__ = (
        UniqueConstraint("return_id", "number"),
        Index("ix_return_line_sku", "sku_id"),
        CheckConstraint("quantity > 0", name="quantity"),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    return_id: Mapped[int] = mapped_column(ForeignKey("goods_return.id"))
    number: Mapped[int]
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    lot_code: Mapped[str | None]
    quantity: Mapped[Decimal] = mapped_column(Quantity)  # of the SKU's base unit


class ReturnPart(Base):
    """Goods of a return that came: alike, in one condition, with one fate.

    received → inspected → decided → restocked | scrapped | sent_back
    """

    __tablename__ = "return_part"
    __table_args__ = (
        Index("ix_return_part_return", "return_id", "id"),
        Index("ix_return_part_status", "status", "id"),
        CheckConstraint("quantity > 0", name="quantity"),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    return_id: Mapped[int] = mapped_column(ForeignKey("goods_return.id"))
    line_id: Mapped[int | None] = mapped_column(ForeignKey("return_line.id"))  # None: unannounced
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))  # where it waits
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    status: Mapped[str]  # returns.rules.PART_STATUSES
    condition: Mapped[str | None]  # returns.rules.CONDITIONS
    note: Mapped[str | None]
    picture_key: Mapped[str | None]
    disposition: Mapped[str | None]  # restock, scrap, send_back: returns.rules.DISPOSITIONS
    #: Who said so: rule (the owner's standing one), owner, centre.
    decided_by: Mapped[str | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    received_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    inspected_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    received_at: Mapped[datetime] = mapped_column(Instant)
    inspected_at: Mapped[datetime | None] = mapped_column(Instant)
    done_at: Mapped[datetime | None] = mapped_column(Instant)
    movement_id: Mapped[int | None] = mapped_column(ForeignKey("movement.id"))  # the last one
    #: How it went back to its owner.
    carrier: Mapped[str | None]
    tracking_no: Mapped[str | None]


class ReturnRule(Base):
    """What an owner wants done with goods that come back in a condition; no row: he is asked."""

    __tablename__ = "return_rule"
    __table_args__ = ({"info": scope.SCOPED},)

    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"), primary_key=True)
    condition: Mapped[str] = mapped_column(primary_key=True)
    disposition: Mapped[str]
