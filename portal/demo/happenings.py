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


_SOURCES: dict[str, str] = {
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
_RECEIVERS_ABROAD = ("Signed by the consignee", "Received at the dock", "Left at reception")
_AT_DOOR = frozenset({S.DELIVERED, S.DELIVERY_FAILED, S.REFUSED})
_AT_SENDER = frozenset({S.PICKED_UP, S.PICKUP_FAILED})
_AT_HUB = frozenset({S.HUB_ARRIVED, S.HUB_DEPARTED, S.LOST, S.FOUND})


def between(rng: Random, low: int, high: int) -> int:
    """Return a whole number from ``low`` to ``high``; several times as fast as ``randint``."""
    return low + int(rng.random() * (high - low + 1))


def step(rng: Random, trip: Trip, code: str, at: int, *, arrived: bool) -> Happening:
    """Return the event ``code`` at ``at``; ``arrived`` once the goods have left their origin."""
    reasons = _REASONS.get(code)
    return Happening(
        code,
        at,
        place_of(trip, code, arrived=arrived),
        trip.source if code == S.ORDERED else _SOURCES[code],
        rng.choice(reasons) if reasons else None,
        _receiver(rng, trip) if code == S.DELIVERED else None,
    )


def _receiver(rng: Random, trip: Trip) -> str:
    return rng.choice(_RECEIVERS if trip.dest.country == "CN" else _RECEIVERS_ABROAD)


def place_of(trip: Trip, code: str, *, arrived: bool) -> str | None:
    """Return the words for where a step happens."""
    if code in _AT_HUB:
        return (trip.dest if arrived else trip.origin).hub
    if code in _AT_SENDER:
        return f"{trip.origin.city} {trip.sender}"
    if code == S.IN_TRANSIT:
        return trip.gateway or f"{trip.origin.city}–{trip.dest.city} 干线"
    if code in _AT_DOOR:
        return f"{trip.dest.city} {trip.receiver}"
    if code == S.AT_PICKUP_POINT:
        return f"{trip.dest.city} {trip.receiver} 自提点"
    if code in (S.DEST_CITY, S.OUT_FOR_DELIVERY, S.CLOSED):
        return trip.dest.city
    return trip.origin.city


def source_of(code: str) -> str:
    """Return who usually reports a step."""
    return _SOURCES[code]


def reason_of(rng: Random, code: str) -> str | None:
    """Return a reason that fits a step, or None where it needs none."""
    reasons = _REASONS.get(code)
    return rng.choice(reasons) if reasons else None
