"""The statements of incidents: by index, unsorted, and none for an ordinary event."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from portal.consignments.models import Consignment
from portal.consignments.queries import incidents
from portal.consignments.queries.incidents import Wanted
from portal.consignments.service.incidents import telling, watching
from portal.core import clock, scope
from portal.core.db import db, transaction
from tests.counting.test_plans import STAFF, faults
from tests.factories import push, user_of
from workers import relay

pytestmark = pytest.mark.both_databases


def test_what_happened_and_what_is_due_is_read_by_index(centre, plans):
    relay.run_once()
    with plans() as seen:
        watching.read_log({})
    assert faults(seen) == []
    with transaction():
        due = update(Consignment.__table__).values(check_at=clock.now() - timedelta(hours=1))
        db.session.execute(due.execution_options(**scope.CENTRE))
    with plans() as seen:
        watching.check_due({})
        db.session.scalars(telling.due_companies(clock.now())).all()
    assert len(seen) > 3
    assert faults(seen, may_sort=True) == []  # a batch is locked in the order of its numbers


def test_what_is_due_is_read_along_the_index_of_looks(centre, plans):
    with plans() as seen:
        db.session.scalars(watching.DUE, {"now": clock.now()}).all()
        db.session.scalars(telling.due_companies(clock.now())).all()
    lines = " ".join(line for _statement, plan in seen for line in plan)
    assert "ix_consignment_check" in lines
    assert "ix_incident_tell" in lines


@pytest.mark.parametrize("state", ["", "open", "resolved"])
def test_the_queue_is_read_along_the_clock(centre, plans, state):
    for no in centre.nos[:3]:
        push(no, "incident", reason="damaged")
    with plans() as seen:
        page = incidents.incidents_for(STAFF, Wanted(state=state), limit=1)
        incidents.incidents_for(STAFF, Wanted(state=state), after=page.next, limit=1)
        incidents.overdue_count_for(STAFF)
        incidents.open_by_consignment(STAFF, [1, 2])
    assert faults(seen, may_sort=False) == []


def test_a_company_s_own_are_read_by_index(centre, plans):
    push(centre.nos[0], "incident", reason="damaged")
    user = user_of(centre.owner, centre.company)
    with plans() as seen:
        incidents.incidents_for(user, Wanted())
        incidents.counts_for(user)
    assert faults(seen, may_sort=True) == []


def test_an_ordinary_event_asks_nothing_of_incidents(centre, plans):
    with plans() as seen:
        push(centre.nos[0], "picked_up")
    assert seen
    assert [statement for statement, _plan in seen if " incident" in statement] == []
