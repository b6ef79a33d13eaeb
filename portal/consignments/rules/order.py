"""An order as the services take it: who sends what to whom, already checked in shape."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from portal.consignments.rules.vocabulary import Status

PARTY_FIELDS = ("name", "phone", "address", "city", "country", "postcode", "division", "lat", "lon")


@dataclass(frozen=True, kw_only=True)
class Party:
    """A consignor or consignee; phone in E.164, country in ISO 3166-1 alpha-2.

    Without a position of its own it is looked for when it is written down.
    """

    name: str | None = None
    phone: str | None = None
    address: str | None = None
    city: str | None = None
    country: str | None = None
    postcode: str | None = None
    division: str | None = None
    lat: float | None = None
    lon: float | None = None
    #: How sure the position is; None: it was given, and is to be judged.
    confidence: float | None = None


@dataclass(frozen=True, kw_only=True)
class Unit:
    """One piece to send; weights in grams, lengths in millimetres, unit per Rec 20."""

    goods: str
    quantity: Decimal = Decimal(1)
    unit: str = "C62"
    weight_g: int | None = None
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None
    value_minor: int | None = None
    value_currency: str | None = None
    #: The code that is on it already, as on a carton packed here; None: it gets a new one.
    sscc: str | None = None

    def volume_mm3(self) -> int:
        """Return the volume; 0 where a length is missing."""
        return (self.length_mm or 0) * (self.width_mm or 0) * (self.height_mm or 0)


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a shipper wants carried, already checked in shape.

    ``begins`` is the code of its first event: ``draft``, ``ordered``, or ``delivered`` for a
    history; ``extra`` holds further columns of the consignment.
    """

    order_ref: str | None
    service: str
    consignor: Party
    consignee: Party
    pieces: Sequence[Unit]
    ordered_at: datetime
    begins: str = Status.ORDERED
    begins_at: datetime | None = None
    window_to: datetime | None = None
    planned_delivery: datetime | None = None
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Origin:
    """Who creates, for whom, and through which source."""

    company_id: int
    person_id: int | None
    source: str  # manual, api, import
    sscc_prefix: str


@dataclass(frozen=True)
class Created:
    """A consignment that now exists."""

    id: int
    no: str
