"""All commands of the warehouse, in any order, against a model that is a dictionary."""

import os
from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from portal.core import clock
from tests.warehousing.machine.caring import Caring
from tests.warehousing.machine.coming import Coming
from tests.warehousing.machine.going import Going
from tests.warehousing.machine.world import (
    Clock,
    World,
    amounts,
    may,
    numbers,
    one,
    whatever,
)

pytestmark = pytest.mark.both_databases
#: More of them by the environment: ``WAREHOUSE_EXAMPLES=500 pytest tests/warehousing -k machine``.
EXAMPLES = int(os.environ.get("WAREHOUSE_EXAMPLES", "4"))
STEPS = 200


class Everything(Coming, Going, Caring):
    """All that may happen in a warehouse."""

    @may(weight=4, n=numbers, quantity=amounts)
    def goods_come(self, n, quantity):
        self.receive(n, n, quantity, "good", True)
        self.put_away(n, n, False)

    @may(weight=16, n=numbers, farthest=st.booleans())
    def an_order_goes_on(self, n, farthest):
        found = sorted(self.orders(*NEXT), key=lambda order: list(NEXT).index(order.status))
        order = found[-1] if found and farthest else one(found, n)
        for step in NEXT[order.status] if order else ():
            step(self, n)


#: Status of an order → what is done next.
NEXT = {
    "allocated": (lambda all_, n: all_.make_a_wave(n % 2, n), Going.release_a_wave),
    "released": (lambda all_, n: all_.begin_a_walk(n % 2),),
    "picking": (lambda all_, n: all_.pick(n, False),),
    "picked": (lambda all_, n: all_.check(n, True),),
    "checked": (lambda all_, n: all_.pack(n, True), Going.close_a_carton),
    "packed": (Going.stage,),
    "staged": (Going.load, Going.ship),
}


class Warehouse(Everything):
    """Any of it, in any order."""

    @rule(what=whatever(Everything))
    def something_happens(self, what):
        name, drawn = self.last = what
        getattr(self, name)(**drawn)


def test_the_warehouse_does_what_a_dictionary_does(app, monkeypatch):
    monkeypatch.setattr(clock, "now", Clock.now)
    World.did = Counter()
    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    run_state_machine_as_test(
        Warehouse,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            phases=[Phase.generate],
            database=None,
            suppress_health_check=checks,
        ),
    )
    assert {"receive", "put away", "order", "pick"} <= set(World.did), World.did
