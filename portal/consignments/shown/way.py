"""The way of one consignment as stops on a map: the same for the picture and for its table.

Where its pieces go different ways it is that of the least advanced one, as the consignment is
where that is; where the others are is named behind it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from portal.consignments.rules.moves import SETTLED
from portal.consignments.rules.parted import Parted, parted
from portal.consignments.rules.vocabulary import BESIDE, RANK, RETRACTION, Status, text
from portal.consignments.rules.whereabouts import CONSIGNEE, CONSIGNOR, side_of
from portal.consignments.shown.whereabouts import (
    Whereabouts,
    of_city,
    of_event,
    of_party,
    of_words,
)
from portal.core.i18n import instant

ORIGIN, PASSED, NOW, DESTINATION, ARRIVED = "origin", "passed", "now", "destination", "arrived"
OTHER = "other"  # where pieces are that are not on this way
_AT_THE_END = (Status.DELIVERED, Status.CLOSED)


@dataclass(frozen=True)
class Stop:
    """A place of the way: its part in it, what happened there last, and when."""

    kind: str
    at: Whereabouts
    what: str = ""
    when: datetime | None = None
    pieces: int = 0  # of those that are elsewhere: how many

    @property
    def drawn(self) -> dict[str, Any]:
        """Return what the map draws of it."""
        return {
            "kind": self.kind,
            "name": self.at.name,
            "lat": self.at.lat,
            "lon": self.at.lon,
            "sure": self.at.is_sure,
            "time": instant(self.when) if self.when else "",
        }


def way_of(consignment: Any, events: Sequence[Any]) -> list[Stop]:
    """Return the way in its order, for those who may see addresses."""

    def placed(event: Any) -> Whereabouts | None:
        return of_event(consignment, event)

    ways = parted(consignment, _happened(events))
    stops = _stops(ways.main, placed)
    stops = [stop for stop in stops if stop.at.is_sure or stop is stops[-1]]
    origin, end = of_party(consignment, CONSIGNOR), of_party(consignment, CONSIGNEE)
    way = _put_together(consignment.status, origin, stops, end)
    return [*way, *_elsewhere(ways, stops, placed)]


def way_by_places(consignment: Any, entries: Iterable[Any], *, is_full: bool) -> list[Stop]:
    """Return the way as strangers with a link or a proof may see it.

    ``entries`` are those of the page, the newest first, with places or with cities only; nothing
    but their words is looked up, never an address or co-ordinates that were given. Where the way
    ends is told only by pages that show it anyway (``is_full``).
    """

    def placed(entry: Any) -> Whereabouts | None:
        return _of_words(consignment, entry, is_full) if entry.place else None

    ways = parted(consignment, list(entries)[::-1])
    stops = _stops(ways.main, placed)
    others = _elsewhere(ways, stops, placed)
    if not is_full:
        way = _put_together(consignment.status, None, stops, None)
        return [*(way if _is_placed(ways.main) else _left(way)), *others]
    origin = of_city(consignment.consignor_city, getattr(consignment, "consignor_country", None))
    end = of_city(consignment.consignee_city, consignment.consignee_country)
    return [*_put_together(consignment.status, origin, stops, end), *others]


def city_alone(consignment: Any, city: str | None) -> list[Stop]:
    """Return the one city that the number alone tells, and nothing of the way."""
    country = consignment.consignee_country if city == consignment.consignee_city else None
    at = of_city(city, country or getattr(consignment, "consignor_country", None))
    if at is None:
        return []
    return [Stop(_last_kind(consignment.status, PASSED), at, text(consignment.last_code))]


def _stops(events: Iterable[Any], placed: Callable[[Any], Whereabouts | None]) -> list[Stop]:
    """Return the stops of a way; what happened nobody knows where is none."""
    return [
        Stop(PASSED, at, text(event.code), event.occurred_at)
        for event in events
        if (at := placed(event)) is not None
    ]


def _elsewhere(
    ways: Parted, stops: Sequence[Stop], placed: Callable[[Any], Whereabouts | None]
) -> list[Stop]:
    """Return where pieces are that are not where the way has come to, and how many at each."""
    found: list[Stop] = []
    for events, pieces in ways.others:
        if not (own := _stops(events, placed)):
            continue
        last = replace(own[-1], kind=OTHER)
        if stops and last.what == stops[-1].what and last.at.is_at(stops[-1].at):
            continue
        same = next((i for i, s in enumerate(found) if _are_together(s, last)), None)
        if same is None:
            found.append(replace(last, pieces=pieces))
        else:
            found[same] = replace(last, pieces=found[same].pieces + pieces)
    return found


def _are_together(one: Stop, other: Stop) -> bool:
    return one.what == other.what and one.at.is_at(other.at)


def _is_placed(entries: Sequence[Any]) -> bool:
    """Return whether the latest that happened says where; ``entries``: the oldest first."""
    latest = next((entry for entry in reversed(entries) if entry.code not in BESIDE), None)
    return latest is not None and bool(latest.place)


def _left(way: list[Stop]) -> list[Stop]:
    """Return the way of goods that are elsewhere by now, nobody says where."""
    return [*way[:-1], replace(way[-1], kind=PASSED)] if way else way


def _of_words(consignment: Any, entry: Any, is_full: bool) -> Whereabouts | None:
    at_end = entry.place == consignment.consignee_city
    country = consignment.consignee_country if at_end else None
    if is_full and not at_end and entry.place != consignment.consignor_city:
        return of_words(entry.code, entry.place)
    return of_city(entry.place, country or getattr(consignment, "consignor_country", None))


def _happened(events: Iterable[Any]) -> list[Any]:
    """Return what really happened to the goods and still holds, the oldest first."""
    kept = list(events)
    withdrawn = {event.retracts_id for event in kept if event.code == RETRACTION}
    actual = [
        event
        for event in kept
        if event.classifier == "actual" and event.code not in BESIDE and event.id not in withdrawn
    ]
    return sorted(actual, key=lambda event: (event.occurred_at, RANK[event.code], event.id))


def _put_together(
    status: str, origin: Whereabouts | None, stops: list[Stop], end: Whereabouts | None
) -> list[Stop]:
    """Return origin, the stops without repetitions, the present one, and where it is to go."""
    way = _merged([*([Stop(ORIGIN, origin)] if origin else []), *stops])
    if way and len(way) == 1 and way[0].kind == ORIGIN and side_of(status) != CONSIGNOR and stops:
        way = [Stop(ORIGIN, origin or way[0].at), way[0]]  # it has set out, though not yet far
    if stops:
        way[-1] = replace(way[-1], kind=_last_kind(status, way[-1].kind))
    if end is None or status in SETTLED or (way and way[-1].at.is_at(end)):
        return way
    return [*way, Stop(DESTINATION, end)]


def _last_kind(status: str, kind: str) -> str:
    if status in _AT_THE_END:
        return ARRIVED
    return kind if status in SETTLED else NOW


def _merged(stops: Iterable[Stop]) -> list[Stop]:
    """Return the stops; those at one place that follow each other are one, the last said there."""
    way: list[Stop] = []
    for stop in stops:
        if way and way[-1].at.is_at(stop.at):
            first = way[-1]
            way[-1] = replace(stop, kind=first.kind, at=stop.at if stop.at.name else first.at)
        else:
            way.append(stop)
    return way
