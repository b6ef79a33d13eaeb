"""Orders on the floor at any stage with one call; say only what the test is about."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select

from portal.core import scope
from portal.core.db import db, transaction, write
from portal.fulfilment import carriage
from portal.warehousing.ledger.models import Movement
from portal.warehousing.outbound import shipping
from portal.warehousing.outbound.models import (
    Carton,
    CartonType,
)
from portal.warehousing.outbound.service import (
    checking,
    closing,
    loading,
    packing,
    picking,
    states,
)
from portal.warehousing.outbound.service.closing import Scales
from portal.warehousing.outbound.service.handling import Hand
from tests.factories import make_company, make_person
from tests.warehousing.making import (
    balances,
    make_location,
    make_sku,
    make_stock,
    make_warehouse,
)
from tests.warehousing.outbound_making import make_order, order_of, rows

PREFIX = "6901234"


@dataclass
class Floor:
    """A warehouse with a staging place, its owner, his goods, and a person who works there."""

    company: Any
    warehouse: Any
    pick: Any
    stage: Any
    lane: Any
    hand: Hand
    box: int


def make_floor() -> "Floor":
    """Make a floor; what leaves it is carried as consignments."""
    shipping.provide(carriage.carry)
    warehouse = make_warehouse()
    return Floor(
        make_company(),
        warehouse,
        make_location(warehouse, code="B07"),
        make_location(warehouse, "stage", code="T1"),
        make_location(warehouse, "stage", code="LANE"),
        Hand(make_person(staff_role="warehouse").id),
        make_box(),
    )


def make_box():
    """Make a kind of carton: 21 × 11 × 14 cm, 80 g."""
    names = {"en": "Carton"}
    sides = {"length_mm": 210, "width_mm": 110, "height_mm": 140, "wall_mm": 4}
    values = {"code": "T8", "names": names, "tare_g": 80, "most_weight_g": 5000, "active": True}
    made = insert(CartonType.__table__).values(**values, **sides).returning(CartonType.id)
    with transaction():
        return db.session.scalar(made)


def released(floor, *wanted, **columns):
    """Return an order that is given to the floor."""
    order = make_order(floor.company, floor.warehouse, *wanted, **columns)
    return write(lambda on: states.advance(order, "released", by=None, on=on))


def begun(floor, *orders):
    """Begin to pick orders; return the walk."""
    return write(lambda on: picking.begin(orders, floor.stage.id, floor.hand, on=on))


def take(floor, walk, balance, quantity):
    """Take so much from a balance on a walk."""
    wanted = Decimal(quantity)
    return write(lambda on: picking.take(walk, balance.id, wanted, floor.hand, on=on))


def at(location, sku=None):
    """Return what lies at a location, of goods."""
    found = [b for b in balances(location_id=location.id) if b.on_hand]
    return [b for b in found if sku is None or b.sku_id == sku.id]


def picked(floor, quantity=4, **goods):
    """Return an order that is picked, and its goods."""
    sku = make_sku(floor.company, **goods)
    make_stock(sku, floor.pick, 10)
    order = released(floor, (sku, quantity))
    walk = begun(floor, order)
    take(floor, walk, at(floor.pick, sku)[0], quantity)
    return order_of(order.ref), sku


def checked(floor, quantity=4, **goods):
    """Return an order that is checked, and its goods."""
    order, sku = picked(floor, quantity, **goods)
    write(lambda on: checking.count(order, sku.id, Decimal(quantity), floor.hand, on=on))
    return order_of(order.ref), sku


def begin_carton(floor, order):
    """Begin a carton of an order."""
    kind = floor.box
    return write(lambda on: packing.begin(order, kind, floor.hand, prefix=PREFIX, on=on))


def put_in(floor, order, carton, sku, quantity):
    """Put goods into a carton."""
    wanted = Decimal(quantity)
    write(lambda on: packing.put_in(order, carton.id, sku.id, wanted, hand=floor.hand, on=on))


def close(floor, order, carton, weight_g, **said):
    """Close a carton with what the scales show."""
    scales = Scales(weight_g=weight_g, **said)
    return write(lambda on: closing.close(order, carton.id, scales, floor.hand, on=on))


def packed(floor, quantity=4):
    """Return an order that is packed, its goods and its carton."""
    order, sku = checked(floor, quantity)
    carton = begin_carton(floor, order)
    put_in(floor, order, carton, sku, quantity)
    close(floor, order, carton, 80 + 500 * quantity)
    return order_of(order.ref), sku, rows(Carton, id=carton.id)[0]


def staged(floor, quantity=4):
    """Return an order that is staged, its goods and its carton."""
    order, sku, carton = packed(floor, quantity)
    write(lambda on: closing.stage(order, carton.id, floor.lane.id, floor.hand, on=on))
    return order_of(order.ref), sku, carton


def loaded(floor):
    """Return an order that is loaded, its goods and its carton."""
    order, sku, carton = staged(floor)
    write(lambda on: loading.load(order, carton.id, floor.hand, on=on))
    return order, sku, carton


def ship(floor, order):
    """Let an order leave."""
    return write(lambda on: loading.ship(order, floor.hand, prefix=PREFIX, on=on))


def movements(order):
    """Return the kinds of movements of an order, in turn."""
    found = select(Movement.kind).where(Movement.document == order.ref).order_by(Movement.id)
    return list(db.session.scalars(found.execution_options(**scope.CENTRE)))
