"""Which advertisement is shown: pure, over what runs now.

Of those that fit, the highest priority goes first; among equals the campaign's weight decides by
lot, then the creative's. What the lot gives is fair only over many draws, which is what A/B
comparison needs.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from portal.promotion.rules import pacing, targeting
from portal.promotion.rules.pacing import Booking

T = TypeVar("T")
#: Returns a number from 0 to below 1.
Draw = Callable[[], float]


@dataclass(frozen=True)
class Spot:
    """A creative as the choice sees it."""

    id: int
    zones: frozenset[str]
    weight: int


@dataclass(frozen=True)
class Entry:
    """A campaign that has been approved, as the choice sees it."""

    id: int
    starts_at: datetime
    ends_at: datetime | None
    priority: int
    weight: int
    cap: int | None
    targeting: targeting.Targeting
    booking: Booking | None
    delivered: int
    spots: tuple[Spot, ...]


@dataclass(frozen=True)
class Place:
    """Where and to whom: the zone, what is known of the reader, what he has seen today."""

    zone: str
    facts: targeting.Facts
    now: datetime
    #: Campaign → valid views of this reader today.
    seen: Mapping[int, int] = field(default_factory=dict)


def is_due(entry: Entry, place: Place) -> bool:
    """Return whether a campaign may be shown at a place: time, audience, cap, pace."""
    if not entry.starts_at <= place.now or (entry.ends_at and entry.ends_at <= place.now):
        return False
    if entry.cap is not None and place.seen.get(entry.id, 0) >= entry.cap:
        return False
    if entry.booking and not pacing.has_room(entry.booking, entry.delivered, place.now):
        return False
    return targeting.fits(entry.targeting, place.facts)


def choose(entries: Sequence[Entry], place: Place, draw: Draw) -> Spot | None:
    """Return the creative to show; None where nothing fits."""
    due = [(each, spots) for each in entries if (spots := _spots(each, place.zone))]
    due = [(each, spots) for each, spots in due if is_due(each, place)]
    if not due:
        return None
    first = min(each.priority for each, _ in due)
    equals = [(each, spots) for each, spots in due if each.priority == first]
    _, spots = drawn(equals, [each.weight for each, _ in equals], draw)
    return drawn(spots, [spot.weight for spot in spots], draw)


def _spots(entry: Entry, zone: str) -> list[Spot]:
    return [spot for spot in entry.spots if zone in spot.zones and spot.weight > 0]


def drawn(items: Sequence[T], weights: Sequence[int], draw: Draw) -> T:
    """Return one of ``items``, each as often as its weight says."""
    left = draw() * sum(weights)
    for item, weight in zip(items, weights, strict=True):
        left -= weight
        if left < 0:
            return item
    return items[-1]
