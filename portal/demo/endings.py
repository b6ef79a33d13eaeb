"""A way to every status of a consignment, so that the demo shows each of them today."""

from random import Random

from portal.consignments.rules.vocabulary import INCIDENT, NOTE
from portal.demo.happenings import HOUR, MINUTE, Happening, S, Trip, step
from portal.demo.stories import NOTES, Story

_OUT = (
    S.ORDERED,
    S.PICKUP_ASSIGNED,
    S.PICKED_UP,
    S.HUB_ARRIVED,
    S.HUB_DEPARTED,
    S.IN_TRANSIT,
    S.HUB_ARRIVED,
    S.DEST_CITY,
    S.OUT_FOR_DELIVERY,
)
#: A way to every status; ``found`` is a moment on the way to ``in_transit``.
ENDINGS: dict[S, tuple[S, ...]] = {
    S.DRAFT: (S.DRAFT,),
    S.ORDERED: _OUT[:1],
    S.PICKUP_ASSIGNED: _OUT[:2],
    S.PICKUP_FAILED: (*_OUT[:2], S.PICKUP_FAILED),
    S.PICKED_UP: _OUT[:3],
    S.HUB_ARRIVED: _OUT[:4],
    S.HUB_DEPARTED: _OUT[:5],
    S.IN_TRANSIT: (*_OUT[:4], S.LOST, S.FOUND, *_OUT[4:6]),
    S.REDIRECTED: (*_OUT[:6], S.REDIRECTED),
    S.DEST_CITY: _OUT[:8],
    S.OUT_FOR_DELIVERY: _OUT,
    S.DELIVERY_FAILED: (*_OUT, S.DELIVERY_FAILED),
    S.REFUSED: (*_OUT, S.REFUSED),
    S.AT_PICKUP_POINT: (*_OUT, S.DELIVERY_FAILED, S.AT_PICKUP_POINT),
    S.LOST: (*_OUT[:4], S.LOST),
    S.DELIVERED: (*_OUT, S.DELIVERED),
    S.RETURNING: (*_OUT, S.REFUSED, S.RETURNING),
    S.RETURNED: (*_OUT, S.DELIVERY_FAILED, S.RETURNING, S.RETURNED),
    S.CANCELLED: (S.ORDERED, S.CANCELLED),
    S.CLOSED: (*_OUT, S.DELIVERED, S.CLOSED),
}
#: Hours from the step before, least and most.
_HOURS = {
    S.PICKUP_ASSIGNED: (0.1, 0.6),
    S.IN_TRANSIT: (2.0, 5.0),
    S.RETURNED: (30.0, 60.0),
    S.CLOSED: (168.0, 175.0),
    S.LOST: (4.0, 9.0),
    S.FOUND: (3.0, 12.0),
    S.AT_PICKUP_POINT: (1.0, 3.0),
}


def ending(rng: Random, trip: Trip, status: S, end: int) -> Story:
    """Return the way of a consignment that came to ``status`` at ``end``."""
    story: Story = []
    at, path = end, ENDINGS[status]
    turn = path.index(S.HUB_DEPARTED) if S.HUB_DEPARTED in path else len(path)
    for place in range(len(path) - 1, -1, -1):
        story.append(step(rng, trip, path[place], at, arrived=place > turn))
        at -= int(rng.uniform(*_HOURS.get(path[place], (0.6, 2.6))) * HOUR)
    return [*reversed(story), *_aside(rng, status, story[0])]


def _aside(rng: Random, status: S, last: Happening) -> Story:
    """Return what is told beside the last step: troubles still open, words among colleagues."""
    at = last.at + 2 * MINUTE
    if reasons := _TROUBLES.get(status):
        reason = rng.choice(reasons)
        return [Happening(INCIDENT, at, last.place, "scan", reason, photo=reason == "shortage")]
    if status in (S.DEST_CITY, S.REFUSED, S.AT_PICKUP_POINT):
        words = rng.choice(NOTES)
        return [Happening(NOTE, at, last.place, "manual", None, words, published=False)]
    return []


#: Troubles that are still open at a place on the way.
_TROUBLES: dict[S, tuple[str, ...]] = {
    S.PICKED_UP: ("missing_paper",),
    S.HUB_ARRIVED: ("shortage", "missing_paper"),
    S.IN_TRANSIT: ("delay", "temperature", "customs"),
    S.REDIRECTED: ("temperature",),
    S.OUT_FOR_DELIVERY: ("wrong_address", "security"),
}
#: Hours for which nobody has heard of some that have come so far: the rules find them.
SILENT_H = {S.PICKUP_ASSIGNED: 20, S.PICKED_UP: 30, S.HUB_ARRIVED: 40, S.HUB_DEPARTED: 60}
