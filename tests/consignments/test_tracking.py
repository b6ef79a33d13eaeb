"""Recording events on both databases."""

from datetime import timedelta

import pytest

from portal.core import clock
from portal.core.errors import Invalid, NotFound, Refused
from tests.factories import make_consignment, push, reload

pytestmark = pytest.mark.both_databases


def test_a_scan_moves_the_consignment_and_counts(app):
    no = make_consignment().no
    pushed = push(no, "picked_up")
    assert (pushed.seq, pushed.status, pushed.duplicate) == (2, "picked_up", False)
    now = reload(no)
    assert (now.status, now.status_seq, now.pickup_actual is not None) == ("picked_up", 2, True)


def test_the_same_outside_event_is_one_event(app):
    no = make_consignment().no
    first = push(no, "picked_up", source_event_id="S1")
    again = push(no, "picked_up", source_event_id="S1")
    assert (again.id, again.seq, again.status) == (first.id, first.seq, first.status)
    assert again.duplicate
    assert reload(no).status_seq == 2


def test_a_person_may_not_skip_a_step(app):
    no = make_consignment().no
    with pytest.raises(Refused):
        push(no, "delivered", source="manual")
    assert reload(no).status_seq == 1


def test_a_late_scan_never_moves_a_delivered_consignment_back(app):
    no, now = make_consignment().no, clock.now()
    for minutes, code in (
        (50, "picked_up"),
        (30, "dest_city"),
        (20, "out_for_delivery"),
        (10, "delivered"),
    ):
        push(no, code, occurred_at=now - timedelta(minutes=minutes))
    late = push(no, "hub_arrived", occurred_at=now - timedelta(minutes=40))
    assert late.status == "delivered"
    assert reload(no).delivery_actual == now - timedelta(minutes=10)


def test_a_missing_scan_that_comes_late_completes_the_way(app):
    no, now = make_consignment().no, clock.now()
    push(no, "delivered", occurred_at=now - timedelta(minutes=1))
    assert reload(no).status == "ordered"
    push(no, "picked_up", occurred_at=now - timedelta(minutes=5))
    push(no, "dest_city", occurred_at=now - timedelta(minutes=4))
    push(no, "out_for_delivery", occurred_at=now - timedelta(minutes=3))
    assert reload(no).status == "delivered"


def test_the_future_is_refused(app):
    with pytest.raises(Invalid):
        push(make_consignment().no, "picked_up", occurred_at=clock.now() + timedelta(hours=1))


def test_an_unknown_number_is_not_found(app):
    with pytest.raises(NotFound):
        push("QS00000000000A", "picked_up")
