"""How the database would carry out the hot statements: by index, whatever the history holds."""

import pytest

from portal.accounts.access import User
from portal.accounts.roles import rights_of
from portal.consignments.queries import attention, board, many, one
from portal.consignments.rules.queues import QUEUES
from portal.core.db import db, is_sqlite
from portal.live import log
from portal.tracking import queries as tracking
from tests.counting.conftest import slow
from tests.factories import push, user_of

pytestmark = pytest.mark.both_databases
STAFF = User(person_id=0, name="", email="", rights=rights_of(None, "dispatcher"))
SORTED = "USE TEMP B-TREE FOR ORDER BY"


def faults(seen, *, may_sort=False):
    """Return the statements with a plan whose cost grows with the history."""
    bad = [(statement, plan) for statement, plan in seen if slow(plan)]
    return bad + [s for s, plan in seen if not may_sort and SORTED in plan]


def test_a_push_reads_by_index(centre, plans):
    with plans() as seen:
        push(centre.nos[0], "picked_up", source_event_id="1")
    assert seen
    assert faults(seen) == []


def test_the_relay_reads_by_index_what_is_new(centre, relayed, plans):
    with plans() as seen:
        relayed()
        push(centre.nos[0], "picked_up")
        relayed()
    assert len(seen) > 5
    assert faults(seen) == []


def test_the_relay_reads_by_index_though_statistics_mislead_it(centre, db, relayed, plans):
    """Statistics of a moment at which all was new speak against the index of what is new."""
    with db.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
    relayed()
    with plans() as seen:
        assert log.relay_once() == 0
    assert faults(seen) == []


def test_a_look_up_reads_by_index(centre, plans):
    with plans() as seen:
        tracking.happened(tracking.by_number(centre.nos[0]))
        tracking.by_numbers(centre.nos)
    assert faults(seen) == []


@pytest.mark.parametrize("sort", list(many.SORTS))
def test_every_order_of_a_members_list_is_read_along_an_index(centre, plans, sort):
    user = user_of(centre.owner, centre.company)
    with plans() as seen:
        page = many.consignments_for(user, many.Filter(sort=sort), limit=1)
        many.consignments_for(user, many.Filter(sort=sort), after=page.next, limit=1)
    assert faults(seen) == []


def test_what_changed_last_of_all_companies_is_read_along_the_indexes_of_states(centre, plans):
    """The few newest of each status are put in order: sorting them does not grow."""
    wanted = many.Filter(sort="changed")
    with plans() as seen:
        page = many.consignments_for(STAFF, wanted, limit=1)
        rest = many.consignments_for(STAFF, wanted, after=page.next)
    assert faults(seen, may_sort=True) == []
    assert all(any("ix_consignment_status_recent" in line for line in plan) for _s, plan in seen)
    assert [row.no for row in (*page.items, *rest.items)] == centre.nos[::-1]


def test_a_rare_status_of_all_companies_is_read_along_an_index(centre, plans):
    with plans() as seen:
        page = many.consignments_for(STAFF, many.Filter(status=("ordered", "lost")), limit=2)
        rest = many.consignments_for(STAFF, many.Filter(status=("ordered",)), after=page.next)
    assert faults(seen, may_sort=True) == []
    if is_sqlite(db.engine):  # PostgreSQL may choose another, by what it knows of the rows
        lines = [line for _statement, plan in seen for line in plan]
        assert sum("ix_consignment_status" in line for line in lines) == 2  # one a list
    assert [row.no for row in (*page.items, *rest.items)] == centre.nos[::-1]


def test_what_needs_attention_passes_nothing_that_is_settled(centre, plans):
    user = user_of(centre.owner, centre.company)
    with plans() as seen:
        attention.late_for(user)
        attention.wrong_for(user)
        attention.late_count_for(user)
    assert faults(seen, may_sort=True) == []
    if is_sqlite(db.engine):
        found = [line for _statement, plan in seen for line in plan if "company_status" in line]
        assert len(found) == len(seen) == 3


def test_one_status_of_a_members_list_is_read_along_an_index(centre, plans):
    user = user_of(centre.owner, centre.company)
    with plans() as seen:
        many.consignments_for(user, many.Filter(status=("ordered",)))
    assert faults(seen) == []


@pytest.mark.parametrize("queue", QUEUES, ids=lambda queue: str(getattr(queue, "name", queue)))
def test_a_queue_of_the_board_is_read_along_indexes(centre, plans, queue):
    """The few nearest of each status are put in order: sorting them does not grow."""
    found = QUEUES[queue] if isinstance(QUEUES, dict) else queue
    with plans() as seen:
        board.jobs_for(STAFF, found, board.Wanted())
    assert faults(seen, may_sort=True) == []


def test_pick_ups_are_read_along_the_index_that_holds_nothing_else(centre, plans):
    with plans() as seen:
        board.jobs_for(STAFF, next(q for q in QUEUES if q.due == "pickup_planned"), board.Wanted())
    lines = [line for _statement, plan in seen for line in plan]
    assert sum("ix_consignment_status_pickup" in line for line in lines) == 3  # one a status


def test_what_needs_attention_is_read_by_index(centre, plans):
    with plans() as seen:
        attention.late_for(STAFF)
        board.queue_counts_for(STAFF)
    assert faults(seen, may_sort=True) == []


def test_a_consignments_history_is_read_by_index(centre, plans):
    with plans() as seen:
        row = one.consignment_for(STAFF, centre.nos[0])
        one.events_of(row, internal=True)
        one.pieces_of(row)
        one.attachments_of(row)
        one.incidents_of(row)
    assert faults(seen) == []


def test_what_a_follower_missed_is_read_by_index(centre, relayed, plans):
    relayed()
    with plans() as seen:
        log.missed(f"company:{centre.company.id}", 0, log.head().position)
        log.since(0)
    assert faults(seen) == []
