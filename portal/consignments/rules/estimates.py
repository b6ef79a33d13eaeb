"""When a delivery is expected: from our own history, else from distance and service.

Of the kinds of way that a consignment belongs to (its lane, its countries, its service) the
narrowest is asked that has enough history. Where none has, a model of rounds and nights on the
road answers, if both places are known. Where that cannot be said either, the plan stands and
there is no estimate. Instants are seconds since 1970. Source of the model: docs/promise.md.
"""

from collections.abc import Callable
from functools import lru_cache
from math import ceil
from typing import NamedTuple
from zoneinfo import ZoneInfo

from portal.consignments.rules.durations import (
    DAY,
    HOUR,
    History,
    Kind,
    Spread,
    Stage,
    anchor,
    days_later,
    midnight,
)
from portal.consignments.rules.promise import Service, is_abroad
from portal.consignments.rules.vocabulary import Status

#: From which state on what is still to come is measured; the others are not estimated.
STAGES: dict[str, Stage] = {
    Status.ORDERED: Stage.ORDERED,
    Status.PICKUP_ASSIGNED: Stage.ORDERED,
    Status.PICKUP_FAILED: Stage.ORDERED,
    Status.PICKED_UP: Stage.PICKED_UP,
    Status.HUB_ARRIVED: Stage.PICKED_UP,
    Status.HUB_DEPARTED: Stage.PICKED_UP,
    Status.IN_TRANSIT: Stage.PICKED_UP,
    Status.REDIRECTED: Stage.PICKED_UP,
    Status.DEST_CITY: Stage.ARRIVED,
    Status.OUT_FOR_DELIVERY: Stage.OUT,
}
WAITS = frozenset({Stage.ORDERED})  # the goods are not with us yet
#: The plan says more than the order where a window was asked for.
_PLANNED = frozenset({Stage.ORDERED, Stage.PICKED_UP})

#: Kilometres that goods travel in a night, by service, and days they may wait on the way.
KM_A_NIGHT = {Service.EXPRESS: 2500, Service.COLD: 1200, Service.STANDARD: 900}
DAYS_OF_SLACK = {Service.EXPRESS: 0, Service.COLD: 0, Service.STANDARD: 1}
DAYS_ABROAD, SLACK_ABROAD = 5, 4  # for customs and the hand-over to a partner
KM_A_DAY_AT_SEA = 600
NEAR_KM = 60  # delivered from the same hub, without a night on the road
OPENS, CLOSES = 9, 18  # o'clock: when rounds deliver
_MIDDLE = 14
_ROUND = 3 * HOUR  # what a round takes that is still out in the evening


class Way(NamedTuple):
    """From where to where, and how; ``distance_km`` answers None where a place is not known."""

    kind: Kind
    to_country: str | None
    distance_km: Callable[[], float | None]


class Known(NamedTuple):
    """What is known when the estimate is made; instants may be missing."""

    status: str
    as_of: float
    planned: float | None
    ordered: float | None
    picked_up: float | None
    arrived: float | None
    out: float | None

    def began(self, stage: Stage) -> float | None:
        """Return when a stage began."""
        if stage is Stage.ORDERED:
            return self.ordered
        if stage is Stage.PICKED_UP:
            return self.picked_up
        if stage is Stage.ARRIVED:
            return self.arrived
        return self.out if stage is Stage.OUT else self.planned


class Estimate(NamedTuple):
    """When it is expected: ``early`` to ``late``, most likely ``at``; and where that is from."""

    early: float
    at: float
    late: float
    basis: str


class Basis(NamedTuple):
    """What an estimate was made from: ``lane``, ``country``, ``countries``, ``service`` …

    ``number`` counts deliveries, or kilometres for ``distance``; None: not said.
    """

    name: str
    number: int | None

    @classmethod
    def read(cls, text: str | None) -> "Basis | None":
        """Return the basis that a consignment keeps as ``text``."""
        name, _, number = (text or "").partition(":")
        return cls(name, int(number) if number else None) if name else None


CARRIER = "carrier"  # said by whoever carries it


def estimate(way: Way, known: Known, history: History, zone: ZoneInfo) -> Estimate | None:
    """Return when delivery is expected; None where nothing better than the plan is known."""
    stage = STAGES.get(known.status)
    if stage is not None and (found := _from_history(way.kind, stage, known, history, zone)):
        return found
    if stage is None and known.status != Status.DELIVERY_FAILED:
        return None
    kilometres = way.distance_km()
    return None if kilometres is None else _from_distance(way, stage, known, kilometres, zone)


def in_window(found: Estimate, opens: float | None, closes: float | None) -> Estimate:
    """Return the estimate where goods are taken in from ``opens`` until ``closes`` alone."""
    if opens is None or found.early >= opens:
        return found
    if found.at >= opens:
        return found._replace(early=opens)
    late = max(found.late, closes or opens)
    return Estimate(opens, opens + (late - opens) / 2, late, found.basis)


def pickup(way: Way, ordered: float, as_of: float, history: History) -> Estimate | None:
    """Return when pick-up is expected, from how long it took after other orders."""
    for name, kind in _kinds(way.kind):
        histogram = history.of(kind, Stage.PICKUP)
        if histogram and (spread := histogram.spread(as_of - ordered)):
            return _made(ordered, spread, name)
    return None


def _from_history(
    kind: Kind, stage: Stage, known: Known, history: History, zone: ZoneInfo
) -> Estimate | None:
    began = [(each, known.began(each)) for each in _stages(stage)]
    since = [(each, anchor(each, at, zone)) for each, at in began if at is not None]
    for name, each_kind in _kinds(kind):
        best: Estimate | None = None
        for each, start in since:
            histogram = history.of(each_kind, each)
            spread = histogram.spread(known.as_of - start) if histogram else None
            if spread and (best is None or spread.late - spread.early < best.late - best.early):
                best = _made(start, spread, name)
        if best is not None:
            return best
    return None


def _stages(stage: Stage) -> tuple[Stage, ...]:
    """Return from which instants on to measure: of two that say something the narrower counts."""
    return (stage, Stage.PLAN) if stage in _PLANNED else (stage,)


@lru_cache(maxsize=8192)
def _kinds(kind: Kind) -> tuple[tuple[str, Kind], ...]:
    name = "country" if kind.is_domestic() else "countries"
    wide = ((name, kind.countries()), ("service", kind.everywhere()))
    return (("lane", kind), *wide) if kind.has_cities() else wide


def _made(start: float, spread: Spread, name: str) -> Estimate:
    early, usual, late, count = spread
    return Estimate(start + early, start + usual, start + late, f"{name}:{count}")


def _from_distance(
    way: Way, stage: Stage | None, known: Known, kilometres: float, zone: ZoneInfo
) -> Estimate:
    """Return what rounds by day and lorries by night make of a distance."""
    if stage in (Stage.ORDERED, Stage.PICKED_UP):
        began = known.began(stage) or known.ordered or known.as_of
        first, last = _days(way, kilometres)
    elif stage is None:
        began, first, last = known.as_of, 1, 1  # tried again on the next day
    else:
        began = known.as_of
        noon = midnight(began, zone) + DAY / 2
        first = last = 0 if stage is Stage.OUT or began < noon else 1
    return _in_rounds(
        midnight(began, zone), (first, last), known.as_of, f"distance:{kilometres:.0f}", zone
    )


def _days(way: Way, kilometres: float) -> tuple[int, int]:
    """Return on which days after it began it comes, at the earliest and at the latest."""
    service = Service(way.kind.service)
    nights = 0 if kilometres < NEAR_KM else ceil(kilometres / KM_A_NIGHT[service])
    if way.kind.mode.casefold() == "ocean":
        nights = ceil(kilometres / KM_A_DAY_AT_SEA)
    if is_abroad(way.to_country):
        return nights + DAYS_ABROAD, nights + DAYS_ABROAD + SLACK_ABROAD
    return nights, max(nights, 1) + DAYS_OF_SLACK[service]


def _in_rounds(
    day: float, days: tuple[int, int], as_of: float, basis: str, zone: ZoneInfo
) -> Estimate:
    """Return the hours of rounds on those days, or of the next one once they have passed."""
    first, last = days
    late = days_later(day, last, zone, hour=CLOSES)
    if late <= as_of:
        today = midnight(as_of, zone)
        evening = days_later(today, 0, zone, hour=CLOSES)
        if as_of < evening + _ROUND:  # the last round may still be out
            return Estimate(as_of, as_of + _ROUND / 2, max(evening, as_of) + _ROUND, basis)
        return _in_rounds(today, (1, 1), as_of, basis, zone)
    early = max(days_later(day, first, zone, hour=OPENS), as_of)
    middle = days_later(day, (first + last) // 2, zone, hour=_MIDDLE)
    return Estimate(early, middle if early < middle < late else (early + late) / 2, late, basis)
