"""What can happen to a consignment of the demo: a step with the place and reason that fit."""

from random import Random
from typing import NamedTuple

from portal.consignments.rules.vocabulary import Status
from portal.demo.places import Place

S = Status
MINUTE, HOUR, DAY = 60, 3600, 86400


class Trip(NamedTuple):
    """A way that goods go: instants in seconds since 1970, ``source`` of the order."""

    origin: Place
    sender: str  # district and street, without the house
    dest: Place
    receiver: str
    service: str
    ordered: int
    planned: int
    pieces: int
    source: str
    gateway: str | None  # through which it leaves the country


class Happening(NamedTuple):
    """An event before it is written; ``at`` in seconds since 1970, recorded ``lag`` later."""

    code: str
    at: int
    place: str | None
    source: str
    reason: str | None = None
    note: str | None = None
    classifier: str = "actual"
    published: bool = True
    lag: int = 0
    #: Which piece it is about, counted from 0; None: all.
    piece: int | None = None
    #: The seq of the event that it withdraws.
    retracts: int | None = None
    photo: bool = False


_SOURCES = {
    S.DRAFT: "manual",
    S.PICKUP_ASSIGNED: "manual",
    S.PICKUP_FAILED: "driver",
    S.PICKED_UP: "driver",
    S.HUB_ARRIVED: "scan",
    S.HUB_DEPARTED: "scan",
    S.IN_TRANSIT: "carrier",
    S.REDIRECTED: "manual",
    S.DEST_CITY: "scan",
    S.OUT_FOR_DELIVERY: "driver",
    S.DELIVERY_FAILED: "driver",
    S.REFUSED: "driver",
    S.AT_PICKUP_POINT: "scan",
    S.LOST: "manual",
    S.FOUND: "scan",
    S.DELIVERED: "driver",
    S.RETURNING: "manual",
    S.RETURNED: "scan",
    S.CANCELLED: "manual",
    S.CLOSED: "manual",
}
_REASONS: dict[str, tuple[str, ...]] = {
    S.PICKUP_FAILED: ("not_ready", "not_ready", "closed", "vehicle_breakdown"),
    S.DELIVERY_FAILED: ("absent", "absent", "absent", "closed", "asked_later", "wrong_address"),
    S.REFUSED: ("refused", "damaged", "refused"),
    S.LOST: ("missorted", "unknown"),
    S.RETURNING: ("refused", "wrong_address", "shipper_asked"),
    S.REDIRECTED: ("asked_later", "wrong_address"),
    S.CANCELLED: ("shipper_asked",),
}
_RECEIVERS = ("本人签收", "前台代收", "同事代收", "家人代收", "门卫代收", "仓库收货员签收")
_LINES = {
    "沿海": "G15 沈海高速 干线",
    "西": "G50 沪渝高速 干线",
    "南": "G60 沪昆高速 干线",
    "北": "G3 京台高速 干线",
}
_AT_DOOR = frozenset({S.DELIVERED, S.DELIVERY_FAILED, S.REFUSED})
_AT_SENDER = frozenset({S.PICKED_UP, S.PICKUP_FAILED})
_AT_HUB = frozenset({S.HUB_ARRIVED, S.HUB_DEPARTED, S.LOST, S.FOUND})


def step(rng: Random, trip: Trip, code: str, at: int, *, arrived: bool) -> Happening:
    """Return the event ``code`` at ``at``; ``arrived`` once the goods have left their origin."""
    reasons = _REASONS.get(code)
    return Happening(
        code,
        at,
        place_of(trip, code, arrived=arrived),
        trip.source if code == S.ORDERED else _SOURCES[Status(code)],
        rng.choice(reasons) if reasons else None,
        rng.choice(_RECEIVERS) if code == S.DELIVERED else None,
    )


def place_of(trip: Trip, code: str, *, arrived: bool) -> str | None:
    """Return the words for where a step happens."""
    if code in _AT_HUB:
        return (trip.dest if arrived else trip.origin).hub
    if code in _AT_SENDER:
        return f"{trip.origin.city} {trip.sender}"
    if code == S.IN_TRANSIT:
        return trip.gateway or f"{line_of(trip)} {trip.origin.city}–{trip.dest.city}"
    if code in _AT_DOOR:
        return f"{trip.dest.city} {trip.receiver}"
    if code == S.AT_PICKUP_POINT:
        return f"{trip.dest.city} {trip.receiver} 自提点"
    if code in (S.DEST_CITY, S.OUT_FOR_DELIVERY):
        return trip.dest.city
    return trip.origin.city


def line_of(trip: Trip) -> str:
    """Return the trunk line that leads from one city to the other."""
    north, east = trip.dest.lat - trip.origin.lat, trip.dest.lon - trip.origin.lon
    if abs(east) < 3.0:
        return _LINES["沿海"]
    if east < -4.0:
        return _LINES["西"] if north > -3.0 else _LINES["南"]
    return _LINES["北"] if north > 0 else _LINES["南"]


def source_of(code: str) -> str:
    """Return who usually reports a step."""
    return _SOURCES[Status(code)]


def reason_of(rng: Random, code: str) -> str | None:
    """Return a reason that fits a step, or None where it needs none."""
    reasons = _REASONS.get(code)
    return rng.choice(reasons) if reasons else None
