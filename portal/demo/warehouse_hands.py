"""Hands of the demo's warehouse: they do with an order what people on the floor do with it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from random import Random
from typing import Any
from unittest.mock import patch

from sqlalchemy import Connection

from portal.consignments.rules import numbers
from portal.core import clock
from portal.core.errors import Refused
from portal.warehousing.outbound.queries import packs, walks
from portal.warehousing.outbound.rules import cartons as carton_rules
from portal.warehousing.outbound.rules import orders as rules
from portal.warehousing.outbound.service import (
    cartons,
    checking,
    closing,
    loading,
    packing,
    picking,
    states,
    waves,
)
from portal.warehousing.outbound.service.closing import Scales
from portal.warehousing.outbound.service.handling import Hand
from portal.warehousing.outbound.service.waves import NewWave
from portal.warehousing.sites.queries import first_location

_UNKNOWN_G = 1000  # of goods that were never weighed


@dataclass(frozen=True)
class Hands:
    """Who works in which warehouse, and the GS1 company prefix of the centre."""

    warehouse_id: int
    person_id: int
    prefix: str

    @property
    def hand(self) -> Hand:
        """Whose hand it is."""
        return Hand(self.person_id)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let the clock show ``moment`` while a story of the past is told."""
    with patch.object(clock, "now", lambda: moment):
        yield


@contextmanager
def numbered(rng: Random) -> Iterator[None]:
    """Let consignments get numbers that can be repeated: the same seed tells the same story."""
    made = partial(numbers.new_number, rng.choice)
    with patch.object(numbers, "new_number", made):
        yield


def release(order: Any, hands: Hands, on: Connection) -> None:
    """Give an order that is allocated to the floor, in the wave it has or in one of its own."""
    if order.wave_id is not None:
        waves.release(order.wave_id, by=hands.person_id, on=on)
        return
    new = NewWave(warehouse_id=order.warehouse_id, orders=[(order.id, order.company_id)])
    wave = waves.make(new, by=hands.person_id, on=on)
    waves.release(wave.id, by=hands.person_id, on=on)


def begin(order: Any, hands: Hands, on: Connection) -> str:
    """Begin to pick an order; return the walk."""
    stage = first_location(order.warehouse_id, "stage", on)
    if stage is None:
        raise Refused("This warehouse has no staging place.")
    return picking.begin([order], stage.id, hands.hand, on=on)


def pick(order: Any, hands: Hands, on: Connection) -> None:
    """Pick all of an order, stop by stop."""
    walk = begin(order, hands, on)
    for stop in walks.walk_at(order.warehouse_id, walk, on=on).stops:
        picking.take(walk, stop.first.balance_id, stop.quantity, hands.hand, on=on)


def pick_some(order: Any, hands: Hands, on: Connection) -> None:
    """Pick the first stop of an order; the rest waits."""
    walk = begin(order, hands, on)
    stops = walks.walk_at(order.warehouse_id, walk, on=on).stops
    if len(stops) > 1:
        picking.take(walk, stops[0].first.balance_id, stops[0].quantity, hands.hand, on=on)


def check(order: Any, hands: Hands, on: Connection) -> None:
    """Count all that was picked, line by line."""
    for line in states.lines_of(order, on=on):
        if line.picked > line.checked:
            checking.count(order, line.sku_id, line.picked - line.checked, hands.hand, on=on)


def pack(order: Any, hands: Hands, on: Connection) -> None:
    """Pack all of an order into the cartons that are proposed, and weigh them."""
    items = [
        cartons.item_of(_Open(line))
        for line in packs.lines_of(order, on=on)
        if line.picked > line.packed
    ]
    for proposal in carton_rules.plan(cartons.boxes(on=on), items):
        kind = proposal.box.id if proposal.box else None
        carton = packing.begin(order, kind, hands.hand, prefix=hands.prefix, on=on)
        for item in proposal.items:
            packing.put_in(order, carton.id, item.key, item.quantity, hand=hands.hand, on=on)
        tare = proposal.box.tare_g if proposal.box else 0
        expected = carton_rules.expected_g(tare, proposal.items)
        weight = (expected or _UNKNOWN_G) + carton.number % 3 * 7
        closing.close(order, carton.id, Scales(weight_g=weight), hands.hand, on=on)


class _Open:
    """A line as the rules of cartons take it: what of it is still to be packed."""

    def __init__(self, line: Any) -> None:
        self.sku_id, self.quantity = line.sku_id, line.picked - line.packed
        self.weight_g, self.length_mm = line.weight_g, line.length_mm
        self.width_mm, self.height_mm = line.width_mm, line.height_mm


def stage(order: Any, hands: Hands, on: Connection) -> None:
    """Lay all cartons of an order down for their vehicle."""
    place = first_location(order.warehouse_id, "stage", on)
    for carton in cartons.all_of(order, on=on):
        if place is not None and carton.status == "packed":
            closing.stage(order, carton.id, place.id, hands.hand, on=on)


def ship(order: Any, hands: Hands, on: Connection) -> None:
    """Load all cartons of an order and let it leave."""
    for carton in cartons.all_of(order, on=on):
        if carton.status == "staged":
            loading.load(order, carton.id, hands.hand, on=on)
    loading.ship(order, hands.hand, prefix=hands.prefix, on=on)


Step = Callable[[Any, Hands, Connection], None]
#: Status → what is done with an order that has it, and which status it has then.
STEPS: dict[str, tuple[Step, str]] = {
    rules.ALLOCATED: (release, rules.RELEASED),
    rules.RELEASED: (pick, rules.PICKED),
    rules.PICKING: (pick, rules.PICKED),
    rules.PICKED: (check, rules.CHECKED),
    rules.CHECKED: (pack, rules.PACKED),
    rules.PACKED: (stage, rules.STAGED),
    rules.STAGED: (ship, rules.SHIPPED),
}


def step(order: Any, hands: Hands, on: Connection) -> Any:
    """Do with an order what comes next; return its row as it is then."""
    STEPS[order.status][0](order, hands, on)
    return states.locked(order.id, order.company_id, on=on)


def bring(order: Any, status: str, hands: Hands, on: Connection) -> Any:
    """Bring an order that is allocated to ``status`` on the floor; return its row."""
    while order.status != status and order.status in STEPS:
        if status == rules.PICKING and order.status == rules.RELEASED:
            pick_some(order, hands, on)
            return states.locked(order.id, order.company_id, on=on)
        order = step(order, hands, on)
    return order
