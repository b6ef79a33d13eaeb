"""Tables of kits. Quantities are of the base unit of the SKU they belong to."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import scope
from portal.core.db import Base, Identity, Instant
from portal.core.quantities import Quantity


class KitRecipe(Base):
    """What one set is made of; a change makes the next version, orders keep theirs."""

    __tablename__ = "kit_recipe"
    __table_args__ = (
        UniqueConstraint("sku_id", "version"),
        Index("ix_kit_recipe_company", "company_id", "sku_id"),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))  # the set
    version: Mapped[int]
    #: How it is put together, for who does it.
    note: Mapped[str | None]
    #: The latest version of a set that is still made; False: no longer made.
    active: Mapped[bool] = mapped_column(default=True)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)


class KitComponent(Base):
    """So much of a SKU goes into one set."""

    __tablename__ = "kit_component"
    __table_args__ = (
        UniqueConstraint("recipe_id", "sku_id"),
        Index("ix_kit_component_sku", "sku_id"),
        CheckConstraint("quantity > 0", name="quantity"),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    recipe_id: Mapped[int] = mapped_column(ForeignKey("kit_recipe.id"))
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    quantity: Mapped[Decimal] = mapped_column(Quantity)


class KitOrder(Base):
    """An instruction to make so many sets, or to take so many apart."""

    __tablename__ = "kit_order"
    __table_args__ = (
        Index("ix_kit_order_company", "company_id", "id"),
        Index("ix_kit_order_status", "warehouse_id", "status", "id"),
        Index("ix_kit_order_sku", "sku_id", "id"),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("done >= 0 AND done <= quantity", name="done"),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)  # KT…
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouse.id"))
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))  # the set
    recipe_id: Mapped[int] = mapped_column(ForeignKey("kit_recipe.id"))
    kind: Mapped[str]  # make, take_apart: kits.rules.KINDS
    quantity: Mapped[Decimal] = mapped_column(Quantity)  # sets
    done: Mapped[Decimal] = mapped_column(Quantity)
    #: waiting, ready, started, done, cancelled: kits.rules.STATUSES
    status: Mapped[str]
    wanted_on: Mapped[date | None]
    note: Mapped[str | None]
    ordered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    #: Who does it; None: whoever comes first.
    assigned_to_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class KitLine(Base):
    """What an order uses up of one SKU; goods are promised to it (purpose ``kit``)."""

    __tablename__ = "kit_line"
    __table_args__ = (
        UniqueConstraint("order_id", "sku_id"),
        Index("ix_kit_line_sku", "sku_id"),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    order_id: Mapped[int] = mapped_column(ForeignKey("kit_order.id"))
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    per_kit: Mapped[Decimal] = mapped_column(Quantity)  # for one set
    used: Mapped[Decimal] = mapped_column(Quantity)


class KitRun(Base):
    """So many sets made, or taken apart, at once: one movement out and one in."""

    __tablename__ = "kit_run"
    __table_args__ = (Index("ix_kit_run_order", "order_id", "id"), {"info": scope.SCOPED})

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    order_id: Mapped[int] = mapped_column(ForeignKey("kit_order.id"))
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    issue_id: Mapped[int] = mapped_column(ForeignKey("movement.id"))
    receive_id: Mapped[int] = mapped_column(ForeignKey("movement.id"))
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))  # where they were put
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    #: When it was undone, by counter-entries; None: it stands.
    undone_at: Mapped[datetime | None] = mapped_column(Instant)
