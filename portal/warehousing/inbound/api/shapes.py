"""What programs send and get of inbound notices. Quantities are decimal strings."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, Field

from portal.core.api import Shape
from portal.warehousing.inbound.rules import announcing
from portal.warehousing.inbound.rules.announcing import Said, SaidLine

MOST_LINES = 2000  # of one request


class InboundLine(Shape):
    """So many of a level (each, inner, case, pallet) of goods that will come."""

    sku: str = Field(min_length=1, max_length=announcing.MOST_CODE)
    quantity: Decimal = Field(gt=0, max_digits=12, decimal_places=3)
    level: Literal["each", "inner", "case", "pallet"] = "each"
    lot: str = Field(default="", max_length=announcing.MOST_CODE)
    expires_on: date | None = None
    sscc: str | None = Field(default=None, max_length=18)

    def line(self, number: int) -> SaidLine:
        """Return it as the rules know it."""
        return SaidLine(**self.model_dump(), place=f"lines.{number}")


class InboundHead(Shape):
    """What a notice says beside its lines."""

    supplier: str | None = Field(default=None, max_length=announcing.MOST_WORDS)
    carrier: str | None = Field(default=None, max_length=announcing.MOST_WORDS)
    vehicle: str | None = Field(default=None, max_length=40)
    driver_phone: str | None = Field(default=None, pattern=r"^\+[1-9]\d{5,14}$")
    note: str | None = Field(default=None, max_length=announcing.MOST_NOTE)
    expected_at: AwareDatetime | None = None


class NewInbound(InboundHead):
    """A notice: ``submit`` false keeps it as a draft; ``slot`` books a slot at a dock."""

    order_ref: str | None = Field(default=None, max_length=announcing.MOST_CODE)
    #: Code of the warehouse; may be left out where there is one.
    warehouse: str | None = Field(default=None, max_length=24)
    lines: list[InboundLine] = Field(max_length=MOST_LINES)
    submit: bool = True
    slot: str | None = Field(default=None, max_length=80)

    def said(self, warehouse_id: int) -> Said:
        """Return it as the rules know it."""
        head = {name: getattr(self, name) for name in InboundHead.model_fields}
        lines = [line.line(number) for number, line in enumerate(self.lines)]
        return Said(
            warehouse_id=warehouse_id,
            lines=lines,
            order_ref=self.order_ref,
            source="api",
            **head,
        )


class InboundChange(InboundHead):
    """What of a notice is to change; what is left out stays. ``lines`` replaces all of them."""

    lines: list[InboundLine] | None = Field(default=None, max_length=MOST_LINES)
    #: Announces a draft.
    submit: bool | None = None
    #: Books this slot instead; null gives it back.
    slot: str | None = Field(default=None, max_length=80)

    def head(self) -> dict[str, Any]:
        """Return the columns of the head that were named."""
        named = self.model_fields_set & set(InboundHead.model_fields)
        return {name: getattr(self, name) for name in named}


class InboundCancel(Shape):
    """Why a notice is cancelled."""

    reason: str = Field(default="", max_length=500)


class InboundAnswerShape(Shape):
    """How the owner answers a difference; declining needs a note."""

    accept: bool
    note: str = Field(default="", max_length=500)


class InboundLineOut(BaseModel):
    """A line with what has come of it, in base units."""

    position: int
    sku: str
    name: str
    lot: str
    expires_on: date | None
    sscc: str | None
    level: str
    quantity: str
    announced: str
    received: str
    damaged: str
    put_away: str
    unit: str


class InboundDifferenceOut(BaseModel):
    """Where a line came otherwise than it was announced."""

    id: int
    line: int
    sku: str
    kind: str
    quantity: str
    status: str
    note: str | None
    answer_note: str | None
    outcome: str | None


class InboundReceiptOut(BaseModel):
    """A receipt: one vehicle."""

    ref: str
    begun_at: datetime
    closed_at: datetime | None


class InboundOut(BaseModel):
    """A notice. ``lines``, ``differences`` and ``receipts`` are left out of lists."""

    ref: str
    order_ref: str | None
    status: str
    company: str
    warehouse: str
    supplier: str | None
    carrier: str | None
    vehicle: str | None
    driver_phone: str | None
    note: str | None
    expected_at: datetime | None
    dock: str | None
    open_differences: int
    reached: dict[str, datetime]
    created_at: datetime
    lines: list[InboundLineOut] | None = None
    differences: list[InboundDifferenceOut] | None = None
    receipts: list[InboundReceiptOut] | None = None
    links: dict[str, str]


class InboundList(BaseModel):
    """A page of notices."""

    items: list[InboundOut]
    next: str | None


class InboundSlot(BaseModel):
    """A free slot; send ``slot`` back to book it."""

    slot: str
    starts_at: datetime
    ends_at: datetime
    docks: int


class InboundSlots(BaseModel):
    """The free slots of the next days."""

    items: list[InboundSlot]
