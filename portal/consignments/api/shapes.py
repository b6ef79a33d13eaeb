"""The bodies that the API of consignments takes, and what they mean to the services."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from portal.consignments.rules import fields
from portal.consignments.rules.fields import Latitude, Longitude, Moment
from portal.consignments.rules.promise import Service
from portal.consignments.rules.vocabulary import (
    INCIDENT,
    INCIDENT_RESOLVED,
    NOTE,
    REASON_TEXT,
    Status,
)
from portal.consignments.service import locating, orders, tracking
from portal.core import clock
from portal.core.api import Shape
from portal.core.errors import Invalid
from portal.core.i18n import lazy as _l

MAX_PIECES = 999
MAX_EVENTS = 1000
Code = StrEnum(  # type: ignore[misc]
    "Code",
    [(s.name, s.value) for s in Status]
    + [(c.upper(), c) for c in (NOTE, INCIDENT, INCIDENT_RESOLVED)],
)
Reason = StrEnum("Reason", [(code.upper(), code) for code in REASON_TEXT])  # type: ignore[misc]


class Money(Shape):
    """An amount in the smallest unit of its currency."""

    minor: fields.Minor
    currency: fields.Currency


class Window(Shape):
    """From when until when delivery is wanted."""

    from_: Moment = Field(alias="from")
    to: Moment

    @model_validator(mode="after")
    def _in_order(self) -> "Window":
        if self.to < self.from_:
            raise ValueError(_l("The window ends before it begins."))
        fields.foreseeable(self.to)
        return self


class Party(Shape):
    """Who sends, or who receives."""

    name: fields.Name
    phone: fields.Phone
    address: fields.Street
    city: fields.City
    country: fields.Country
    postcode: fields.Postcode | None = None
    division_code: fields.Division | None = None
    lat: fields.Degrees | None = None
    lon: fields.Degrees | None = None

    def party(self) -> orders.Party:
        """Return it as the services know it."""
        values = self.model_dump(exclude={"division_code"})
        return orders.Party(**values, division=self.division_code)


def _without_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


#: A field that may be left out, but not be null.
_LEFT_OUT: Any = Field(default=None, json_schema_extra=_without_default)


class PartyChange(Shape):
    """What of a party is to change; what is left out stays."""

    name: fields.Name = _LEFT_OUT
    phone: fields.Phone = _LEFT_OUT
    address: fields.Street = _LEFT_OUT
    city: fields.City = _LEFT_OUT
    country: fields.Country = _LEFT_OUT
    postcode: fields.Postcode | None = None
    division_code: fields.Division | None = None
    lat: fields.Degrees | None = None
    lon: fields.Degrees | None = None

    def columns(self, side: str) -> dict[str, Any]:
        """Return the columns of the party ``side`` that were named."""
        given = self.model_dump(exclude_unset=True)
        if "division_code" in given:
            given["division"] = given.pop("division_code")
        return {f"{side}_{name}": value for name, value in given.items()}


class Piece(Shape):
    """One physical unit."""

    goods: fields.Words
    quantity: fields.Quantity = 1  # type: ignore[assignment]
    unit: fields.Unit = "C62"
    weight_g: fields.Grams
    length_mm: fields.Millimetres | None = None
    width_mm: fields.Millimetres | None = None
    height_mm: fields.Millimetres | None = None

    def piece(self) -> orders.Unit:
        """Return it as the services know it."""
        return orders.Unit(**self.model_dump())


class NewConsignment(Shape):
    """What a shipper wants carried."""

    order_ref: fields.Reference | None = None
    service: Service = Service.STANDARD
    consignor: Party | None = None
    consignee: Party
    pieces: list[Piece] = Field(min_length=1, max_length=MAX_PIECES)
    declared_value: Money | None = None
    cod: Money | None = None
    window: Window | None = None
    ordered_at: Moment | None = None
    note: fields.Note | None = None

    @field_validator("ordered_at")
    @classmethod
    def _is_past(cls, value: datetime | None) -> datetime | None:
        return None if value is None else fields.past(value)

    def order(self, consignor: orders.Party) -> orders.Order:
        """Return the order, sent by ``consignor`` unless the body says who.

        Raises Invalid for a position that cannot be.
        """
        _check_positions(self)
        return orders.Order(
            order_ref=self.order_ref,
            service=str(self.service),
            consignor=self.consignor.party() if self.consignor else consignor,
            consignee=self.consignee.party(),
            pieces=[piece.piece() for piece in self.pieces],
            ordered_at=self.ordered_at or clock.now(),
            window_to=self.window.to if self.window else None,
            extra=self._extra(),
        )

    def _extra(self) -> dict[str, Any]:
        return {
            **_money("declared", self.declared_value),
            **_money("cod", self.cod),
            **window_columns(self.window),
            "note": self.note or None,
        }


def _money(name: str, amount: Money | None) -> dict[str, Any]:
    if amount is None:
        return {}
    return {f"{name}_minor": amount.minor, f"{name}_currency": amount.currency}


def window_columns(window: Window | None) -> dict[str, Any]:
    """Return the columns of a window; None: it is open."""
    if window is None:
        return {"window_from": None, "window_to": None}
    return {"window_from": window.from_, "window_to": window.to}


def _check_positions(body: "NewConsignment | ConsignmentChange") -> None:
    """Refuse positions out of range, swapped, or of one co-ordinate alone."""
    named = [(side, getattr(body, side)) for side in ("consignor", "consignee")]
    faults = [
        fault
        for side, party in named
        if party is not None
        for fault in locating.faults(party, party.division_code, prefix=f"{side}.")
    ]
    if faults:
        raise Invalid(_l("Please check what you sent."), faults)


class ConsignmentChange(Shape):
    """What of a consignment is to change; what is left out stays."""

    consignor: PartyChange = _LEFT_OUT
    consignee: PartyChange = _LEFT_OUT
    window: Window | None = None
    note: fields.Note | None = None

    def columns(self) -> dict[str, Any]:
        """Return the columns that were named, with their new values.

        Raises Invalid for a position that cannot be.
        """
        _check_positions(self)
        changes: dict[str, Any] = {}
        for side in ("consignor", "consignee"):
            if side in self.model_fields_set:
                changes |= getattr(self, side).columns(side)
        if "window" in self.model_fields_set:
            changes |= window_columns(self.window)
        if "note" in self.model_fields_set:
            changes["note"] = self.note or None
        return changes


class Cancellation(Shape):
    """Why a consignment is not to be carried."""

    reason: Reason | None = None
    note: fields.Note | None = None


class Place(Shape):
    """Where something happened."""

    text: fields.Words | None = None
    division_code: fields.Division | None = None
    lat: Latitude | None = None
    lon: Longitude | None = None


class EventShape(Shape):
    """Something that happened to a consignment, or is planned or estimated."""

    code: Code
    occurred_at: Moment | None = None
    place: Place | None = None
    reason: Reason | None = None
    note: fields.Note | None = None
    classifier: Literal["actual", "planned", "estimated"] = "actual"
    source_event_id: fields.Name | None = None
    published: fields.Yes = True
    piece: fields.Sscc | None = None

    def event(self, source: str, now: datetime | None = None) -> tracking.NewEvent:
        """Return it as the services know it, coming in through ``source`` (at ``now``)."""
        place = self.place or _NOWHERE
        return tracking.NewEvent(
            code=str(self.code),
            occurred_at=fields.utc(self.occurred_at) if self.occurred_at else now or clock.now(),
            offset_min=_offset_min(self.occurred_at),
            place=place.text,
            division_code=place.division_code,
            lat=place.lat,
            lon=place.lon,
            reason=None if self.reason is None else str(self.reason),
            note=self.note or None,
            classifier=self.classifier,
            source=source,
            source_event_id=self.source_event_id,
            published=self.published,
            sscc=self.piece,
        )


_NOWHERE = Place()


def _offset_min(moment: datetime | None) -> int | None:
    offset = moment.utcoffset() if moment else None
    return None if offset is None else round(offset.total_seconds() / 60)


class BatchEvent(EventShape):
    """An event of a batch: it says which consignment it is about."""

    no: fields.Reference


class Batch(Shape):
    """Up to a thousand events; each is checked and answered for itself."""

    events: list[Any] = Field(min_length=1, max_length=MAX_EVENTS)


class Retraction(Shape):
    """Why an event is withdrawn."""

    reason: fields.Note | None = None
