"""The demo centre: repeatable, complete, and true to the rules that the portal lives by."""

import math
from collections import Counter, defaultdict
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from sqlalchemy import select

from portal.accounts.models import Company
from portal.club.points.models import RewardOrder
from portal.consignments import fulltext
from portal.consignments.models import (
    Address,
    Attachment,
    Consignment,
    DeliveryFigure,
    Incident,
    Piece,
    StatusCount,
    TrackingEvent,
)
from portal.consignments.rules import moves, numbers
from portal.consignments.rules.moves import Step
from portal.consignments.rules.vocabulary import BESIDE, Status
from portal.core import clock, files, scope
from portal.core.db import Base
from portal.core.db import db as database
from portal.core.errors import Refused
from portal.core.events import EventRecord
from portal.demo import people
from portal.demo.load import load
from portal.live import log
from portal.live.announced import ANNOUNCED, SILENT
from tests.factories import make_company, make_consignment

NOW = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)
TOLD = (Company, Address, Consignment, Piece, TrackingEvent, Incident, StatusCount, DeliveryFigure)


def rows(model):
    query = select(model.__table__).order_by(*model.__table__.primary_key)
    return database.session.execute(query.execution_options(**scope.CENTRE)).all()


@pytest.fixture
def demo(loaded):
    loaded(220, seed=7, now=NOW, warehouses=False)


def empty_all_tables():
    on = database.session.connection()
    names = [
        *(table.name for table in reversed(Base.metadata.sorted_tables)),
        "consignment_words",
        "forum_words",
    ]
    on.exec_driver_sql("PRAGMA defer_foreign_keys = ON")  # people and companies name each other
    for name in names:
        on.exec_driver_sql(f"DELETE FROM {name}")  # noqa: S608
    database.session.commit()


def told(model):
    return [tuple(row) for row in rows(model)]


def test_the_same_seed_and_instant_tell_the_same(app):
    load(160, seed=3, now=NOW, warehouses=False)
    first = {model: told(model) for model in TOLD}
    empty_all_tables()
    load(160, seed=3, now=NOW, warehouses=False)
    for model in TOLD:
        assert told(model) == first[model], model.__tablename__


def test_every_principal_company_shows_every_status(demo):
    shown = defaultdict(set)
    for row in rows(Consignment):
        shown[row.company_id].add(row.status)
    principal = {s.name for s in people.SHIPPERS if s.principal}
    for company in rows(Company):
        if company.name in principal:
            assert shown[company.id] == set(Status) - {Status.FOUND}, company.name


def steps_of(events, piece):
    withdrawn = {event.retracts_id for event in events}
    return [
        Step.of(e.occurred_at, e.id, e.code)
        for e in events
        if e.classifier == "actual"
        and e.code not in BESIDE
        and e.id not in withdrawn
        and e.piece_id in (None, piece)
    ]


def by_consignment(model):
    found = defaultdict(list)
    for row in rows(model):
        found[row.consignment_id].append(row)
    return found


def test_the_stored_state_is_the_fold_of_the_events(demo):
    events, pieces = by_consignment(TrackingEvent), by_consignment(Piece)
    for row in rows(Consignment):
        ways = [steps_of(events[row.id], piece.id) for piece in pieces[row.id]]
        states = [moves.fold(way) for way in ways]
        assert row.status == moves.least_advanced(states), row.no
        assert row.status == events[row.id][-1].status_after
        if row.split:
            assert [piece.status for piece in pieces[row.id]] == [str(state) for state in states]
        else:
            last = max(ways[0])
            assert (row.head_at, row.head_rank) == (last.occurred_at, last.rank)


def test_events_are_numbered_without_gaps_and_none_lies_ahead(demo):
    events = by_consignment(TrackingEvent)
    for row in rows(Consignment):
        mine = sorted(events[row.id], key=lambda event: event.seq)
        assert [event.seq for event in mine] == list(range(1, row.status_seq + 1))
        assert all(e.recorded_at <= NOW for e in mine)
        assert all(e.occurred_at <= NOW for e in mine if e.classifier == "actual")
        assert row.changed_at == mine[-1].recorded_at
        assert all(a.recorded_at <= b.recorded_at for a, b in pairwise(mine))


def test_the_totals_are_what_a_recount_gives(demo):
    consignments = rows(Consignment)
    counted = Counter((row.company_id, row.status) for row in consignments)
    assert {(r.company_id, r.status): r.count for r in rows(StatusCount) if r.count} == counted
    delivered = [row for row in consignments if row.delivery_actual]
    months = Counter(
        (r.company_id, f"{r.delivery_actual.astimezone(clock.zone()):%Y-%m}", r.consignee_country)
        for r in delivered
    )
    kept = Counter()
    for row in rows(DeliveryFigure):
        if row.lane == "":
            kept[row.company_id, row.month, row.country] += row.delivered
    assert +kept == months
    on_time = sum(row.delivery_actual <= row.delivery_planned for row in delivered)
    assert sum(r.on_time for r in rows(DeliveryFigure) if r.lane == "") == on_time


def test_open_incidents_and_attempts_are_counted(demo):
    events = by_consignment(TrackingEvent)
    still_open = Counter(row.consignment_id for row in rows(Incident) if row.closed_at is None)
    for row in rows(Consignment):
        assert row.open_incidents == still_open[row.id]
        assert row.owner_incidents <= row.open_incidents
        assert row.attempts == sum(e.code == Status.DELIVERY_FAILED for e in events[row.id])


def test_numbers_barcodes_and_order_references_are_good(demo):
    assert all(numbers.is_number(row.no) for row in rows(Consignment))
    assert len({row.sscc for row in rows(Piece)}) == len(rows(Piece))
    assert len({row.order_ref for row in rows(Consignment)}) == 220


def test_photos_can_be_opened(demo):
    photos = rows(Attachment)
    assert photos
    for photo in photos:
        content = files.read(photo.file_key)
        assert content.startswith(b"\xff\xd8")
        assert len(content) == photo.size


def test_rewards_wait_at_the_desk_and_others_were_decided(demo):
    states = {order.state for order in rows(RewardOrder)}
    assert {"handed", "refused"} < states
    assert states & {"open", "ready"}


def test_search_finds_a_consignment_by_number_and_by_the_city_of_its_consignee(demo):
    row = rows(Consignment)[0]
    on = database.session.connection()
    for asked in (row.no, row.order_ref, row.consignee_city, row.consignee_phone[-4:]):
        found = (
            on.execute(fulltext.INDEX.matching(asked, owner=row.company_id, on=on)).scalars().all()
        )
        assert row.id in found, asked


def test_followers_begin_with_what_comes_after_the_load(demo):
    head = log.head()
    assert head.position == head.floor > 0
    assert all(row.position is not None for row in rows(EventRecord))


def test_only_recent_events_of_what_is_followed_are_in_the_log(demo):
    # What was done to a message is read from the log at the desk, however long ago it was.
    quiet = (*SILENT, *(name for name in ANNOUNCED if name.startswith("message.")))
    followed = [row for row in rows(EventRecord) if row.name not in quiet]
    ages = [(NOW - row.recorded_at).total_seconds() / 86400 for row in followed]
    assert max(ages) <= 3


def test_what_is_made_next_gets_a_number_of_its_own(demo):
    before = max(row.id for row in rows(Consignment))
    assert make_consignment().id == before + 1


def test_deliveries_keep_their_promise_about_as_often_as_a_good_centre(app):
    load(1500, seed=11, now=NOW, warehouses=False)
    delivered = [row for row in rows(Consignment) if row.delivery_actual]
    kept = sum(row.delivery_actual <= row.delivery_planned for row in delivered)
    assert math.isclose(kept / len(delivered), 0.96, abs_tol=0.02)


def test_somebody_at_home_keeps_the_demo_out(app):
    make_company()
    with pytest.raises(Refused):
        load(10, seed=1, now=NOW)
    assert rows(Consignment) == []
