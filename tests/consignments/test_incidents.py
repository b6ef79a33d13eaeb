"""Incidents in the database: opened once by rule or event, closed when right."""

import pytest
from sqlalchemy import select, update

from portal.consignments.models import (
    IncidentStep,
)
from portal.consignments.queries.one import head_for
from portal.consignments.service import retractions
from portal.core import clock, scope
from portal.core.db import db, transaction, write
from portal.core.events import EventRecord
from tests.consignments.troubles import (
    HOUR,
    INCIDENTS,
    all_of,
    assert_counted,
    change,
    close,
    on_the_way,
    ref_of,
    run_beside_each_other,
    shown,
    silent,
    work,
    work_on,
)
from tests.factories import (
    make_consignment,
    make_dispatcher,
    push,
    reload,
    user_of,
)
from workers import incidents

pytestmark = pytest.mark.both_databases


def test_an_order_gets_its_next_look_from_the_log(app):
    no = make_consignment().no
    assert reload(no).check_at is None
    work()
    row = reload(no)
    assert row.check_at == row.pickup_planned + 2 * HOUR


def test_silence_opens_an_incident_once_and_a_scan_resolves_it(app):
    no = on_the_way()
    silent(no)
    for _ in range(3):
        work()
        silent(no)
    assert shown() == [("no_scan_for_hours", "open")]
    assert (reload(no).open_incidents, reload(no).owner_incidents) == (1, 1)
    change(no, head_at=clock.now() - HOUR)
    push(no, "in_transit")
    work()
    assert shown() == [("no_scan_for_hours", "resolved")]
    assert all_of()[0].closed_reason == "cause_gone"
    assert reload(no).open_incidents == 0


def test_what_a_person_has_closed_is_not_opened_again_for_the_same_cause(app):
    no, clerk = on_the_way(), make_dispatcher()
    silent(no)
    work()
    close(ref_of(), clerk, "written_off", "mistake")
    change(no, check_at=clock.now() - HOUR)
    work()
    assert shown() == [("no_scan_for_hours", "written_off")]


def test_new_silence_is_a_new_incident(app):
    no = on_the_way()
    silent(no)
    work()
    change(no, head_at=clock.now())
    work_on(no)
    with transaction():  # the first one lies back
        back = update(INCIDENTS).values(opened_at=clock.now() - 300 * HOUR)
        db.session.execute(back.execution_options(**scope.CENTRE))
    silent(no)
    work()
    assert shown() == [("no_scan_for_hours", "resolved"), ("no_scan_for_hours", "open")]


def test_lateness_is_foreseen_then_real_then_settled_by_delivery(app):
    no = on_the_way()
    planned = reload(no).delivery_planned
    change(no, delivery_estimated=planned + 9 * HOUR)
    work_on(no)
    assert [(r.kind, r.predicted, r.state) for r in all_of()] == [("late_delivery", True, "open")]
    change(no, delivery_planned=clock.now() - 2 * HOUR)
    work_on(no)
    assert [(r.predicted, r.state) for r in all_of()] == [(False, "open")]
    push(no, "dest_city")
    push(no, "out_for_delivery")
    push(no, "delivered")
    work()
    assert [(r.state, r.closed_reason) for r in all_of()] == [("resolved", "delivered")]


def test_an_estimate_that_recovers_resolves_what_was_foreseen(app):
    no = on_the_way()
    planned = reload(no).delivery_planned
    for late, state in ((9, "open"), (-1, "resolved"), (9, "resolved")):
        change(no, delivery_estimated=planned + late * HOUR)
        work_on(no)
        assert shown() == [("late_delivery", state)]


def test_a_late_pickup_is_found_and_settled(app):
    no = make_consignment().no
    work()
    change(no, pickup_planned=clock.now() - 3 * HOUR, check_at=clock.now() - HOUR)
    work()
    assert shown() == [("late_pickup", "open")]
    push(no, "picked_up")
    work()
    assert shown() == [("late_pickup", "resolved")]


@pytest.mark.parametrize(
    ("code", "reason", "kind"),
    [
        ("delivery_failed", "absent", "failed_attempt"),
        ("delivery_failed", "wrong_address", "wrong_address"),
        ("incident", "damaged", "damage"),
        ("incident", "temperature", "temperature"),
    ],
)
def test_an_event_opens_its_incident_at_once(app, code, reason, kind):
    no = on_the_way()
    push(no, "dest_city")
    push(no, "out_for_delivery")
    push(no, code, reason=reason)
    assert [(r.kind, r.opened_by, r.reason) for r in all_of()] == [(kind, "event", reason)]
    assert reload(no).open_incidents == 1


def test_the_same_class_reported_again_is_a_step_of_the_open_one(app):
    no = on_the_way()
    for place in ("A", "B"):
        push(no, "incident", reason="damaged", place=place)
    assert shown() == [("damage", "open")]
    assert [step.action for step in all_of(IncidentStep.__table__)] == ["opened", "again"]


def test_a_new_attempt_settles_the_failed_one(app):
    no = on_the_way()
    push(no, "dest_city")
    push(no, "out_for_delivery")
    push(no, "delivery_failed", reason="absent")
    work()
    assert shown() == [("failed_attempt", "open")]
    push(no, "out_for_delivery")
    work()
    assert shown() == [("failed_attempt", "resolved")]


def test_history_raises_nothing(app):
    no = on_the_way()
    silent(no)
    change(no, history=True, check_at=None)
    push(no, "dest_city")
    push(no, "out_for_delivery")
    push(no, "delivery_failed", reason="absent")
    push(no, "incident", reason="damaged")
    work()
    assert shown() == []
    assert reload(no).check_at is None


def test_a_withdrawn_failure_is_written_off(app):
    no, clerk = on_the_way(), make_dispatcher()
    push(no, "out_for_delivery")
    wrong = push(no, "delivery_failed", reason="absent")
    asker = user_of(clerk)
    write(
        lambda on: retractions.retract(
            head_for(asker, no, on=on), wrong.id, reason=None, by=clerk.id, source="manual", on=on
        )
    )
    assert shown() == [("failed_attempt", "written_off")]


def test_two_workers_find_it_once(app):
    numbers = [on_the_way() for _ in range(3)]
    for no in numbers:
        silent(no)
    run_beside_each_other(app, incidents.run_once)
    assert shown() == [("no_scan_for_hours", "open")] * 3
    assert_counted()


def test_events_say_what_the_board_and_the_owner_need(app):
    no = on_the_way()
    push(no, "incident", reason="damaged")
    found = db.session.execute(
        select(EventRecord.about, EventRecord.payload).where(EventRecord.name == "incident.opened")
    ).one()
    assert found.about == f"consignment:{no}"
    assert found.payload["kind"] == "damage"
