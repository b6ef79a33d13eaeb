"""What is estimated of a consignment whenever something happens to it.

On the hot path: nothing is read and nothing is asked; the history is in memory and is renewed
beside (``workers.estimates``). Until it has been read, distance and service answer.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from operator import attrgetter
from types import MappingProxyType
from typing import Any, NamedTuple

from portal.consignments.rules import estimates
from portal.consignments.rules.durations import History, Stage
from portal.consignments.rules.estimates import CARRIER, STAGES, WAITS, Estimate, Known, Way
from portal.consignments.rules.lessons import kind_of
from portal.consignments.rules.told import Told
from portal.consignments.rules.vocabulary import BESIDE, RETRACTION, Status
from portal.core import clock
from portal.places.rules import distance_m

#: What must be known of a consignment.
NEEDED = (
    "service",
    "mode",
    "consignor_country",
    "consignor_city",
    "consignor_lat",
    "consignor_lon",
    "consignee_country",
    "consignee_city",
    "consignee_lat",
    "consignee_lon",
    "ordered_at",
    "pickup_actual",
    "arrived_at",
    "out_at",
    "delivery_planned",
    "delivery_estimated",
    "estimate_basis",
    "first_estimated",
    "window_from",
    "window_to",
)
#: Of a new consignment nothing is expected yet.
UNKNOWN: Mapping[str, Any] = MappingProxyType(
    dict.fromkeys(
        (
            "pickup_actual",
            "arrived_at",
            "out_at",
            "delivery_estimated_from",
            "delivery_estimated",
            "delivery_estimated_to",
            "estimate_basis",
            "first_estimated_from",
            "first_estimated",
            "first_estimated_to",
        )
    )
)
#: Set with what is estimated anew without an event: what one had said before has no place to go.
ANEW: Mapping[str, Any] = MappingProxyType({"event_estimate": None})
_needed = attrgetter(*NEEDED)
_UNSAID: Mapping[str, Any] = MappingProxyType(
    {"estimated_from": None, "estimated_at": None, "estimated_to": None}
)
_NOTHING: Mapping[str, Any] = MappingProxyType(
    {
        "delivery_estimated_from": None,
        "delivery_estimated": None,
        "delivery_estimated_to": None,
        "estimate_basis": None,
    }
)
_NO_PICKUP = ("pickup_estimated_from", "pickup_estimated", "pickup_estimated_to")
_FIRST = frozenset({"first_estimated_from", "first_estimated", "first_estimated_to"})
#: Once delivered, what an event has said last stays, so that it can be compared.
_ARRIVED = frozenset({str(Status.DELIVERED), str(Status.CLOSED)})
_BEGAN = {Status.DEST_CITY: "arrived_at", Status.OUT_FOR_DELIVERY: "out_at"}


class Estimated(NamedTuple):
    """Columns to set of the consignment, and of the tracking event that it follows from."""

    columns: dict[str, Any]
    event: Mapping[str, Any]


class _Memory:
    """The history as this process knows it."""

    history = History()


def remember(history: History) -> None:
    """Estimate from ``history`` from now on."""
    _Memory.history = history


def columns_for(head: Any, new: Any, after: Mapping[str, Any]) -> Estimated:
    """Return what the event ``new``, which changes ``after`` of ``head``, lets us expect.

    The event's columns are always all of them; of the consignment those that are to be set.
    """
    columns = _began(new, after)
    status = after["status"]
    if status in _ARRIVED:
        return Estimated({**columns, **_by_event(head)}, _UNSAID)
    if "delivery_estimated" in after and after["delivery_estimated"] is not None:
        return _as_told(columns, after["delivery_estimated"])
    is_carriers = _is_carriers(head.delivery_estimated, head.estimate_basis)
    if is_carriers and not _overrules(new) and "delivery_estimated" not in after:
        return Estimated(columns, _UNSAID)
    row = dict(zip(NEEDED, _needed(head), strict=True))
    return _estimated({**row, **after, **columns}, columns)


def first_for(row: Mapping[str, Any]) -> Estimated:
    """Return what is expected of a new consignment, or one whose order was amended."""
    if row["status"] in _ARRIVED or _is_carriers(row["delivery_estimated"], row["estimate_basis"]):
        return Estimated({}, _UNSAID)
    return _estimated(row, {})


def again_for(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is expected of a consignment now that what was expected has passed.

    The first estimate with the goods is an event's and is left alone.
    """
    nothing: dict[str, Any] = dict(_NOTHING)
    if row["pickup_actual"] is None:
        nothing |= dict.fromkeys(_NO_PICKUP)
    found = _estimated({**row, **_NOTHING}, {}).columns
    return {**nothing, **{name: at for name, at in found.items() if name not in _FIRST}}


def _by_event(head: Any) -> Mapping[str, Any]:
    """Return what the last event had estimated, if time has made another estimate since."""
    told = Told.read(head.event_estimate)
    return told.columns() if told is not None and told.seq == head.status_seq else {}


def _began(new: Any, after: Mapping[str, Any]) -> dict[str, Any]:
    """Return when the stage began that this event begins; a fold has said it already."""
    name = _BEGAN.get(new.code)
    if name is None or new.classifier != "actual" or after["status"] != new.code or name in after:
        return {}
    return {name: new.occurred_at}


def _as_told(columns: dict[str, Any], at: datetime) -> Estimated:
    """Return the estimate of whoever carries it: an instant, without a range of ours."""
    told = {**columns, **_NOTHING, "delivery_estimated": at, "estimate_basis": CARRIER}
    return Estimated(told, {**_UNSAID, "estimated_at": at})


def _is_carriers(at: datetime | None, basis: str | None) -> bool:
    return at is not None and basis in (None, CARRIER)


def _overrules(new: Any) -> bool:
    """Return whether an event ends what the carrier has estimated: something happened."""
    return new.classifier == "actual" and (new.code not in BESIDE or new.code == RETRACTION)


def _estimated(row: Mapping[str, Any], columns: dict[str, Any]) -> Estimated:
    status, history = row["status"], _Memory.history
    stage = STAGES.get(status)
    way, now = _way(row), clock.now().timestamp()
    if stage in WAITS:
        columns |= _pickup(row, way, now, history)
    found = estimates.estimate(way, _known(row, now), history, clock.zone())
    if found is None:
        unchanged = row["delivery_estimated"] is None or (
            stage and row["estimate_basis"] == CARRIER
        )
        return Estimated(columns if unchanged else {**columns, **_NOTHING}, _UNSAID)
    opens, closes = _seconds(row["window_from"]), _seconds(row["window_to"])
    early, at, late = map(_instant, estimates.in_window(found, opens, closes)[:3])
    columns |= {
        "delivery_estimated_from": early,
        "delivery_estimated": at,
        "delivery_estimated_to": late,
        "estimate_basis": found.basis,
    }
    if stage is Stage.PICKED_UP and row["first_estimated"] is None:
        columns |= {
            "first_estimated_from": early,
            "first_estimated": at,
            "first_estimated_to": late,
        }
    return Estimated(columns, {"estimated_from": early, "estimated_at": at, "estimated_to": late})


def _pickup(
    row: Mapping[str, Any], way: Way, now: float, history: History
) -> dict[str, datetime | None]:
    found: Estimate | None = estimates.pickup(way, row["ordered_at"].timestamp(), now, history)
    if found is None:
        return {}
    early, at, late = map(_instant, found[:3])
    return {
        "pickup_estimated_from": early,
        "pickup_estimated": at,
        "pickup_estimated_to": late,
    }


def _known(row: Mapping[str, Any], now: float) -> Known:
    return Known(
        row["status"],
        now,
        _seconds(row["delivery_planned"]),
        _seconds(row["ordered_at"]),
        _seconds(row["pickup_actual"]),
        _seconds(row["arrived_at"]),
        _seconds(row["out_at"]),
    )


def _seconds(at: datetime | None) -> float | None:
    return None if at is None else at.timestamp()


def _instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(round(seconds), UTC)


def _way(row: Mapping[str, Any]) -> Way:
    ends = (
        row["consignor_lat"],
        row["consignor_lon"],
        row["consignee_lat"],
        row["consignee_lon"],
    )
    return Way(kind_of(row), row["consignee_country"], partial(_kilometres, *ends))


def _kilometres(*ends: float | None) -> float | None:
    """Return the distance; asked only where the history is thin."""
    a_lat, a_lon, b_lat, b_lon = ends
    if a_lat is None or a_lon is None or b_lat is None or b_lon is None:
        return None
    return distance_m(a_lat, a_lon, b_lat, b_lon) / 1000
