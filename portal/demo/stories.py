"""How the consignments of the demo fare: a way by day and night, and what crosses it.

Pure: everything comes from the random source and the trip. Times of day are those of China.
"""

from collections.abc import Callable
from random import Random

from portal.consignments.rules.vocabulary import INCIDENT, INCIDENT_RESOLVED, NOTE, RETRACTION
from portal.demo.happenings import DAY, HOUR, MINUTE, Happening, S, Trip, between, step

_EAST = 8 * HOUR  # China's clocks are this far ahead of UTC
Story = list[Happening]


def midnight(at: int) -> int:
    """Return when the day of ``at`` began in China."""
    return (at + _EAST) // DAY * DAY - _EAST


def straight(rng: Random, trip: Trip, day: int) -> Story:
    """Return the undisturbed way, delivered on the day that begins at ``day``."""
    told: Story = []
    at, arrived = trip.ordered, False

    def then(code: str, earliest: int, not_before: int = 0) -> None:
        nonlocal at
        at = max(at + earliest, not_before)
        told.append(step(rng, trip, code, at, arrived=arrived))

    then(S.ORDERED, 0)
    then(S.PICKUP_ASSIGNED, between(rng, 4, 45) * MINUTE)
    then(S.PICKED_UP, between(rng, 35, 170) * MINUTE)
    then(S.HUB_ARRIVED, between(rng, 40, 120) * MINUTE)
    evening = midnight(trip.ordered) + 20 * HOUR + between(rng, 0, 150) * MINUTE
    then(S.HUB_DEPARTED, between(rng, 30, 90) * MINUTE, evening)
    if trip.gateway:
        _abroad(rng, trip, told, day)
        at = told[-1].at
    elif trip.dest is not trip.origin and rng.random() < 0.7:
        then(S.IN_TRANSIT, between(rng, 100, 260) * MINUTE)
    arrived = True
    if trip.dest is not trip.origin:
        then(S.HUB_ARRIVED, between(rng, 60, 180) * MINUTE, day + between(rng, 150, 330) * MINUTE)
    then(S.DEST_CITY, between(rng, 20, 60) * MINUTE, day + between(rng, 340, 400) * MINUTE)
    then(S.OUT_FOR_DELIVERY, between(rng, 25, 70) * MINUTE, day + between(rng, 450, 560) * MINUTE)
    then(S.DELIVERED, between(rng, 25, 490) * MINUTE)
    return told


def _abroad(rng: Random, trip: Trip, told: Story, day: int) -> None:
    """Add the legs between two countries, spread over the days there are."""
    start = told[-1].at
    span = max(day - start - 6 * HOUR, 4 * HOUR)
    for share in (0.12, 0.3, 0.75):
        at = start + int(span * (share + rng.random() * 0.1))
        place = trip.gateway if share < 0.7 else trip.dest.city
        told.append(Happening(S.IN_TRANSIT, at, place, "carrier"))


def journey(rng: Random, trip: Trip) -> Story:
    """Return what happens on a trip, to its end; the caller leaves out what is still to come."""
    due = midnight(trip.planned)
    first = midnight(trip.ordered) + DAY
    early = rng.choice((0, 0, 1, 1, 2)) if due - first > DAY else rng.choice((0, 1))
    day = max(first, due - early * DAY)
    fate = rng.choices(FATES, cum_weights=_CUMULATIVE)[0]
    if trip.pieces > 1 and rng.random() < SPLIT_SHARE:
        fate = _split
    story = fate(rng, trip, day)
    if story[-1].code in (S.DELIVERED, S.RETURNED) and story[-1].piece is None:
        at = story[-1].at + 7 * DAY + rng.randrange(6 * HOUR)
        story.append(Happening(S.CLOSED, at, story[-1].place, "manual"))
    return story


def _smooth(rng: Random, trip: Trip, day: int) -> Story:
    story = straight(rng, trip, day)
    roll = rng.random()
    if roll < 0.25:
        _foresee(rng, trip, story)
    elif roll < 0.31:
        _note(rng, story)
    return story


def _foresee(rng: Random, trip: Trip, story: Story) -> None:
    """Insert an estimate, or the plan of the round, before the goods go out."""
    *_, out, delivered = story
    if rng.random() < 0.6:
        minutes = rng.randint(-50, 50)
        guess = max(out.at + 20 * MINUTE, delivered.at + minutes * MINUTE)
        told = Happening(S.DELIVERED, guess, trip.dest.city, "carrier", classifier="estimated")
    else:
        told = Happening(S.DELIVERED, trip.planned, trip.dest.city, "edi", classifier="planned")
    story.insert(-1, told._replace(lag=out.at + 5 * MINUTE - told.at))


NOTES = (
    "收件人来电：请在 14 点后送达",
    "外箱轻微压痕，内物完好，已拍照",
    "需预约卸货口，联系人已确认",
    "发货方提醒：易碎，请勿倒置",
)


def _note(rng: Random, story: Story) -> None:
    before = story[-3]
    at = before.at + rng.randint(2, 9) * MINUTE
    note = Happening(NOTE, at, before.place, "manual", None, rng.choice(NOTES), published=False)
    story.insert(-2, note)


def _late(rng: Random, trip: Trip, day: int) -> Story:
    late_day = midnight(trip.planned) + rng.choice((1, 1, 2)) * DAY
    story = straight(rng, trip, max(day, late_day))
    reason = rng.choice(("delay", "weather", "vehicle_breakdown", "late_arrival", "capacity"))
    where = next(n for n, h in enumerate(story) if h.code == S.HUB_DEPARTED)
    at = story[where].at + rng.randint(40, 85) * MINUTE
    trouble = Happening(INCIDENT, at, story[where].place, "carrier", reason)
    story.insert(where + 1, trouble)
    story.sort(key=lambda h: h.at)
    solved = Happening(INCIDENT_RESOLVED, story[-1].at - MINUTE, trip.dest.city, "manual", reason)
    story.insert(-1, solved)
    return story


#: What goes wrong at a hub; of a thousand consignments, about one is damaged.
_WRONG = {"missing_paper": 9, "shortage": 9, "damaged": 1, "packing": 1}


def _hitch(rng: Random, trip: Trip, day: int) -> Story:
    usual = rng.choices(tuple(_WRONG), tuple(_WRONG.values()))[0]
    reason = "customs" if trip.gateway else "temperature" if trip.service == "cold" else usual
    story = straight(rng, trip, day)
    where = next(n for n, h in enumerate(story) if h.code == S.HUB_ARRIVED)
    at = story[where].at + rng.randint(5, 15) * MINUTE
    found = Happening(INCIDENT, at, story[where].place, "scan", reason, photo=reason == "damaged")
    solved = Happening(
        INCIDENT_RESOLVED, at + rng.randint(8, 14) * MINUTE, found.place, "manual", reason
    )
    story[where + 1 : where + 1] = [found, solved]
    return story


def _failed(rng: Random, trip: Trip, day: int) -> Story:
    story = straight(rng, trip, day)
    delivered = story.pop()
    story.append(
        step(rng, trip, S.DELIVERY_FAILED, delivered.at, arrived=True)._replace(photo=True)
    )
    return story


def _second_try(rng: Random, trip: Trip, day: int) -> Story:
    story = _failed(rng, trip, day)
    again = midnight(story[-1].at) + DAY + rng.randint(460, 560) * MINUTE
    story.append(step(rng, trip, S.OUT_FOR_DELIVERY, again, arrived=True))
    at = again + rng.randint(40, 480) * MINUTE
    story.append(step(rng, trip, S.DELIVERED, at, arrived=True))
    return story


def _collected(rng: Random, trip: Trip, day: int) -> Story:
    story = _failed(rng, trip, day)
    at = story[-1].at + rng.randint(60, 150) * MINUTE
    story.append(step(rng, trip, S.AT_PICKUP_POINT, at, arrived=True))
    at = midnight(at) + rng.choice((1, 1, 2)) * DAY + rng.randint(580, 1180) * MINUTE
    collected = step(rng, trip, S.DELIVERED, at, arrived=True)
    story.append(collected._replace(place=story[-1].place, source="scan", note="凭取件码自提"))
    return story


def _sent_back(rng: Random, trip: Trip, day: int) -> Story:
    story = straight(rng, trip, day)
    delivered = story.pop()
    code = rng.choice((S.REFUSED, S.DELIVERY_FAILED))
    story.append(step(rng, trip, code, delivered.at, arrived=True)._replace(photo=True))
    at = story[-1].at + rng.randint(5, 22) * HOUR
    story.append(step(rng, trip, S.RETURNING, at, arrived=True)._replace(place=trip.dest.hub))
    at += rng.randint(40, 80) * HOUR
    story.append(step(rng, trip, S.RETURNED, at, arrived=False))
    return story


def _redirected(rng: Random, trip: Trip, day: int) -> Story:
    story = straight(rng, trip, day)
    where = next(n for n, h in enumerate(story) if h.code == S.HUB_DEPARTED)
    at = story[where].at
    moved = step(rng, trip, S.REDIRECTED, at + 20 * MINUTE, arrived=False)
    onward = step(rng, trip, S.IN_TRANSIT, at + 50 * MINUTE, arrived=False)
    story[where + 1 : where + 1] = [moved, onward]
    return story


def _lost(rng: Random, trip: Trip, day: int) -> Story:
    """Return a way on which the goods were astray for a night at the hub."""
    story = straight(rng, trip, day + DAY)
    where = next(n for n, h in enumerate(story) if h.code == S.HUB_ARRIVED)
    at = story[where].at
    lost = step(rng, trip, S.LOST, at + 6 * MINUTE, arrived=False)
    found = step(rng, trip, S.FOUND, at + 24 * MINUTE, arrived=False)
    story[where + 1 : where + 1] = [lost, found]
    return story


def _cancelled(rng: Random, trip: Trip, day: int) -> Story:
    story = straight(rng, trip, day)[: rng.choice((1, 2))]
    at = story[-1].at + rng.randint(5, 55) * MINUTE
    return [*story, step(rng, trip, S.CANCELLED, at, arrived=False)]


def _not_ready(rng: Random, trip: Trip, day: int) -> Story:
    later = trip._replace(ordered=trip.ordered + DAY)
    late_day = max(day, midnight(later.ordered) + DAY)
    first, *rest = straight(rng, later, late_day)
    assigned = step(rng, trip, S.PICKUP_ASSIGNED, trip.ordered + 20 * MINUTE, arrived=False)
    failed = step(rng, trip, S.PICKUP_FAILED, trip.ordered + 3 * HOUR, arrived=False)
    return [first._replace(at=trip.ordered), assigned, failed, *rest]


def _late_scan(rng: Random, trip: Trip, day: int) -> Story:
    """Return a way on which the scan of the departure reached us long after it."""
    story = straight(rng, trip, day)
    where = next(n for n, h in enumerate(story) if h.code == S.HUB_DEPARTED)
    recorded = story[-1].at + 25 * MINUTE
    story[where] = story[where]._replace(lag=recorded - story[where].at)
    return sorted(story, key=lambda h: h.at + h.lag)


def _withdrawn(rng: Random, trip: Trip, day: int) -> Story:
    """Return a way on which somebody scanned the wrong parcel and took it back."""
    story = straight(rng, trip, day)
    where = next(n for n, h in enumerate(story) if h.code == S.OUT_FOR_DELIVERY)
    at = story[where].at - 12 * MINUTE
    wrong = story[where]._replace(at=at, source="scan")
    back = Happening(RETRACTION, at + 40, None, "manual", None, "扫错包裹", retracts=where + 1)
    story[where:where] = [wrong, back]
    return story


def _split(rng: Random, trip: Trip, day: int) -> Story:
    """Return a way on which the last piece was missorted and came a day after the others."""
    *way, out, delivered = straight(rng, trip, day)
    last = trip.pieces - 1
    for piece in range(last):
        way.append(out._replace(at=out.at + piece, piece=piece))
    missorted = out._replace(code=S.HUB_ARRIVED, at=out.at + 9 * MINUTE, piece=last)
    way.append(missorted._replace(place=trip.origin.hub, source="scan", reason="missorted"))
    for piece in range(last):
        way.append(delivered._replace(at=delivered.at + piece, piece=piece))
    for later, code in ((DAY - 80 * MINUTE, S.DEST_CITY), (DAY, S.OUT_FOR_DELIVERY)):
        way.append(step(rng, trip, code, out.at + later, arrived=True)._replace(piece=last))
    way.append(delivered._replace(at=delivered.at + DAY, piece=last))
    return sorted(way, key=lambda h: h.at)


_SHARES: dict[Callable[[Random, Trip, int], Story], float] = {
    _smooth: 86.1,
    _late: 2.4,
    _hitch: 1.4,
    _second_try: 2.0,
    _collected: 0.8,
    _sent_back: 1.2,
    _redirected: 0.6,
    _lost: 0.3,
    _cancelled: 1.6,
    _not_ready: 0.8,
    _late_scan: 1.5,
    _withdrawn: 1.3,
}
FATES = tuple(_SHARES)
SPLIT_SHARE = 0.1  # of consignments of several pieces, those that arrive apart
_CUMULATIVE = [sum(list(_SHARES.values())[: n + 1]) for n in range(len(_SHARES))]
