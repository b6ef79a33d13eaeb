"""Counts of incidents equal a recount, whatever happens to them."""

from contextlib import suppress
from datetime import timedelta
from random import Random

import pytest

from portal.consignments.queries.one import head_for
from portal.consignments.service import retractions
from portal.consignments.service.incidents import handling
from portal.core import clock
from portal.core.db import db, transaction, write
from portal.core.errors import PortalError
from tests.consignments.test_incidents import all_of, assert_counted, change, work
from tests.factories import make_company, make_consignment, make_dispatcher, push, user_of

pytestmark = pytest.mark.both_databases
CODES = (
    "picked_up",
    "hub_arrived",
    "hub_departed",
    "dest_city",
    "out_for_delivery",
    "delivery_failed",
    "delivered",
    "incident",
    "incident",
    "incident_resolved",
)
REASONS = ("damaged", "temperature", "weather", "wrong_address", None)
ACTS = 60


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_counts_equal_a_recount_under_random_histories(app, seed):
    rng = Random(seed)
    companies = [make_company() for _ in range(2)]
    numbers = [make_consignment(rng.choice(companies)).no for _ in range(4)]
    clerk, pushed = make_dispatcher(), []
    for _ in range(ACTS):
        with suppress(PortalError):
            act(rng, rng.choice(numbers), clerk, pushed)
    assert all_of()
    assert_counted()


def act(rng, no, clerk, pushed):
    """Let one thing happen: an event, its withdrawal, time, a person."""
    kind = rng.random()
    if kind < 0.45:
        shown = rng.random() < 0.8
        made = push(no, rng.choice(CODES), reason=rng.choice(REASONS), published=shown)
        pushed.append((no, made.id))
    elif kind < 0.55 and pushed:
        withdraw(*rng.choice(pushed), clerk)
    elif kind < 0.7:
        late = clock.now() - timedelta(hours=rng.randrange(60))
        change(no, delivery_planned=late, head_at=late, check_at=late)
        work()
    else:
        handle(rng, clerk)


def withdraw(no, event_id, clerk):
    asker = user_of(clerk)
    write(
        lambda on: retractions.retract(
            head_for(asker, no, on=on), event_id, reason=None, by=clerk.id, source="manual", on=on
        )
    )


def handle(rng, clerk):
    rows = all_of()
    if not rows:
        return
    refs = [row.ref for row in rng.sample(rows, min(len(rows), rng.randrange(1, 4)))]
    verb = rng.choice(("acknowledged", "working", "assigned", "resolved", "written_off", "undo"))
    with transaction():
        on, by = db.session.connection(), clerk.id
        if verb == "undo":
            handling.undo(refs, by=by, on=on)
        elif verb == "assigned":
            handling.assign(refs, clerk.id, by=by, on=on)
        elif verb in ("resolved", "written_off"):
            reason = {"resolved": "put_right", "written_off": "mistake"}[verb]
            said = {"reason": reason, "note": None, "note_visible": False}
            handling.close(refs, verb, by=by, on=on, **said)
        else:
            handling.advance(refs, verb, by=by, on=on)
