"""Incidents in the database: opened once, closed when right, counted, told once."""

import mailbox
from datetime import timedelta
from threading import Thread

import pytest
from sqlalchemy import select, update

from portal.consignments.models import (
    Consignment,
    Incident,
    IncidentCount,
    IncidentFigure,
    IncidentStep,
)
from portal.consignments.queries.one import head_for
from portal.consignments.service import retractions
from portal.consignments.service.incidents import handling, telling, watching
from portal.consignments.service.incidents.book import month_of
from portal.core import clock, jobs, scope
from portal.core.db import db, transaction, write
from portal.core.errors import Invalid, NotFound, Refused
from portal.core.events import EventRecord
from tests.factories import (
    make_colleague,
    make_company,
    make_consignment,
    make_dispatcher,
    push,
    reload,
    user_of,
)
from workers import deliveries, incidents, relay

pytestmark = pytest.mark.both_databases
_I = Incident.__table__
_C = Consignment.__table__
HOUR = timedelta(hours=1)


def all_of(table=_I):
    """Return the rows of a table, as they are now."""
    db.session.rollback()
    query = select(table).order_by(*table.primary_key)
    return db.session.execute(query.execution_options(**scope.CENTRE)).all()


def shown():
    """Return class and state of every incident."""
    return [(row.kind, row.state) for row in all_of()]


def change(no, **values):
    """Set columns of a consignment, as time or another writer would."""
    with transaction():
        own = update(_C).where(_C.c.no == no).values(**values)
        db.session.execute(own.execution_options(**scope.CENTRE))


def work():
    """Let relay and rules run until they have nothing to do."""
    db.session.rollback()
    relay.run_once()
    while watching.read_log({}) + watching.check_due({}):
        pass


def silent(no, hours=99):
    """Let a consignment on its way have been silent for hours, and its time to be looked at."""
    at = clock.now() - hours * HOUR
    change(no, head_at=at, last_at=at, check_at=clock.now() - HOUR)


def on_the_way(company=None):
    """Return the number of a consignment that left its hub."""
    no = make_consignment(company).no
    for code in ("picked_up", "hub_arrived", "hub_departed"):
        push(no, code)
    work()
    return no


def ref_of(place=0):
    return all_of()[place].ref


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
        back = update(_I).values(opened_at=clock.now() - 300 * HOUR)
        db.session.execute(back.execution_options(**scope.CENTRE))
    silent(no)
    work()
    assert shown() == [("no_scan_for_hours", "resolved"), ("no_scan_for_hours", "open")]


def work_on(no):
    """Let the rules look at a consignment now."""
    change(no, check_at=clock.now() - HOUR)
    work()


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


def run_beside_each_other(app, work_once, workers=3):
    """Run the same work in several threads at once; what one raises is raised here."""
    failed = []

    def run():
        with app.app_context():
            try:
                work_once()
            except Exception as error:
                failed.append(error)
            finally:
                db.session.remove()

    db.session.remove()
    threads = [Thread(target=run) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed, failed


def close(ref, person, to="resolved", reason="put_right", **more):
    """Close an incident as a person does."""
    said = {"note": None, "note_visible": False} | more
    with transaction():
        on = db.session.connection()
        return handling.close([ref], to, reason=reason, by=person.id, on=on, **said)


def act(verb, ref, *rest, by):
    """Do something to one incident as a person does."""
    with transaction():
        return verb([ref], *rest, by=by.id, on=db.session.connection())


def test_what_people_do_is_kept_step_by_step(app):
    no, clerk, mate = on_the_way(), make_dispatcher(), make_dispatcher()
    push(no, "incident", reason="damaged")
    ref = ref_of()
    act(handling.advance, ref, "acknowledged", by=clerk)
    act(handling.assign, ref, mate.id, by=clerk)
    act(handling.advance, ref, "working", by=mate)
    with transaction():
        on = db.session.connection()
        handling.say(ref, "Repacked.", owner_visible=True, by=mate.id, on=on)
    close(ref, mate, reason="repacked", note="New carton")
    steps = all_of(IncidentStep.__table__)
    assert [(s.action, s.state) for s in steps] == [
        ("opened", "open"),
        ("acknowledged", "acknowledged"),
        ("assigned", "acknowledged"),
        ("working", "working"),
        ("noted", "working"),
        ("resolved", "resolved"),
    ]
    assert all_of()[0].assigned_to_id == mate.id
    assert_counted()


def test_work_begun_on_what_nobody_has_takes_it(app):
    no, clerk = on_the_way(), make_dispatcher()
    push(no, "incident", reason="damaged")
    act(handling.advance, ref_of(), "working", by=clerk)
    assert all_of()[0].assigned_to_id == clerk.id


def test_what_is_closed_stays_closed(app):
    no, clerk = on_the_way(), make_dispatcher()
    push(no, "incident", reason="damaged")
    close(ref_of(), clerk)
    with pytest.raises(Refused):
        close(ref_of(), clerk)
    assert act(handling.advance, ref_of(), "working", by=clerk) == 0


def test_bad_acts_are_refused(app):
    no, clerk, stranger = on_the_way(), make_dispatcher(), make_colleague()
    push(no, "incident", reason="damaged")
    with pytest.raises(Invalid):
        act(handling.assign, ref_of(), stranger.id, by=clerk)
    with pytest.raises(Invalid):
        close(ref_of(), clerk, "resolved", "mistake")
    with pytest.raises(NotFound):
        act(handling.advance, "INOSUCHREF", "working", by=clerk)


@pytest.mark.parametrize("step", ["acknowledged", "working", "assigned", "resolved"])
def test_a_step_is_taken_back_within_the_minute(app, step):
    no, clerk = on_the_way(), make_dispatcher()
    push(no, "incident", reason="damaged")
    if step == "assigned":
        act(handling.assign, ref_of(), clerk.id, by=clerk)
    elif step == "resolved":
        close(ref_of(), clerk)
    else:
        act(handling.advance, ref_of(), step, by=clerk)
    assert act(handling.undo, ref_of(), by=clerk) == 1
    row = all_of()[0]
    assert (row.state, row.assigned_to_id, row.closed_at, row.acknowledged_at) == (
        "open",
        None,
        None,
        None,
    )
    assert reload(no).open_incidents == 1
    assert_counted()


def test_only_the_one_who_did_it_takes_it_back_and_not_after_the_minute(app):
    no, clerk, mate = on_the_way(), make_dispatcher(), make_dispatcher()
    push(no, "incident", reason="damaged")
    act(handling.advance, ref_of(), "acknowledged", by=clerk)
    with pytest.raises(Refused):
        act(handling.undo, ref_of(), by=mate)
    with transaction():
        old = update(IncidentStep.__table__).values(at=clock.now() - timedelta(minutes=2))
        db.session.execute(old.execution_options(**scope.CENTRE))
    with pytest.raises(Refused):
        act(handling.undo, ref_of(), by=clerk)


def assert_counted():
    """Counts equal a recount of the rows."""
    states, months, owners = {}, {}, {}
    for row in all_of():
        for table, key in (
            (states, (row.company_id, row.kind, row.state)),
            (months, (row.company_id, month_of(row.opened_at), row.kind)),
        ):
            count, seen = table.get(key, (0, 0))
            table[key] = (count + 1, seen + row.owner_visible)
        if row.closed_at is None:
            count, seen = owners.get(row.consignment_id, (0, 0))
            owners[row.consignment_id] = (count + 1, seen + row.owner_visible)
    for model, counted in ((IncidentCount, states), (IncidentFigure, months)):
        rows = all_of(model.__table__)
        assert {tuple(r)[:3]: (r.count, r.owners) for r in rows if r.count or r.owners} == counted
    kept = {r.id: (r.open_incidents, r.owner_incidents) for r in all_of(_C) if r.open_incidents}
    assert kept == owners


def due_mails():
    """Let everything that waits to be told be due, tell it, and return the mails."""
    with transaction():
        now = update(_I).where(_I.c.tell.is_not(None)).values(tell_at=clock.now() - HOUR)
        db.session.execute(now.execution_options(**scope.CENTRE))
    telling.tell_due()
    return owed()


def owed():
    """Return to whom mails are owed, and what they say."""
    db.session.rollback()
    query = select(jobs.Job.payload).where(jobs.Job.kind == "mail", jobs.Job.state == "queued")
    return db.session.scalars(query.order_by(jobs.Job.id)).all()


def test_the_owner_is_told_once_of_many_in_one_mail(app):
    company = make_company()
    boss, viewer = make_colleague(company), make_colleague(company, "viewer")
    numbers = [on_the_way(company) for _ in range(3)]
    for no in numbers:
        silent(no)
    work()
    telling.tell_due()
    assert owed() == []  # what belongs together is gathered first
    mails = due_mails()
    assert [mail["to"] for mail in mails] == [boss.email]
    assert all(no in mails[0]["body"] for no in numbers)
    assert viewer.email not in str(mails)
    assert due_mails() == mails  # and never again
    assert all(row.told_at and row.tell is None for row in all_of())


def test_two_workers_tell_it_once(app):
    company = make_company()
    make_colleague(company)
    no = on_the_way(company)
    push(no, "incident", reason="damaged")
    with transaction():
        now = update(_I).values(tell_at=clock.now() - HOUR)
        db.session.execute(now.execution_options(**scope.CENTRE))
    run_beside_each_other(app, telling.tell_due)
    assert len(owed()) == 1


def test_a_worker_that_dies_before_the_commit_has_told_nothing(app, monkeypatch):
    company = make_company()
    make_colleague(company)
    push(on_the_way(company), "incident", reason="damaged")

    def die(*_args, **_kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr("portal.core.db._make_durable", die)
    with pytest.raises(KeyboardInterrupt):
        _tell(company)
    monkeypatch.undo()
    db.session.remove()
    assert owed() == []
    assert all_of()[0].told_at is None
    assert len(due_mails()) == 1


def _tell(company):
    with transaction():
        telling._tell(company.id)


def test_what_was_foreseen_and_is_true_is_told_as_a_change_and_its_end_too(app):
    company = make_company()
    make_colleague(company, locale="en")
    no = on_the_way(company)
    change(no, delivery_estimated=reload(no).delivery_planned + 9 * HOUR)
    work_on(no)
    assert "foreseen late" in due_mails()[-1]["subject"]
    change(no, delivery_planned=clock.now() - 2 * HOUR)
    work_on(no)
    assert all_of()[0].tell == "changed"
    assert "Delivery late" in due_mails()[-1]["subject"]
    push(no, "dest_city")
    push(no, "out_for_delivery")
    push(no, "delivered")
    work()
    assert due_mails()[-1]["subject"].startswith("Resolved:")
    assert len(due_mails()) == 3


def test_what_is_right_again_before_anybody_was_told_is_not_told(app):
    company = make_company()
    make_colleague(company)
    no = on_the_way(company)
    push(no, "incident", reason="damaged")
    push(no, "incident_resolved")
    assert due_mails() == []


def test_internal_incidents_are_told_to_nobody(app):
    company = make_company()
    make_colleague(company)
    push(on_the_way(company), "incident", reason="damaged", published=False)
    assert due_mails() == []


def test_whoever_stopped_the_mails_gets_none(app):
    company = make_company()
    boss, mate = make_colleague(company), make_colleague(company, "operations")
    with transaction():
        reader = telling.muting.reader_of(telling.muting.token(boss.id, company.id))
        telling.muting.set_muted(reader, muted=True)
    push(on_the_way(company), "incident", reason="damaged")
    assert [mail["to"] for mail in due_mails()] == [mate.email]


def test_the_mail_speaks_the_reader_s_language_and_is_delivered(app):
    company = make_company()
    for locale in ("zh-Hans", "zh-Hant", "en"):
        make_colleague(company, locale=locale)
    push(on_the_way(company), "incident", reason="damaged")
    mails = due_mails()
    assert len({mail["body"] for mail in mails}) == 3
    assert "Look at the photos" in mails[2]["body"]
    while deliveries.run_once():
        pass
    assert owed() == []
    assert len(mailbox.Maildir(app.config["MAIL_URL"].removeprefix("file:"))) >= 3


def test_events_say_what_the_board_and_the_owner_need(app):
    no = on_the_way()
    push(no, "incident", reason="damaged")
    found = db.session.execute(
        select(EventRecord.about, EventRecord.payload).where(EventRecord.name == "incident.opened")
    ).one()
    assert found.about == f"consignment:{no}"
    assert found.payload["kind"] == "damage"
