"""Tables of tariffs. Money is in minor units of the tariff's currency, weights in grams."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, Document, Identity, Instant


class Tariff(Base):
    """A price list. What is in force is never changed: a new one takes its place."""

    __tablename__ = "tariff"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    #: Public reference, such as ``T4F7K2M9``; what a company's terms name.
    ref: Mapped[str] = mapped_column(unique=True)
    #: Language tag → name.
    names: Mapped[dict[str, str]] = mapped_column(Document)
    currency: Mapped[str]  # ISO 4217
    #: draft, active, retired: rules.lifecycle
    state: Mapped[str]
    #: The one that visitors' estimates are made from; one at most.
    is_public: Mapped[bool] = mapped_column(default=False)
    #: Shares of the freight, in hundredths of a per cent.
    fuel_bp: Mapped[int] = mapped_column(default=0)
    tax_bp: Mapped[int] = mapped_column(default=0)  # of the sum
    #: Of the declared value, and its least.
    insurance_bp: Mapped[int] = mapped_column(default=0)
    insurance_least_minor: Mapped[int] = mapped_column(default=0)
    #: Of what is collected on delivery, and its least.
    cod_bp: Mapped[int] = mapped_column(default=0)
    cod_least_minor: Mapped[int] = mapped_column(default=0)
    pickup_minor: Mapped[int] = mapped_column(default=0)  # a consignment
    #: Storage: a pallet place and a day; in and out a pallet; days that cost nothing.
    pallet_day_minor: Mapped[int] = mapped_column(default=0)
    pallet_in_minor: Mapped[int] = mapped_column(default=0)
    pallet_out_minor: Mapped[int] = mapped_column(default=0)
    free_days: Mapped[int] = mapped_column(default=0)
    note: Mapped[str | None]  # for colleagues
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    active_from: Mapped[datetime | None] = mapped_column(Instant)
    retired_at: Mapped[datetime | None] = mapped_column(Instant)


class TariffZone(Base):
    """Where goods go to, seen from where they come from; the first that fits in order counts."""

    __tablename__ = "tariff_zone"
    __table_args__ = (UniqueConstraint("tariff_id", "position"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    tariff_id: Mapped[int] = mapped_column(ForeignKey("tariff.id"))
    position: Mapped[int]  # 1, 2, 3 …
    names: Mapped[dict[str, str]] = mapped_column(Document)
    #: city (the same), distance (at most ``km``), countries, rest: rules.zones
    kind: Mapped[str]
    km: Mapped[int | None]
    countries: Mapped[list[str]] = mapped_column(Document)  # ISO 3166-1 alpha-2
    #: Service → {first_g, first_minor, step_g, step_minor}; one that is missing is not offered.
    rates: Mapped[dict[str, Any]] = mapped_column(Document)
