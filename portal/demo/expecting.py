"""Estimates of the demo, made in the order of time: each from what was delivered before it.

Bulk loading says of a consignment what ``consignments.service.estimates`` would have said, and
never knows more than was known then: deliveries teach only once their day has come.
"""

from collections import Counter
from collections.abc import Mapping
from functools import partial
from heapq import heappop, heappush
from itertools import count
from typing import Any

from sqlalchemy import Connection

from portal.consignments.rules import estimates
from portal.consignments.rules.durations import History, Kind, Stage
from portal.consignments.rules.estimates import CARRIER, STAGES, WAITS, Estimate, Known, Way
from portal.consignments.rules.lessons import COLUMNS, Lesson, kind_of
from portal.consignments.rules.vocabulary import BESIDE, RETRACTION, Status
from portal.consignments.service import learning
from portal.core import clock
from portal.demo.happenings import DAY
from portal.places.rules import distance_m

ESTIMATED_DAYS = 100  # a little more than what the accuracy is published of
MOST_ESTIMATED = 30_000  # consignments; a large demo is not to take longer for them
LEARN_EVERY = 5 * DAY  # the real centre learns within minutes; here a load would wait for it
WRITTEN_AT = 20_000  # counters held in memory
_UNSAID = {"estimated_from": None, "estimated_at": None, "estimated_to": None}
_UNKNOWN: dict[str, Any] = {
    "pickup_estimated_from": None,
    "pickup_estimated": None,
    "pickup_estimated_to": None,
    "delivery_estimated_from": None,
    "delivery_estimated": None,
    "delivery_estimated_to": None,
    "estimate_basis": None,
    "first_estimated_from": None,
    "first_estimated": None,
    "first_estimated_to": None,
}
_ARRIVED = (Status.DELIVERED, Status.CLOSED)
_Durations = Counter[tuple[Kind, str, int]]


class Forecaster:
    """What the demo's centre knows at a time, and what it says then."""

    def __init__(self) -> None:
        self.since = 0  # orders from here on are estimated
        self.waiting: list[tuple[float, int, Lesson]] = []
        self.number = count()
        self.tally = learning.Tally()
        self.known: _Durations | None = Counter()
        self.history = History()
        self.learnt = 0

    def forecast(self, trip: Any, row: Mapping[str, Any]) -> "Forecast | None":
        """Return who speaks of a consignment; None for what was ordered too long ago.

        None as well for what was ordered before the last that was learnt: it would know better
        than anybody did.
        """
        if trip.ordered < max(self.since, self.learnt):
            self._settle(trip.ordered)
            return None
        if trip.ordered >= self.learnt + LEARN_EVERY:
            self.learn(trip.ordered)
        return Forecast(self, trip, row)

    def teach(self, row: Mapping[str, Any]) -> None:
        """Take in what a consignment teaches, once its delivery has come."""
        if row["delivery_actual"] is not None:
            lesson = Lesson.made(row, [row[name] for name in COLUMNS])
            heappush(self.waiting, (lesson.delivered, next(self.number), lesson))

    def learn(self, until: float) -> None:
        """Learn from everything delivered before ``until``."""
        self.learnt = int(until)
        self._know()
        zone = clock.zone()
        while self.waiting and self.waiting[0][0] < until:
            lesson = heappop(self.waiting)[2]
            self.tally.weigh(lesson, 1)
            for *kind, stage, _month, bucket in lesson.durations(zone):
                self.history.add(Kind(*kind), stage, bucket)

    def _know(self) -> None:
        """Make a history of what was only counted so far."""
        for (kind, stage, bucket), number in (self.known or {}).items():
            self.history.add(kind, stage, bucket, number)
        self.known = None

    def _settle(self, until: float) -> None:
        """Count what was delivered before ``until``, while nothing is estimated yet."""
        if self.known is None:
            return
        while self.waiting and self.waiting[0][0] < until:
            self.tally.weigh(heappop(self.waiting)[2], 1)

    def write(self, on: Connection, *, all_of_it: bool = False) -> None:
        """Add what was counted to the counters; ``all_of_it``: of the last deliveries too."""
        if all_of_it:
            while self.waiting:
                self.tally.weigh(heappop(self.waiting)[2], 1)
        if not all_of_it and len(self.tally.durations) < WRITTEN_AT:
            return
        if self.known is not None:
            for (*kind, stage, _month, bucket), number in self.tally.durations.items():
                self.known[Kind(*kind), stage, bucket] += number
        self.tally.write(on)
        self.tally = learning.Tally()


class Forecast:
    """What was said of one consignment, event by event."""

    def __init__(self, forecaster: Forecaster, trip: Any, row: Mapping[str, Any]) -> None:
        self.history, self.trip = forecaster.history, trip
        ends = trip.origin.lat, trip.origin.lon, trip.dest.lat, trip.dest.lon
        self.way = Way(kind_of(row), trip.dest.country, partial(_kilometres, *ends))
        self.planned: float = row["delivery_planned"]
        self.columns = dict(_UNKNOWN)

    def after(self, told: Any, happening: Any) -> dict[str, Any]:
        """Return the estimate that an event keeps, made when ``told`` had been recorded."""
        status, times = told.status, told.times
        if status in _ARRIVED:
            return _UNSAID
        if happening.classifier == "estimated" and happening.code == Status.DELIVERED:
            self._say(None, happening.at, None, CARRIER)
            return {**_UNSAID, "estimated_at": happening.at}
        if self.columns["estimate_basis"] == CARRIER and not _overrules(happening):
            return _UNSAID
        now = happening.at + happening.lag
        planned = times.get("delivery_planned") or self.planned
        known = Known(
            status,
            now,
            planned,
            self.trip.ordered,
            times.get("pickup_actual"),
            times.get("arrived_at"),
            times.get("out_at"),
        )
        stage = STAGES.get(status)
        if stage in WAITS:
            self._say_pickup(now)
        return self._said(estimates.estimate(self.way, known, self.history, clock.zone()), stage)

    def _said(self, found: Estimate | None, stage: Stage | None) -> dict[str, Any]:
        if found is None:
            if stage is None or self.columns["estimate_basis"] != CARRIER:
                self._say(None, None, None, None)
            return _UNSAID
        early, at, late = (round(each) for each in found[:3])
        self._say(early, at, late, found.basis)
        if stage is Stage.PICKED_UP and self.columns["first_estimated"] is None:
            self.columns.update(
                first_estimated_from=early, first_estimated=at, first_estimated_to=late
            )
        return {"estimated_from": early, "estimated_at": at, "estimated_to": late}

    def _say(self, early: int | None, at: int | None, late: int | None, basis: str | None) -> None:
        self.columns["delivery_estimated_from"] = early
        self.columns["delivery_estimated"] = at
        self.columns["delivery_estimated_to"] = late
        self.columns["estimate_basis"] = basis

    def _say_pickup(self, now: int) -> None:
        found = estimates.pickup(self.way, self.trip.ordered, now, self.history)
        if found is not None:
            early, at, late = (round(each) for each in found[:3])
            self.columns.update(
                pickup_estimated_from=early, pickup_estimated=at, pickup_estimated_to=late
            )


def _overrules(happening: Any) -> bool:
    beside = happening.code in BESIDE and happening.code != RETRACTION
    return happening.classifier == "actual" and not beside


def _kilometres(*ends: float) -> float:
    a_lat, a_lon, b_lat, b_lon = ends
    return distance_m(a_lat, a_lon, b_lat, b_lon) / 1000


UNSAID: Mapping[str, Any] = _UNSAID
UNKNOWN: Mapping[str, Any] = _UNKNOWN
