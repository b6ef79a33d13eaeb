"""How long deliveries took, counted: buckets of time, and what can be read from them.

Nothing here grows with the number of deliveries: a lane has as many buckets as there were
different lengths of time, and a quantile is found by bisection. Instants are seconds since 1970.
"""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple
from zoneinfo import ZoneInfo

from portal.consignments.rules import lanes

HOUR, DAY = 3600, 86400  # seconds
#: Shares of the deliveries that came until the ends of the range, and until the estimate.
EARLY, USUAL, LATE = 0.1, 0.5, 0.9
ENOUGH = 50  # deliveries that make a history; why: docs/promise.md
ENOUGH_LEFT = 5  # of them that took longer than it takes already


class Stage(StrEnum):
    """From when on a time is counted, until delivery (PICKUP: until pick-up)."""

    PICKUP = "pickup"  # the order
    PLAN = "plan"  # the planned delivery: negative when it comes earlier
    ORDERED = "ordered"
    PICKED_UP = "picked_up"
    ARRIVED = "arrived"  # in the city of the destination
    OUT = "out"  # for delivery


#: These are counted from the midnight before: goods ordered in the morning or in the evening
#: go out with the same round, and rounds have their hours.
_FROM_MIDNIGHT = frozenset({Stage.ORDERED, Stage.PICKED_UP, Stage.ARRIVED})


def anchor(stage: Stage, at: float, zone: ZoneInfo) -> float:
    """Return the instant from which a ``stage`` that began at ``at`` is counted."""
    return midnight(at, zone) if stage in _FROM_MIDNIGHT else at


def midnight(at: float, zone: ZoneInfo) -> float:
    """Return when the day of ``at`` began in ``zone``."""
    return _midnight(int(at // _QUARTER), zone)


_QUARTER = 900  # seconds; no time zone is shifted by less


@lru_cache(maxsize=16384)
def _midnight(quarter: int, zone: ZoneInfo) -> float:
    local = datetime.fromtimestamp(quarter * _QUARTER, UTC).astimezone(zone)
    return local.replace(hour=0, minute=0, second=0).timestamp()


def days_later(day: float, days: int, zone: ZoneInfo, *, hour: int) -> float:
    """Return ``hour`` o'clock on the day ``days`` after the one that begins at ``day``."""
    local = datetime.fromtimestamp(day, UTC).astimezone(zone) + timedelta(days=days)
    return local.replace(hour=hour, minute=0, second=0, microsecond=0).timestamp()


#: Widths of buckets and until when they hold, in seconds: fine for today, coarse for a year.
_WIDTHS = (
    (HOUR // 2, 12 * HOUR),
    (2 * HOUR, 10 * DAY),
    (12 * HOUR, 60 * DAY),
    (2 * DAY, 400 * DAY),
)
_ENDS = tuple(
    end
    for start, (width, until) in zip((0, *(u for _, u in _WIDTHS)), _WIDTHS, strict=False)
    for end in range(start + width, until + 1, width)
)
_LAST = len(_ENDS)  # what took longer than all of them


def bucket(seconds: float) -> int:
    """Return the bucket of a length of time; negative ones for what came before its time."""
    return bisect_right(_ENDS, seconds) if seconds >= 0 else -1 - bisect_left(_ENDS, -seconds)


def ends(number: int) -> tuple[int, int]:
    """Return from when to when a bucket reaches, in seconds."""
    if number < 0:
        start, end = ends(-1 - number)
        return -end, -start
    return (_ENDS[number - 1] if number else 0), (
        _ENDS[number] if number < _LAST else 2 * _ENDS[-1]
    )


class Spread(NamedTuple):
    """When the early, the usual and the late of some deliveries came, in seconds."""

    early: float
    usual: float
    late: float
    deliveries: int


class Histogram:
    """The lengths of time of one kind of way, ready to be asked."""

    __slots__ = ("_after", "_counts", "_ends", "_starts", "count")

    def __init__(self, counts: Counter[int]) -> None:
        numbers = sorted(number for number, count in counts.items() if count > 0)
        reaches = [ends(number) for number in numbers]
        self._starts = [start for start, _ in reaches]
        self._ends = [end for _, end in reaches]
        self._counts = [counts[number] for number in numbers]
        self._after = [0, *accumulate(self._counts)]
        self.count = self._after[-1]

    def spread(self, elapsed: float) -> Spread | None:
        """Return the spread of those that took longer than ``elapsed``; None: too few."""
        gone = self._after[bisect_right(self._ends, elapsed)]
        left = self.count - gone
        if self.count < ENOUGH or left < ENOUGH_LEFT:
            return None
        low = bisect_left(self._after, gone + EARLY * left) - 1
        high = bisect_left(self._after, gone + LATE * left) - 1
        return Spread(
            max(self._starts[low], elapsed),
            self._usual(gone, left, elapsed),
            self._ends[high],
            left,
        )

    def _usual(self, gone: int, left: int, elapsed: float) -> float:
        wanted = gone + USUAL * left
        at = bisect_left(self._after, wanted) - 1
        start = max(self._starts[at], elapsed)
        share = (wanted - self._after[at]) / self._counts[at]
        return start + share * (self._ends[at] - start)


class Kind(NamedTuple):
    """A kind of way: a lane (or the countries of one, or ``""`` for all), service and mode."""

    lane: str
    service: str
    mode: str

    def countries(self) -> "Kind":
        """Return the kind of all ways between the same countries."""
        return self._replace(lane=_countries(self.lane))

    def everywhere(self) -> "Kind":
        """Return the kind of all ways by the same service and mode."""
        return self._replace(lane=lanes.ALL)

    def has_cities(self) -> bool:
        """Return whether it is known from which city to which."""
        return _has_cities(self.lane)

    def is_domestic(self) -> bool:
        """Return whether it begins and ends in the same country."""
        return _is_domestic(self.lane)


@lru_cache(maxsize=8192)
def _countries(lane: str) -> str:
    start, _, end, _ = lanes.ends_of(lane)
    return lanes.lane_of(start, None, end, None)


@lru_cache(maxsize=8192)
def _has_cities(lane: str) -> bool:
    _, start, _, end = lanes.ends_of(lane)
    return bool(start and end)


@lru_cache(maxsize=8192)
def _is_domestic(lane: str) -> bool:
    start, _, end, _ = lanes.ends_of(lane)
    return bool(start) and start == end


class History:
    """What is known of earlier deliveries, by kind of way and stage."""

    def __init__(self) -> None:
        self._counts: defaultdict[tuple[Kind, str], Counter[int]] = defaultdict(Counter)
        self._made: dict[tuple[Kind, str], Histogram] = {}

    def add(self, kind: Kind, stage: str, number: int, count: int = 1) -> None:
        """Count deliveries of a lane, and with it of its countries and of all like them."""
        self.put({kind, kind.countries(), kind.everywhere()}, stage, number, count)

    def put(self, kinds: Iterable[Kind], stage: str, number: int, count: int) -> None:
        """Count deliveries under the kinds that are named, and no other."""
        for kind in kinds:
            self._counts[kind, stage][number] += count
            self._made.pop((kind, stage), None)

    def of(self, kind: Kind, stage: str) -> Histogram | None:
        """Return the histogram of a kind of way; None where nothing is known."""
        key = (kind, stage)
        made = self._made.get(key)
        if made is None and (counts := self._counts.get(key)):
            made = self._made[key] = Histogram(counts)
        return made
