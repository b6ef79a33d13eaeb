"""Two owners in two warehouses, what the model keeps of them, and what must always be so."""

import inspect
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant
from sqlalchemy import insert, select

from portal.core import scope
from portal.core.db import db, transaction, write
from portal.core.errors import PortalError
from portal.warehousing.kits.rules import Part
from portal.warehousing.kits.service import recipes
from portal.warehousing.ledger import history
from portal.warehousing.ledger.models import Allocation, Balance, Lot
from portal.warehousing.ledger.queries import verifying
from portal.warehousing.ledger.service import snapshots
from portal.warehousing.outbound.models import CartonType
from portal.warehousing.outbound.service.handling import Hand
from tests.factories import make_company, make_person
from tests.warehousing.making import (
    make_location,
    make_lot,
    make_sku,
    make_stock,
    make_warehouse,
)

numbers = st.integers(0, 999)
amounts = st.integers(1, 6).map(Decimal)
owners = houses = st.integers(0, 1)
NOTHING = Decimal(0)
TWICE = Decimal(2)
PLACES = ("pick", "pick", "reserve", "hold")


def may(weight=1, **drawn):
    """Let something happen with what is drawn for it, ``weight`` times as often as the rest.

    Hypothesis leaves rules out of each example at random; so many would then never meet.
    """

    def decorate(command):
        command.drawn, command.weight = drawn, weight
        return command

    return decorate


def whatever(machine):
    """Return the strategy of all that may happen in a machine: (name, what is drawn for it)."""
    found = {name: each for name, each in inspect.getmembers(machine) if hasattr(each, "drawn")}
    names = [name for name, each in found.items() for _ in range(each.weight)]
    drawn = {name: st.fixed_dictionaries(each.drawn) for name, each in found.items()}
    return st.sampled_from(names).flatmap(lambda name: st.tuples(st.just(name), drawn[name]))


class Clock:
    """Goes on by itself, through all examples, and never back."""

    at = datetime(2026, 3, 2, 8, tzinfo=UTC)

    @classmethod
    def now(cls):
        """Return the next second."""
        cls.at += timedelta(seconds=1)
        return cls.at


class House:
    """A warehouse with one place of each kind, and two for picking."""

    def __init__(self):
        self.row = make_warehouse()
        self.id = self.row.id
        self.lane = make_location(self.row, "receive")
        self.shelves = [make_location(self.row, kind) for kind in PLACES]
        self.stage, self.gate = (make_location(self.row, "stage") for _ in range(2))
        self.back = make_location(self.row, "return")


class Owner:
    """A company with plain goods, goods by lot, and sets of both."""

    def __init__(self):
        self.company = SimpleNamespace(id=make_company().id)  # it outlives the session
        self.id = self.company.id
        self.plain, self.kit = make_sku(self.company), make_sku(self.company)
        self.by_lot = make_sku(self.company, lot_policy="lot")
        self.skus = {sku.id: sku for sku in (self.plain, self.by_lot, self.kit)}
        self.lots = {
            self.plain.id: [make_lot(self.plain)],
            self.by_lot.id: [make_lot(self.by_lot, code) for code in ("A", "B")],
            self.kit.id: [make_lot(self.kit)],
        }
        parts = [Part(self.plain.id, TWICE), Part(self.by_lot.id, Decimal(1))]
        write(lambda on: recipes.write(self.kit, parts, "", by=None, on=on))

    def lot(self, sku, n):
        """Return a lot of goods by a number."""
        return one(self.lots[sku.id], n)


def one(rows, n):
    """Return one of the rows by a number; None: there is none."""
    return rows[n % len(rows)] if rows else None


class World(RuleBasedStateMachine):
    """The model: (SKU, lot, location, status) → on hand, changed as each command says."""

    did = Counter()  # name of a command → how often it was done, in all examples

    @initialize()
    def begin(self):
        self.houses = [House(), House()]
        self.owners = [Owner(), Owner()]
        self.people = [make_person(staff_role="warehouse").id for _ in range(4)]
        self.hand = Hand(self.people[0])
        self.box = _box()
        self.held = defaultdict(Decimal)
        self.past = []
        self.is_new = True
        self.last = None  # for who reads a failure
        for owner in self.owners:
            for lots in owner.lots.values():
                self.fill(owner.skus[lots[0].sku_id], lots[-1])

    def fill(self, sku, lot):
        """Begin with goods in both warehouses."""
        for house in self.houses:
            for place in house.shelves[:2]:
                make_stock(sku, place, 6, lot=lot)
                self.held[sku.id, lot.id, place.id, "approved"] += 6

    def owner_of(self, row):
        return next(owner for owner in self.owners if owner.id == row.company_id)

    def sku_of(self, row):
        return self.owner_of(row).skus[row.sku_id]

    def house_of(self, row):
        return next(house for house in self.houses if house.id == row.warehouse_id)

    def all(self, model, *conditions):
        """Return rows as they are committed, by id; those of other examples' owners are not."""
        table = model.__table__
        wanted = select(table).where(*conditions).order_by(table.c.id)
        if "company_id" in table.c:
            wanted = wanted.where(table.c.company_id.in_([owner.id for owner in self.owners]))
        elif "warehouse_id" in table.c:
            wanted = wanted.where(table.c.warehouse_id.in_([house.id for house in self.houses]))
        found = db.session.execute(wanted.execution_options(**scope.CENTRE)).all()
        db.session.rollback()
        return found

    def do(self, work, *changes, totals=None):
        """Run a command; note what it changes: (key, quantity) pairs, or SKU → how much in all.

        Where it is refused, nothing may have changed: the invariants look.
        """
        self.is_new = True
        try:
            answer = write(work)
        except PortalError as error:
            self.refusal = str(error)  # for who reads a failure
            return None
        if totals is not None:
            self._adopt(totals)
        for key, quantity in changes:
            self.held[key] += quantity
        return answer if answer is not None else True

    def done(self, name):
        """Count a command that was carried out."""
        World.did[name] += 1

    def _adopt(self, totals):
        """Take over where goods are now, if there is as much of each as the command says."""
        found = self.observed()
        change = defaultdict(Decimal)
        for places, sign in ((found, 1), (self.held, -1)):
            for key, quantity in places.items():
                change[key[0]] += sign * quantity
        assert {k: q for k, q in change.items() if q} == {k: q for k, q in totals.items() if q}
        self.held = defaultdict(Decimal, found)

    def observed(self):
        found = defaultdict(Decimal)
        for row in self.all(Balance, Balance.on_hand > 0):
            found[row.sku_id, row.lot_id, row.location_id, row.status] += row.on_hand
        return found

    def free(self):
        """Return balances of which something is not promised."""
        return self.all(Balance, Balance.on_hand > Balance.allocated)

    @may()
    def a_day_passes(self):
        Clock.at += timedelta(days=1)
        snapshots.run()

    @invariant()
    def all_is_well(self):
        if self.is_new:
            self.check_stock()
            self.check_promises()
            self.check_holds()
        self.is_new = False

    def check_stock(self):
        """What lies is what the model says."""
        found = self.observed()
        keys = {*found, *self.held}
        both = {key: (found.get(key, NOTHING), self.held.get(key, NOTHING)) for key in keys}
        other = {key: pair for key, pair in both.items() if pair[0] != pair[1]}
        assert not other, f"{other} after {self.last}"
        self.past.append((Clock.at, dict(found)))

    def check_promises(self):
        """No more is promised than there is, and each promise is somebody's."""
        promised = defaultdict(Decimal)
        for row in self.all(Allocation, Allocation.quantity > 0):
            promised[row.balance_id] += row.quantity
        for row in self.all(Balance):
            assert NOTHING <= row.allocated <= row.on_hand
            assert row.allocated == promised[row.id]
            assert not row.allocated or row.status == "approved"

    def check_holds(self):
        """Nothing of a lot on hold is free."""
        held = {lot.id for lot in self.all(Lot, Lot.status != "approved")}
        assert not [row for row in self.free() if row.lot_id in held and row.status == "approved"]

    def teardown(self):
        """Look back to each step, and have the proof made."""
        skus = [sku for owner in getattr(self, "owners", []) for sku in owner.skus]
        with db.engine.connect() as on:
            for at, then in getattr(self, "past", [])[::3]:
                assert self._there_was(skus, at, on) == then
            assert list(verifying.differences(on)) == []

    def _there_was(self, skus, at, on):
        found = defaultdict(Decimal)
        for sku, places in history.as_of_many(skus, None, at, on).items():
            for each in places:
                found[sku, each.lot_id, each.location_id, each.status] += each.quantity
        return {key: quantity for key, quantity in found.items() if quantity}


def _box():
    sides = {"length_mm": 800, "width_mm": 800, "height_mm": 800, "wall_mm": 4}
    values = {"names": {"en": "Box"}, "tare_g": 80, "most_weight_g": 900_000, "active": True}
    code = f"M{make_serial()}"
    made = insert(CartonType.__table__).values(code=code, **values, **sides)
    with transaction():
        return db.session.scalar(made.returning(CartonType.id))


def make_serial(counter=Counter()):  # noqa: B006 - numbers go on through all examples
    """Return the next number."""
    counter["box"] += 1
    return counter["box"]
