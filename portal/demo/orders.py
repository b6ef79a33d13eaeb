"""The demo's consignments one by one: who sends what to whom, when, and how it fared."""

from array import array
from bisect import bisect
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from random import Random
from typing import Any

from portal.consignments.rules import numbers, promise
from portal.consignments.rules.vocabulary import Status
from portal.consignments.service import totals
from portal.consignments.service.orders import EMPTY
from portal.consignments.service.totals import Change
from portal.core import clock, search
from portal.demo import endings, stories
from portal.demo.bulk import instant
from portal.demo.expecting import ESTIMATED_DAYS, MOST_ESTIMATED, Forecaster
from portal.demo.goods import GOODS
from portal.demo.happenings import DAY, HOUR, MINUTE, Trip
from portal.demo.logged import log_rows
from portal.demo.parties import Entry
from portal.demo.people import Home
from portal.demo.places import GATEWAYS
from portal.demo.telling import Told, tell

HISTORY_DAYS = 425  # 14 months
PRESENT_DAYS = 4  # of which a small demo tells more than its share
AT_LEAST_PRESENT = 0.2
PICKUP_WITHIN = int(promise.PICKUP_WITHIN.total_seconds())
#: Orders by month, January first: quiet at the spring festival, high before 11.11 and 12.12.
SEASON = (0.95, 0.6, 0.95, 1.0, 1.02, 1.12, 0.96, 0.98, 1.05, 1.08, 1.4, 1.25)
GROWTH = 0.9  # the last day has 1.9 times the orders of the first
_HOURS = (1, 3, 6, 7, 5, 3, 6, 7, 6, 4, 2, 1)  # orders by hour, from 7 in the morning
_EMPTY = {name: value for name, value in EMPTY.items() if name != "remarks"}
_STATUSES = tuple(endings.ENDINGS)


@dataclass(frozen=True)
class Made:
    """A consignment with everything that belongs to it, ready to be written."""

    row: dict[str, Any]
    pieces: list[dict[str, Any]]
    told: Told
    words: str
    log: list[dict[str, Any]]

    def change(self) -> Change:
        """Return what of it goes into the totals."""
        row = self.row
        moments = {
            name: row[name] for name in ("ordered_at", "delivery_actual", "delivery_planned")
        }
        known = {name: at if at is None else instant(at) for name, at in moments.items()}
        return totals.new({**row, **known})


class Maker:
    """Makes one consignment after the other; numbers rows by itself, from 1."""

    def __init__(
        self, homes: list[Home], dispatcher: int, rng: Random, now: datetime, count: int
    ) -> None:
        self.homes, self.dispatcher, self.rng = homes, dispatcher, rng
        self.now, self.count = int(now.timestamp()), count
        self.principals = [home for home in homes if home.shipper.principal]
        self.shares = list(accumulate(home.shipper.share for home in homes))
        self.days = _days(self.now)
        self.next_event, self.next_piece = 1, 1
        self.forecaster = Forecaster()
        shown = min(count, len(self.principals) * len(_STATUSES))
        self.times = array("q", sorted(self._ordered_at() for _ in range(count - shown)))
        latest = self.times[-min(len(self.times), MOST_ESTIMATED) :]
        self.forecaster.since = max([self.now - ESTIMATED_DAYS * DAY, *latest[:1]])
        self.refs = dict.fromkeys((home.shipper.order_prefix for home in homes), 0)

    def make(self, number: int) -> Made:
        """Make the consignment ``number``, counted from 0, in the order of their orders.

        The last ones show every status at each principal company.
        """
        if number >= len(self.times):
            shown = number - len(self.times)
            home = self.principals[shown % len(self.principals)]
            return self._shown(number, home, _STATUSES[shown // len(self.principals)])
        home = self.homes[bisect(self.shares, self.rng.random() * self.shares[-1])]
        trip = self._trip(home, self.times[number])
        return self._finish(number, home, trip, stories.journey(self.rng, trip[0]))

    def _shown(self, number: int, home: Home, status: Status) -> Made:
        rng = self.rng
        trip, entry = self._trip(home, self.now - 2 * DAY, at_home=True)
        silence = endings.SILENT_H.get(status, 0) * HOUR if home is self.principals[-1] else 0
        end = self.now - silence - rng.randint(4, 170) * MINUTE
        story = endings.ending(rng, trip, status, end)
        trip = trip._replace(
            ordered=story[0].at, planned=_planned(trip.service, story[0].at, abroad=False)
        )
        return self._finish(number, home, (trip, entry), story)

    def _ordered_at(self) -> int:
        rng = self.rng
        natural = PRESENT_DAYS / HISTORY_DAYS * self.count
        wanted = max(natural, min(AT_LEAST_PRESENT * self.count, 2000))
        if rng.random() * self.count < wanted:
            day = stories.midnight(self.now) - rng.randrange(PRESENT_DAYS) * DAY
        else:
            day = (
                stories.midnight(self.now)
                - (HISTORY_DAYS - rng.choices(range(HISTORY_DAYS), cum_weights=self.days)[0]) * DAY
            )
        hour = rng.choices(range(7, 19), _HOURS)[0]
        at = day + hour * HOUR + rng.randrange(HOUR)
        return at if at < self.now else at - DAY

    def _trip(self, home: Home, ordered: int, *, at_home: bool = False) -> tuple[Trip, Entry]:
        rng = self.rng
        entry = home.book[int(rng.paretovariate(0.9) * 6) % len(home.book)]
        while at_home and (entry.place.country != "CN" or entry.place is home.consignor.place):
            entry = rng.choice(home.book)
        origin, dest = home.consignor.place, entry.place
        abroad = dest.country != "CN"
        service = (
            "cold"
            if "food" in home.shipper.trades
            else rng.choice(("standard", "standard", "express"))
        )
        trip = Trip(
            origin=origin,
            sender=_street(home.consignor),
            dest=dest,
            receiver=_street(entry),
            service=service,
            ordered=ordered,
            planned=_planned(service, ordered, abroad=abroad),
            pieces=rng.choices((1, 2, 3, 4, 6), (82, 9, 5, 3, 1))[0],
            source=rng.choice(("api", "api", "manual", "import")),
            gateway=rng.choice(GATEWAYS) if abroad else None,
        )
        return trip, entry

    def _finish(
        self, number: int, home: Home, trip_to: tuple[Trip, Entry], story: stories.Story
    ) -> Made:
        trip, entry = trip_to
        consignment = number + 1
        pieces = self._pieces(home, trip, consignment)
        row = self._row(consignment, home, trip, entry)
        told = Told(
            consignment,
            home.company_id,
            self.next_event,
            range(pieces[0]["id"], pieces[-1]["id"] + 1),
            self.forecaster.forecast(trip, row),
        )
        tell(story, told, until=self.now, actor=self.dispatcher)
        told.events[0]["actor_id"] = home.person_id
        self.next_event = told.next_event
        for piece in pieces:
            piece["status"] = told.piece_states.get(piece["id"])
        row |= _measures(pieces) | told.columns()
        self.forecaster.teach(row)
        if told.status == Status.DRAFT:
            row["note"] = None
        words = search.document(row["no"], row["order_ref"])
        return Made(
            row,
            pieces,
            told,
            f"{words} {entry.words_as_consignee} {home.consignor.words_as_consignor}",
            log_rows(row, told, self.now),
        )

    def _pieces(self, home: Home, trip: Trip, consignment: int) -> list[dict[str, Any]]:
        rng = self.rng
        good = rng.choice(GOODS[rng.choice(home.shipper.trades)])
        first = self.next_piece
        self.next_piece += trip.pieces
        return [
            {
                "id": first + n,
                "company_id": home.company_id,
                "consignment_id": consignment,
                "goods": good.name,
                "quantity": 1,
                "unit": "CT",
                "weight_g": good.weight_g + rng.randrange(-8, 9) * 50,
                "length_mm": good.length_mm,
                "width_mm": good.width_mm,
                "height_mm": good.height_mm,
                "value_minor": good.value_minor,
                "value_currency": "CNY",
            }
            for n in range(trip.pieces)
        ]

    def _row(self, consignment: int, home: Home, trip: Trip, entry: Entry) -> dict[str, Any]:
        ordered = instant(trip.ordered)
        return {
            **_EMPTY,
            **home.consignor.columns["consignor"],
            **entry.columns["consignee"],
            "id": consignment,
            "no": numbers.new_number(self._letter),
            "company_id": home.company_id,
            "order_ref": self._order_ref(home, ordered),
            "service": trip.service,
            "pickup_planned": trip.ordered + PICKUP_WITHIN,
            "delivery_planned": trip.planned,
            "temperature_min_c": 2 if trip.service == "cold" else None,
            "temperature_max_c": 8 if trip.service == "cold" else None,
            "history": False,
            "created_by_id": home.person_id,
            "ordered_at": trip.ordered,
            "created_at": trip.ordered,
        }

    def _letter(self, letters: str) -> str:
        return letters[int(self.rng.random() * len(letters))]

    def _order_ref(self, home: Home, ordered: datetime) -> str:
        prefix = home.shipper.order_prefix
        self.refs[prefix] += 1
        return f"{prefix}{ordered:%y%m}-{self.refs[prefix]:05d}"


def _street(entry: Entry) -> str:
    return entry.address.partition(" ")[0] if entry.place.country == "CN" else entry.address


def _planned(service: str, ordered: int, *, abroad: bool) -> int:
    planned = promise.planned_delivery(
        service, instant(ordered), clock.zone(), abroad=abroad, until=None
    )
    return int(planned.timestamp())


def _measures(pieces: list[dict[str, Any]]) -> dict[str, Any]:
    gross = sum(piece["weight_g"] for piece in pieces)
    volume = sum(p["length_mm"] * p["width_mm"] * p["height_mm"] for p in pieces)
    return {
        "piece_count": len(pieces),
        "gross_weight_g": gross,
        "volume_mm3": volume,
        "chargeable_weight_g": promise.chargeable_weight_g(gross, volume),
        "declared_minor": sum(piece["value_minor"] for piece in pieces),
        "declared_currency": "CNY",
    }


def _days(now: int) -> list[float]:
    """Return the cumulated weights of the days of the history, the oldest first."""
    weights = []
    for n in range(HISTORY_DAYS):
        day = instant(now - (HISTORY_DAYS - n) * DAY)
        weekend = 0.55 if day.weekday() >= 5 else 1.0
        weights.append(SEASON[day.month - 1] * weekend * (1 + GROWTH * n / HISTORY_DAYS))
    return list(accumulate(weights))
