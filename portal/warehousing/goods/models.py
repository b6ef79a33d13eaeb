"""Tables of goods. Lengths in millimetres, weights in grams, temperatures in degrees Celsius."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import scope
from portal.core.db import Base, Document, Identity, Instant
from portal.core.quantities import Quantity


class Sku(Base):
    """One kind of goods of one owner, counted in its base unit."""

    __tablename__ = "sku"
    __table_args__ = (
        UniqueConstraint("company_id", "code"),
        Index("ix_sku_company_gtin", "company_id", "gtin"),
        Index("ix_sku_gtin", "gtin"),
        Index("ix_sku_code", "code"),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    #: The owner's own code, upper case; never changed once there was stock.
    code: Mapped[str]
    #: GTIN of one base unit, 8, 12, 13 or 14 digits, checked.
    gtin: Mapped[str | None]
    #: Language tag → name; ``name`` is the one that lists sort and search by.
    names: Mapped[dict[str, str]] = mapped_column(Document)
    name: Mapped[str]
    #: UN/ECE Rec 20: C62 (piece), KGM …; every quantity of the ledger is in it.
    unit: Mapped[str] = mapped_column(default="C62")
    #: none, lot, serial: goods.rules.LOT_POLICIES
    lot_policy: Mapped[str] = mapped_column(default="none")
    has_expiry: Mapped[bool] = mapped_column(default=False)
    #: Days from production to expiry; days that must be left at receipt, and when it leaves.
    shelf_life_days: Mapped[int | None]
    least_days_in: Mapped[int] = mapped_column(default=0)
    least_days_out: Mapped[int] = mapped_column(default=0)
    #: ambient, chilled, frozen, hazardous, bonded, valuable: goods.rules.STORAGE_CLASSES
    storage_class: Mapped[str] = mapped_column(default="ambient")
    temperature_min_c: Mapped[int | None]
    temperature_max_c: Mapped[int | None]
    #: UN number (four digits) and class of dangerous goods, such as ``1263`` and ``3``.
    hazard_un: Mapped[str | None]
    hazard_class: Mapped[str | None]
    #: Of one base unit; None: not known yet.
    weight_g: Mapped[int | None]
    length_mm: Mapped[int | None]
    width_mm: Mapped[int | None]
    height_mm: Mapped[int | None]
    picture_key: Mapped[str | None]
    #: Below these the owner is told: free quantity, and days that it lasts.
    low_stock: Mapped[Decimal | None] = mapped_column(Quantity)
    low_cover_days: Mapped[int | None]
    #: How much more than announced may be received, in hundredths of a per cent.
    over_receipt_bp: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)


class SkuUnit(Base):
    """How base units are packed: an inner, a case, a pallet."""

    __tablename__ = "sku_unit"
    __table_args__ = (
        UniqueConstraint("sku_id", "level"),
        Index("ix_sku_unit_company_gtin", "company_id", "gtin"),
        Index("ix_sku_unit_gtin", "gtin"),
        CheckConstraint("holds > 0", name="holds"),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    level: Mapped[str]  # inner, case, pallet: goods.rules.LEVELS; the base unit is the SKU itself
    holds: Mapped[Decimal] = mapped_column(Quantity)  # base units in one
    gtin: Mapped[str | None]
    weight_g: Mapped[int | None] = mapped_column(BigInteger)  # full
    length_mm: Mapped[int | None]
    width_mm: Mapped[int | None]
    height_mm: Mapped[int | None]


class GoodsImport(Base):
    """One sheet of goods, from upload to result.

    checking → checked → running → done; failed and cancelled end it early.
    """

    __tablename__ = "goods_import"
    __table_args__ = (Index("ix_goods_import_company", "company_id", "id"), {"info": scope.SCOPED})

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)  # GI…
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str]  # of the file
    file_key: Mapped[str]
    state: Mapped[str]
    #: dry_run, good_rows, all_or_nothing: goods.rules.sheets.CHOICES
    choice: Mapped[str]
    #: Why it failed: a sentence as JSON, said in the reader's language.
    error: Mapped[list[Any] | None] = mapped_column(Document)
    #: What is wrong, by line: [line, column, cell, sentence]
    problems: Mapped[list[list[Any]]] = mapped_column(Document)
    rows: Mapped[int] = mapped_column(default=0)  # of the sheet
    bad: Mapped[int] = mapped_column(default=0)  # rows that are left out
    created: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    read: Mapped[int] = mapped_column(default=0)  # how far the step under way has come
    created_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
