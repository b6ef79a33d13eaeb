"""The recorder of the bulk load writes what the service would have written."""

from collections import defaultdict
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.consignments.models import Consignment, Incident, Piece, TrackingEvent
from portal.consignments.rules.vocabulary import RETRACTION
from portal.consignments.service.incidents import watching
from portal.consignments.service.orders import Unit
from portal.core import clock, scope
from portal.core.db import db as database
from portal.demo.load import load
from tests.factories import make_company, make_consignment, party, push, reload
from workers import relay

SAME = """
    status status_seq attempts split head_at head_rank last_code last_at last_place pickup_actual
    delivery_planned delivery_actual arrived_at out_at
""".split()
PUSHED = "code occurred_at place reason note classifier source published".split()


def rows(model):
    query = select(model.__table__).order_by(model.__table__.c.id)
    return database.session.execute(query.execution_options(**scope.CENTRE)).all()


@pytest.fixture
def loaded(app):
    load(190, seed=21, now=clock.now() - timedelta(minutes=1), warehouses=False)
    told = defaultdict(list)
    for event in rows(TrackingEvent):
        told[event.consignment_id].append(event)
    return [(row, told[row.id]) for row in rows(Consignment)]


def replay(company, row, events, pieces):
    """Send the same events through the service to a new consignment; return how it stands."""
    first, *following = events
    made = make_consignment(
        company,
        begins=first.code,
        ordered_at=first.occurred_at,
        consignor=party(city=row.consignor_city),
        planned_delivery=row.delivery_planned,
        pieces=[Unit(goods="纸箱") for _ in pieces],
    )
    codes = [piece.sscc for piece in rows(Piece) if piece.consignment_id == made.id]
    for event in following:
        about = None if event.piece_id is None else codes[pieces.index(event.piece_id)]
        push(made.no, sscc=about, **{name: getattr(event, name) for name in PUSHED})
    return reload(made.no)


def test_a_replay_through_the_service_comes_to_the_same(loaded):
    company = make_company()
    pieces = defaultdict(list)
    for piece in rows(Piece):
        pieces[piece.consignment_id].append(piece.id)
    for row, events in loaded:
        if any(event.code == RETRACTION for event in events):
            continue  # a withdrawal happens now, whenever the service records it
        stands = replay(company, row, events, pieces[row.id])
        for name in SAME:
            assert getattr(stands, name) == getattr(row, name), (row.no, name)
        assert troubles(stands) == troubles(row), row.no


def troubles(row):
    """Return what is wrong with a consignment once the rules have looked: kinds and reasons."""
    relay.run_once()
    while watching.read_log({}):
        pass
    return [
        (each.kind, each.reason, each.closed_at is None)
        for each in rows(Incident)
        if each.consignment_id == row.id and each.opened_by != "rule"
    ]
