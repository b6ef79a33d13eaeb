"""What people do about incidents: step by step, each once, taken back within the minute."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from portal.consignments.models import (
    IncidentStep,
)
from portal.consignments.service.incidents import handling
from portal.core import clock, scope
from portal.core.db import db, transaction
from portal.core.errors import Invalid, NotFound, Refused
from tests.consignments.troubles import act, all_of, assert_counted, close, on_the_way, ref_of
from tests.factories import (
    make_colleague,
    make_dispatcher,
    push,
    reload,
)

pytestmark = pytest.mark.both_databases


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
