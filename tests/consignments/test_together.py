"""Many at once, by several at the same moment: nobody waits for ever, every total is right."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.consignments.models import StatusCount
from portal.consignments.queries.heads import heads_for
from portal.consignments.service import batch
from portal.consignments.service import undo as undoing
from portal.consignments.service.tracking import NewEvent
from portal.core import clock, scope
from portal.core.db import db, write
from tests.factories import make_company, make_consignment, make_dispatcher, user_of

pytestmark = pytest.mark.both_databases


@pytest.fixture
def numbers(app):
    companies = [make_company() for _ in range(3)]
    return [make_consignment(companies[place % 3]).no for place in range(24)]


@pytest.fixture
def staff(app):
    return user_of(make_dispatcher())


def at_the_same_moment(app, *works):
    """Run each of ``works`` in a thread of its own; return what they returned, or raised."""
    gate, ended = threading.Barrier(len(works)), {}

    def run(place, work):
        with app.app_context():
            gate.wait()
            try:
                ended[place] = write(work)
            except Exception as error:
                ended[place] = error
            db.session.remove()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [ended[place] for place in range(len(works))]


def pushes(staff, numbers, codes, key):
    """Return the work of pushing to ``numbers``, in their order, the ``codes`` in turn."""
    at = clock.now() - timedelta(minutes=5)
    rows = [
        (no, NewEvent(code=codes[i % len(codes)], occurred_at=at, source_event_id=f"{key}:{no}"))
        for i, no in enumerate(numbers)
    ]
    return lambda on: batch.push_many(
        lambda nos: heads_for(staff, nos, on=on), rows, by=staff.person_id, on=on
    )


def counted():
    db.session.rollback()
    table = StatusCount.__table__
    query = select(table).where(table.c.count != 0).execution_options(**scope.CENTRE)
    return sorted((row.company_id, row.status, row.count) for row in db.session.execute(query))


def test_two_batches_in_opposite_order_both_end(app, numbers, staff):
    there = pushes(staff, numbers, ("pickup_assigned", "picked_up"), "a")
    back = pushes(staff, numbers[::-1], ("picked_up", "cancelled", "pickup_assigned"), "b")
    for outcomes in at_the_same_moment(app, there, back):
        assert {outcome.status for outcome in outcomes} <= {201, 409}
    assert sum(count for *_, count in counted()) == len(numbers)


def test_two_undos_in_opposite_order_both_end_and_leave_the_totals_as_they_were(
    app, numbers, staff
):
    before = counted()
    write(pushes(staff, numbers, ("pickup_assigned", "picked_up"), "a"))
    write(pushes(staff, numbers[::2], ("picked_up",), "b"))

    def undo(key, order):
        return lambda on: undoing.undo(
            lambda nos: heads_for(staff, nos, on=on), key, order, by=staff.person_id, on=on
        )

    ended = at_the_same_moment(app, undo("a", numbers), undo("b", numbers[::-2]))
    assert not [each for each in ended if isinstance(each, Exception)]
    assert {outcome.status for outcome in ended[0]} == {201}
    write(undo("b", numbers[::2]))
    assert counted() == before
