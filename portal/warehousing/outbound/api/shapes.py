"""The bodies that the API of orders takes, and what they mean to the rules."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from portal.core.api import Shape
from portal.core.quantities import written
from portal.warehousing.outbound.rules.asked import MOST_NOTE, MOST_REF, Asked, AskedLine
from portal.warehousing.outbound.rules.orders import MOST_LINES


def _exact(value: Any) -> Any:
    """Read a float as its shortest decimal, so that 0.1 is a tenth."""
    return str(value) if isinstance(value, float) else value


Amount = Annotated[
    Decimal, BeforeValidator(_exact), Field(gt=0, le=10**9, max_digits=15, decimal_places=3)
]
Policy = Literal["all_or_nothing", "partial", "backorder"]
Service = Literal["standard", "express", "cold"]
Degrees = Annotated[float, Field(strict=True, ge=-180, le=180, allow_inf_nan=False)]


class OutboundParty(Shape):
    """Who receives the goods."""

    name: str = Field(max_length=100)
    phone: str = Field(max_length=40)
    address: str = Field(max_length=300)
    city: str = Field(max_length=60)
    country: str = Field(max_length=2)
    postcode: str | None = Field(None, max_length=16)
    division_code: str | None = Field(None, max_length=12)
    lat: Degrees | None = None
    lon: Degrees | None = None


class WantedLine(Shape):
    """So many of a SKU; ``level``: each (base units), inner, case or pallet."""

    sku: str = Field(min_length=1, max_length=100)
    quantity: Amount
    lot: str | None = Field(None, max_length=100)
    level: str = Field("each", max_length=20)

    def asked(self) -> AskedLine:
        """Return it as the rules know it."""
        return AskedLine(
            sku=self.sku, quantity=written(self.quantity), lot=self.lot or "", level=self.level
        )


class NewOutbound(Shape):
    """What a member wants taken from stock. Without a consignee he fetches it himself.

    ``company``: for whom staff order; members leave it out.
    """

    company: str | None = Field(None, max_length=20)
    order_ref: str | None = Field(None, max_length=MOST_REF)
    lines: list[WantedLine] = Field(max_length=MOST_LINES)
    policy: Policy = "all_or_nothing"
    service: Service = "standard"
    consignee: OutboundParty | None = None
    warehouse: str | None = Field(None, max_length=24)
    wished_on: date | None = None
    priority: Literal[0, 1] = 0
    note: str | None = Field(None, max_length=MOST_NOTE)
    submit: bool = True

    def asked(self) -> Asked:
        """Return it as the rules know it."""
        return Asked(
            order_ref=self.order_ref or "",
            policy=self.policy,
            service=self.service,
            note=self.note or "",
            wished_on=self.wished_on.isoformat() if self.wished_on else "",
            priority=self.priority,
            consignee=self.consignee.model_dump() if self.consignee else None,
            lines=[line.asked() for line in self.lines],
        )


class OutboundChange(Shape):
    """What of an order is to change; what is left out stays.

    ``version``: of the order that was read; None: whatever it is now.
    """

    version: int | None = None
    lines: list[WantedLine] | None = Field(None, min_length=1, max_length=MOST_LINES)
    consignee: OutboundParty | None = None
    service: Service | None = None
    wished_on: date | None = None
    priority: Literal[0, 1] | None = None
    note: str | None = Field(None, max_length=MOST_NOTE)


class OutboundAct(Shape):
    """Why something is done with an order."""

    note: str | None = Field(None, max_length=500)
