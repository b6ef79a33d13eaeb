"""The vocabulary of tracking: one table for pages, API, EDI and EPCIS alike.

Source of the foreign codes: UN/CEFACT Recommendation 24, ASC X12 AT7 (element 1650), GS1 CBV 2.0.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.core.i18n import lazy as _l


class Status(StrEnum):
    """Where a consignment stands; the value is the code used everywhere."""

    DRAFT = "draft"
    ORDERED = "ordered"
    PICKUP_ASSIGNED = "pickup_assigned"
    PICKUP_FAILED = "pickup_failed"
    PICKED_UP = "picked_up"
    HUB_ARRIVED = "hub_arrived"
    HUB_DEPARTED = "hub_departed"
    IN_TRANSIT = "in_transit"
    REDIRECTED = "redirected"
    DEST_CITY = "dest_city"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERY_FAILED = "delivery_failed"
    REFUSED = "refused"
    AT_PICKUP_POINT = "at_pickup_point"
    LOST = "lost"
    FOUND = "found"
    DELIVERED = "delivered"
    RETURNING = "returning"
    RETURNED = "returned"
    CANCELLED = "cancelled"
    CLOSED = "closed"


#: Codes of events that are recorded beside the state and never change it.
NOTE, RETRACTION = "note", "retraction"
INCIDENT, INCIDENT_RESOLVED = "incident", "incident_resolved"
BESIDE = (NOTE, INCIDENT, INCIDENT_RESOLVED, RETRACTION)


class BigStep(StrEnum):
    """The five steps a customer thinks in, and the two ways out of them."""

    ORDERED = "ordered"
    PICKED_UP = "picked_up"
    IN_TRANSIT = "in_transit"
    DELIVERING = "delivering"
    DELIVERED = "delivered"
    EXCEPTION = "exception"
    CANCELLED = "cancelled"


BIG_STEP_TEXT = {
    BigStep.ORDERED: _l("Ordered"),
    BigStep.PICKED_UP: _l("Picked up"),
    BigStep.IN_TRANSIT: _l("In transit"),
    BigStep.DELIVERING: _l("Out for delivery"),
    BigStep.DELIVERED: _l("Delivered"),
    BigStep.EXCEPTION: _l("Exception"),
    BigStep.CANCELLED: _l("Cancelled"),
}
MAIN_STEPS = tuple(BigStep)[:5]


@dataclass(frozen=True)
class Word:
    """One status in every vocabulary; None where a vocabulary has no word for it."""

    code: Status
    text: Any  # localized name
    big_step: BigStep
    biz_step: str | None  # GS1 CBV
    disposition: str | None  # GS1 CBV
    un_rec24: str | None
    x12: str | None


def _table() -> tuple[Word, ...]:
    s, b = Status, BigStep
    return (
        Word(s.DRAFT, _l("Draft"), b.ORDERED, None, None, None, None),
        Word(s.ORDERED, _l("Ordered"), b.ORDERED, None, None, "6", "XB"),
        Word(s.PICKUP_ASSIGNED, _l("Pick-up assigned"), b.ORDERED, None, None, "64", "AA"),
        Word(s.PICKUP_FAILED, _l("Pick-up failed"), b.EXCEPTION, None, None, "53", None),
        Word(s.PICKED_UP, _l("Picked up"), b.PICKED_UP, "accepting", "in_progress", "13", "AF"),
        Word(s.HUB_ARRIVED, _l("At hub"), b.IN_TRANSIT, "arriving", "in_progress", "1", "X4"),
        Word(s.HUB_DEPARTED, _l("Left hub"), b.IN_TRANSIT, "departing", "in_transit", "24", "P1"),
        Word(
            s.IN_TRANSIT, _l("In transit"), b.IN_TRANSIT, "transporting", "in_transit", "31", "X6"
        ),
        Word(s.REDIRECTED, _l("Redirected"), b.IN_TRANSIT, None, None, "75", "AI"),
        Word(
            s.DEST_CITY,
            _l("In destination city"),
            b.IN_TRANSIT,
            "arriving",
            "in_transit",
            "1",
            "X4",
        ),
        Word(
            s.OUT_FOR_DELIVERY,
            _l("Out for delivery"),
            b.DELIVERING,
            "departing",
            "in_transit",
            "35",
            "AJ",
        ),
        Word(s.DELIVERY_FAILED, _l("Delivery failed"), b.EXCEPTION, None, None, "23", "AH"),
        Word(s.REFUSED, _l("Refused"), b.EXCEPTION, None, None, "77", "A7"),
        Word(
            s.AT_PICKUP_POINT,
            _l("At pick-up point"),
            b.DELIVERING,
            "arriving",
            "available",
            "45",
            "AV",
        ),
        Word(s.LOST, _l("Lost"), b.EXCEPTION, None, "unknown", "49", None),
        Word(s.FOUND, _l("Found"), b.EXCEPTION, None, "unknown", "37", None),
        Word(s.DELIVERED, _l("Delivered"), b.DELIVERED, "accepting", "in_progress", "21", "D1"),
        Word(s.RETURNING, _l("Returning"), b.EXCEPTION, "shipping", "returned", "80", "A3"),
        Word(s.RETURNED, _l("Returned"), b.EXCEPTION, "receiving", "returned", "82", "A3"),
        Word(s.CANCELLED, _l("Cancelled"), b.CANCELLED, "void_shipping", None, "7", "CA"),
        Word(s.CLOSED, _l("Closed"), b.DELIVERED, None, None, None, None),
    )


VOCABULARY = {word.code: word for word in _table()}
RANK = {str(code): rank for rank, code in enumerate(Status)} | {
    code: len(Status) + rank for rank, code in enumerate(BESIDE)
}
_BESIDE_TEXT = {
    NOTE: _l("Note"),
    RETRACTION: _l("Withdrawn"),
    INCIDENT: _l("Incident reported"),
    INCIDENT_RESOLVED: _l("Incident resolved"),
}


def text(code: str) -> str:
    """Return the localized name of a status or of an event beside the state."""
    if code in _BESIDE_TEXT:
        return str(_BESIDE_TEXT[code])
    return str(VOCABULARY[Status(code)].text)


def big_step(code: str) -> BigStep:
    """Return the big step to which a status belongs."""
    return VOCABULARY[Status(code)].big_step


def big_step_text(code: str) -> str:
    """Return the localized name of the big step of a status."""
    return str(BIG_STEP_TEXT[big_step(code)])


def statuses_of(step: str) -> tuple[Status, ...]:
    """Return the statuses that belong to a big step."""
    return tuple(word.code for word in VOCABULARY.values() if word.big_step == step)


#: Reason codes by who is at the root of it, each with its localized name.
REASONS: dict[str, dict[str, Any]] = {
    "carrier": {
        "damaged": _l("Damaged"),
        "late_arrival": _l("Arrived late"),
        "missorted": _l("Missorted"),
        "vehicle_breakdown": _l("Vehicle breakdown"),
        "capacity": _l("No capacity"),
        "delay": _l("Delay on the way"),
    },
    "consignee": {
        "absent": _l("Nobody there"),
        "wrong_address": _l("Wrong address"),
        "refused": _l("Consignee refused"),
        "closed": _l("Closed on arrival"),
        "asked_later": _l("Consignee asked for later"),
        "no_cash": _l("No cash at hand"),
    },
    "shipper": {
        "not_ready": _l("Goods not ready"),
        "wrong_label": _l("Wrong label"),
        "packing": _l("Packing insufficient"),
        "missing_paper": _l("Paper missing"),
        "shortage": _l("Pieces missing"),
        "shipper_asked": _l("Shipper asked for it"),
    },
    "other": {
        "customs": _l("Customs"),
        "weather": _l("Weather"),
        "force_majeure": _l("Force majeure"),
        "security": _l("Security"),
        "temperature": _l("Temperature out of range"),
        "unknown": _l("Unknown"),
    },
}
REASON_TEXT = {code: name for group in REASONS.values() for code, name in group.items()}
