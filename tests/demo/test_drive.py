"""The demo moves on by itself, and only by legal moves."""

from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select

from portal.consignments.models import Consignment, TrackingEvent
from portal.consignments.rules.moves import MOVES
from portal.consignments.rules.vocabulary import BESIDE, Status
from portal.consignments.service.tracking import Pushed
from portal.core import clock, scope
from portal.core.db import db as database
from portal.core.errors import NotFound
from portal.demo.drive import NEXT, drive, happen
from portal.demo.load import load


@pytest.fixture
def demo(app):
    load(120, seed=7, now=clock.now() - timedelta(minutes=5))


def scoped(query):
    return database.session.execute(query.execution_options(**scope.CENTRE)).all()


def test_what_comes_next_is_always_a_legal_move(app):
    for status, following in NEXT.items():
        for code, _weight in following:
            assert code in BESIDE or Status(code) in MOVES[Status(status)]


def test_a_driven_demo_makes_legal_moves_and_new_orders(demo, relayed):
    relayed()
    before = {row.id: row.status for row in scoped(select(Consignment.id, Consignment.status))}
    rng = Random(5)
    happened = [happen(rng) for _ in range(80)]
    pushed = [each for each in happened if isinstance(each, Pushed)]
    made = [each for each in happened if each is not None and not isinstance(each, Pushed)]
    assert len(pushed) > 25
    assert made
    state = dict(before)
    first = min(push.id for push in pushed)
    query = select(TrackingEvent).where(TrackingEvent.id >= first)
    for (event,) in scoped(query.order_by(TrackingEvent.id)):
        was = state.get(event.consignment_id)
        if event.code not in BESIDE and was is not None:
            assert Status(event.code) in MOVES[Status(was)], (was, event.code)
        state[event.consignment_id] = event.status_after
    assert relayed() >= len(pushed)  # who follows is told of all of it


def test_driving_stops_when_its_time_is_over(app):
    assert list(drive(Random(2), every_s=0.0, for_s=0.0)) == []


def test_without_a_demo_there_is_nothing_to_drive(app):
    with pytest.raises(NotFound):
        happen(Random(1))
