"""Every verb of the ledger, in any order, against a model that is a dictionary."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from portal.core import clock, scope
from portal.core.db import db, write
from portal.core.errors import Refused
from portal.warehousing.ledger import history
from portal.warehousing.ledger.models import Allocation, StockTotal
from portal.warehousing.ledger.queries import verifying
from portal.warehousing.ledger.rules import Leg, Posting
from portal.warehousing.ledger.service import reserving, snapshots
from portal.warehousing.ledger.service.posting import post, reverse
from portal.warehousing.ledger.service.reserving import For
from tests.factories import make_company
from tests.warehousing.making import (
    balances,
    make_location,
    make_lot,
    make_sku,
    make_warehouse,
)

pytestmark = pytest.mark.both_databases
quantities = st.integers(1, 9000).map(lambda n: Decimal(n).scaleb(-3))
places, lots = st.integers(0, 2), st.integers(0, 1)
conditions = st.sampled_from(["approved", "approved", "on_hold"])
LINE = "outbound"


class Clock:
    """Goes on by itself, through all examples, and never back."""

    at = datetime(2026, 3, 1, tzinfo=UTC)

    @classmethod
    def now(cls) -> datetime:
        """Return the next second."""
        cls.at += timedelta(seconds=1)
        return cls.at


class Ledger(RuleBasedStateMachine):
    """The ledger beside its model: (place, lot, status) → on hand; allocation → what it holds."""

    @initialize()
    def begin(self):
        company = make_company()
        self.owner = company.id
        self.warehouse = make_warehouse()
        self.places = [make_location(self.warehouse) for _ in range(3)]
        self.sku = make_sku(company)
        self.lots = [make_lot(self.sku, code) for code in ("A", "B")]
        self.held = defaultdict(Decimal)
        self.promises = {}  # allocation → [key, quantity, line]
        self.done = []  # (movement, legs)
        self.undone = set()
        self.past = []  # (instant, what there was)
        self.line = 0

    # What the model knows.

    def promised(self, key):
        return sum((p[1] for p in self.promises.values() if p[0] == key), Decimal(0))

    def free(self, key):
        return self.held[key] - self.promised(key)

    def leg(self, key, quantity, allocated=0):
        place, lot, status = key
        return Leg(
            sku_id=self.sku.id,
            lot_id=self.lots[lot].id,
            location_id=self.places[place].id,
            quantity=quantity,
            status=status,
            allocated=Decimal(allocated),
        )

    def posting(self, kind, legs=()):
        return Posting(
            kind=kind,
            company_id=self.owner,
            warehouse_id=self.warehouse.id,
            legs=legs,
            actor_id=None,
        )

    def balance(self, key):
        place, lot, status = key
        (row,) = balances(
            location_id=self.places[place].id, lot_id=self.lots[lot].id, status=status
        )
        return row.id

    def move(self, kind, changes):
        """Post (key, quantity) pairs; expect a refusal exactly where not enough is free."""
        legs = [self.leg(*change) for change in changes]
        if any(q < 0 and self.free(key) < -q for key, q in changes):
            with pytest.raises(Refused):
                write(lambda on: post(self.posting(kind, legs), on=on))
            return
        posted = write(lambda on: post(self.posting(kind, legs), on=on))
        self.happened(posted, changes)

    def happened(self, posted, changes):
        for key, quantity in changes:
            self.held[key] += quantity
        self.done.append((posted.id, changes))
        self.remember(posted.at)

    def remember(self, at):
        self.past.append((at, {key: q for key, q in self.held.items() if q}))

    # What may happen.

    @rule(place=places, lot=lots, status=conditions, quantity=quantities)
    def receive(self, place, lot, status, quantity):
        self.move("receive", [((place, lot, status), quantity)])

    @rule(place=places, lot=lots, status=conditions, quantity=quantities)
    def issue(self, place, lot, status, quantity):
        self.move("issue", [((place, lot, status), -quantity)])

    @rule(place=places, lot=lots, status=conditions, quantity=quantities, more=st.booleans())
    def adjust(self, place, lot, status, quantity, more):
        self.move("adjust", [((place, lot, status), quantity if more else -quantity)])

    @rule(here=places, there=places, lot=lots, status=conditions, quantity=quantities)
    def carry_elsewhere(self, here, there, lot, status, quantity):
        legs = [((here, lot, status), -quantity), ((there, lot, status), quantity)]
        self.move("move", legs)

    @rule(place=places, lot=lots, quantity=quantities, hold=st.booleans())
    def change_status(self, place, lot, quantity, hold):
        one, other = ("approved", "on_hold") if hold else ("on_hold", "approved")
        self.move("status", [((place, lot, one), -quantity), ((place, lot, other), quantity)])

    @rule(place=places, lot=lots, quantity=quantities)
    def reserve(self, place, lot, quantity):
        key = (place, lot, "approved")
        if not self.held[key]:
            return
        self.line += 1
        for_ = For(self.owner, LINE, self.line)
        balance = self.balance(key)
        made = write(lambda on: reserving.reserve(balance, quantity, for_, on=on))
        assert (made is not None) == (self.free(key) >= quantity)
        if made is not None:
            self.promises[made] = [key, quantity, self.line]

    def rows(self, line):
        return write(lambda on: reserving.promised(For(self.owner, LINE, line), on=on))

    @precondition(lambda self: self.promises)
    @rule(data=st.data(), quantity=quantities)
    def release(self, data, quantity):
        made = data.draw(st.sampled_from(sorted(self.promises)))
        promise = self.promises[made]
        if quantity > promise[1]:
            with pytest.raises(Refused):
                write(lambda on: reserving.release(made, quantity, self.owner, on=on))
            return
        write(lambda on: reserving.release(made, quantity, self.owner, on=on))
        self.lessen(made, quantity)

    def lessen(self, made, quantity):
        self.promises[made][1] -= quantity
        if not self.promises[made][1]:
            del self.promises[made]

    @precondition(lambda self: self.promises)
    @rule(data=st.data(), there=places, part=st.booleans())
    def pick(self, data, there, part):
        made = data.draw(st.sampled_from(sorted(self.promises)))
        key, quantity, line = self.promises[made]
        taken = min(quantity, Decimal("0.5")) if part else quantity
        row = next(row for row in self.rows(line) if row.id == made)
        to, posting = self.places[there].id, self.posting("pick")
        carried, posted = write(
            lambda on: reserving.carry(row, taken, posting, to=to, on=on),
        )
        self.lessen(made, taken)
        goal = (there, key[1], key[2])
        self.happened(posted, [(key, -taken), (goal, taken)])
        self.promises[carried] = [goal, taken, line]

    @precondition(lambda self: self.promises)
    @rule(data=st.data())
    def ship(self, data):
        made = data.draw(st.sampled_from(sorted(self.promises)))
        line = self.promises[made][2]
        rows = self.rows(line)
        posted = write(lambda on: reserving.consume(rows, self.posting("issue"), on=on))
        changes = [(self.promises[row.id][0], -row.quantity) for row in rows]
        for row in rows:
            del self.promises[row.id]
        self.happened(posted, changes)

    @precondition(lambda self: self.done)
    @rule(data=st.data())
    def undo(self, data):
        number, changes = data.draw(st.sampled_from(self.done))
        needed = defaultdict(Decimal)
        against = [(key, -quantity) for key, quantity in changes]
        is_possible = number not in self.undone and self.can(against, needed)
        work = lambda on: reverse(number, self.owner, by=None, note="n", on=on)  # noqa: E731
        if not is_possible:
            with pytest.raises(Refused):
                write(work)
            return
        posted = write(work)
        self.undone |= {number, posted.id}
        self.happened(posted, against)

    def can(self, changes, needed):
        for key, quantity in changes:
            if quantity < 0:
                needed[key] -= quantity
        return all(self.free(key) >= wanted for key, wanted in needed.items())

    @rule()
    def a_day_passes(self):
        Clock.at += timedelta(days=1)
        snapshots.run()

    # What must be so after each of it.

    @invariant()
    def balances_are_those_of_the_model(self):
        rows = balances(sku_id=self.sku.id)
        db.session.rollback()
        where = {place.id: n for n, place in enumerate(self.places)}
        which = {lot.id: n for n, lot in enumerate(self.lots)}
        found = {
            (where[row.location_id], which[row.lot_id], row.status): (row.on_hand, row.allocated)
            for row in rows
            if row.on_hand
        }
        assert found == {key: (q, self.promised(key)) for key, q in self.held.items() if q}

    @invariant()
    def totals_are_those_of_the_model(self):
        table = StockTotal.__table__
        mine = select(table).where(table.c.sku_id == self.sku.id)
        row = db.session.execute(mine.execution_options(**scope.CENTRE)).first()
        db.session.rollback()
        figures = (row.on_hand, row.allocated, row.on_hold) if row else (0, 0, 0)
        on_hold = sum(q for key, q in self.held.items() if key[2] != "approved")
        promised = sum(p[1] for p in self.promises.values())
        assert figures == (sum(self.held.values()), promised, on_hold)

    @invariant()
    def promises_are_those_of_the_model(self):
        table = Allocation.__table__
        mine = select(table.c.id, table.c.quantity).where(
            table.c.company_id == self.owner, table.c.quantity > 0
        )
        rows = db.session.execute(mine.execution_options(**scope.CENTRE)).all()
        db.session.rollback()
        assert {row.id: row.quantity for row in rows} == {n: p[1] for n, p in self.promises.items()}

    @precondition(lambda self: self.past)
    @rule(data=st.data())
    def look_back(self, data):
        at, then = data.draw(st.sampled_from(self.past))
        assert self.there_was(at) == then

    def there_was(self, at):
        with db.engine.connect() as on:
            rows = history.as_of(self.sku.id, at, on)
            many = history.as_of_many([self.sku.id], self.owner, at, on)
        assert many[self.sku.id] == rows
        where = {place.id: n for n, place in enumerate(self.places)}
        which = {lot.id: n for n, lot in enumerate(self.lots)}
        return {(where[r.location_id], which[r.lot_id], r.status): r.quantity for r in rows}

    def teardown(self):
        """Look back at all of it, and have the proof made."""
        for at, then in getattr(self, "past", []):
            assert self.there_was(at) == then
        with db.engine.connect() as on:
            assert list(verifying.differences(on)) == []


def test_the_ledger_does_what_a_dictionary_does(app, monkeypatch):
    monkeypatch.setattr(clock, "now", Clock.now)
    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=20,
            stateful_step_count=40,
            deadline=None,
            phases=[Phase.generate],
            database=None,
            suppress_health_check=checks,
        ),
    )
