"""The way of one consignment as stops on a map: the same for the picture and for its table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from portal.consignments.rules.moves import SETTLED
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
_AT_THE_END = (Status.DELIVERED, Status.CLOSED)


@dataclass(frozen=True)
class Stop:
    """A place of the way: its part in it, what happened there last, and when."""

    kind: str
    at: Whereabouts
    what: str = ""
    when: datetime | None = None

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
    stops = [
        Stop(PASSED, at, text(event.code), event.occurred_at)
        for event in _happened(events)
        if (at := of_event(consignment, event)) is not None
    ]
    stops = [stop for stop in stops if stop.at.is_sure or stop is stops[-1]]
    origin, end = of_party(consignment, CONSIGNOR), of_party(consignment, CONSIGNEE)
    return _put_together(consignment.status, origin, stops, end)


def way_by_places(consignment: Any, entries: Iterable[Any], *, is_full: bool) -> list[Stop]:
    """Return the way as strangers with a link or a proof may see it.

    ``entries`` are those of the page, the newest first, with places or with cities only; nothing
    but their words is looked up, never an address or co-ordinates that were given. Where the way
    ends is told only by pages that show it anyway (``is_full``).
    """
    kept = list(entries)
    oldest_first = reversed(kept)
    stops = [
        Stop(PASSED, at, text(entry.code), entry.occurred_at)
        for entry in oldest_first
        if entry.place and (at := _of_words(consignment, entry, is_full)) is not None
    ]
    if not is_full:
        way = _put_together(consignment.status, None, stops, None)
        return way if _is_placed(kept) else _left(way)
    origin = of_city(consignment.consignor_city, getattr(consignment, "consignor_country", None))
    end = of_city(consignment.consignee_city, consignment.consignee_country)
    return _put_together(consignment.status, origin, stops, end)


def city_alone(consignment: Any, city: str | None) -> list[Stop]:
    """Return the one city that the number alone tells, and nothing of the way."""
    country = consignment.consignee_country if city == consignment.consignee_city else None
    at = of_city(city, country or getattr(consignment, "consignor_country", None))
    if at is None:
        return []
    return [Stop(_last_kind(consignment.status, PASSED), at, text(consignment.last_code))]


def _is_placed(entries: Iterable[Any]) -> bool:
    """Return whether the latest that happened says where; ``entries``: the newest first."""
    latest = next((entry for entry in entries if entry.code not in BESIDE), None)
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
