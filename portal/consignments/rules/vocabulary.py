"""The vocabulary of tracking: one table for pages, API, EDI and EPCIS alike.

Source of the foreign codes: UN/CEFACT Recommendation 24, ASC X12 AT7 (element 1650), GS1 CBV 2.0.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.core.i18n import by_language
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


_TEXT = {
    Status.DRAFT: _l("Draft"),
    Status.ORDERED: _l("Ordered"),
    Status.PICKUP_ASSIGNED: _l("Pick-up assigned"),
    Status.PICKUP_FAILED: _l("Pick-up failed"),
    Status.PICKED_UP: _l("Picked up"),
    Status.HUB_ARRIVED: _l("At hub"),
    Status.HUB_DEPARTED: _l("Left hub"),
    Status.IN_TRANSIT: _l("In transit"),
    Status.REDIRECTED: _l("Redirected"),
    Status.DEST_CITY: _l("In destination city"),
    Status.OUT_FOR_DELIVERY: _l("Out for delivery"),
    Status.DELIVERY_FAILED: _l("Delivery failed"),
    Status.REFUSED: _l("Refused"),
    Status.AT_PICKUP_POINT: _l("At pick-up point"),
    Status.LOST: _l("Lost"),
    Status.FOUND: _l("Found"),
    Status.DELIVERED: _l("Delivered"),
    Status.RETURNING: _l("Returning"),
    Status.RETURNED: _l("Returned"),
    Status.CANCELLED: _l("Cancelled"),
    Status.CLOSED: _l("Closed"),
}
#: code, big step, CBV bizStep and disposition, UN Rec 24, X12 AT7; a dash: no word for it.
_CODES = """
draft             ordered     -             -            -   -
ordered           ordered     -             -            6   XB
pickup_assigned   ordered     -             -            64  AA
pickup_failed     exception   -             -            53  -
picked_up         picked_up   accepting     in_progress  13  AF
hub_arrived       in_transit  arriving      in_progress  1   X4
hub_departed      in_transit  departing     in_transit   24  P1
in_transit        in_transit  transporting  in_transit   31  X6
redirected        in_transit  -             -            75  AI
dest_city         in_transit  arriving      in_transit   1   X4
out_for_delivery  delivering  departing     in_transit   35  AJ
delivery_failed   exception   -             -            23  AH
refused           exception   -             -            77  A7
at_pickup_point   delivering  arriving      available    45  AV
lost              exception   -             unknown      49  -
found             exception   -             unknown      37  -
delivered         delivered   accepting     in_progress  21  D1
returning         exception   shipping      returned     80  A3
returned          exception   receiving     returned     82  A3
cancelled         cancelled   void_shipping -            7   CA
closed            delivered   -             -            -   -
"""


def _word(line: str) -> Word:
    code, step, *foreign = line.split()
    status = Status(code)
    return Word(status, _TEXT[status], BigStep(step), *(None if c == "-" else c for c in foreign))


VOCABULARY = {word.code: word for word in map(_word, _CODES.strip().splitlines())}
RANK = {str(code): rank for rank, code in enumerate(Status)} | {
    code: len(Status) + rank for rank, code in enumerate(BESIDE)
}
_BESIDE_TEXT = {
    NOTE: _l("Note"),
    RETRACTION: _l("Withdrawn"),
    INCIDENT: _l("Incident reported"),
    INCIDENT_RESOLVED: _l("Incident resolved"),
}


@by_language
def text(code: str) -> str:
    """Return the localized name of a status or of an event beside the state."""
    if code in _BESIDE_TEXT:
        return str(_BESIDE_TEXT[code])
    return str(VOCABULARY[Status(code)].text)


def big_step(code: str) -> BigStep:
    """Return the big step to which a status belongs."""
    return VOCABULARY[Status(code)].big_step


@by_language
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
