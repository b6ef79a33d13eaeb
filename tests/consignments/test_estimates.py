"""Estimates as they are kept: made at every event, counted at delivery, taken back, recounted."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from portal.consignments.models import DurationFigure, EstimateFigure, TrackingEvent
from portal.consignments.queries import promises
from portal.consignments.queries.one import head_for
from portal.consignments.rules import durations
from portal.consignments.rules.durations import HOUR, History, Kind, Stage, bucket
from portal.consignments.rules.estimates import Basis
from portal.consignments.rules.lessons import Said, day_of
from portal.consignments.service import estimates, orders, recount, retractions
from portal.consignments.service.orders import Origin
from portal.core import clock, scope
from portal.core.db import db as database
from portal.core.db import transaction, write
from tests.factories import (
    make_company,
    make_consignment,
    make_dispatcher,
    make_order,
    party,
    push,
    reload,
    user_of,
)

pytestmark = pytest.mark.both_databases
AT_HOME = {"lat": 30.28, "lon": 120.15}
LANE = Kind("CN/杭州>CN/杭州", "standard", "")
WAY = ("picked_up", "hub_arrived", "dest_city", "out_for_delivery", "delivered")


@pytest.fixture(autouse=True)
def nothing_known(app):
    estimates.remember(History())
    yield
    estimates.remember(History())


def know(*stages):
    """Let every delivery have come within two to six hours."""
    history = History()
    for stage in stages or ("ordered", "picked_up", "arrived", "out"):
        for hours in (26, 30, 30, 40) if stage != "out" else (2, 3, 4, 6):
            history.add(LANE, stage, bucket(hours * HOUR), 15)
    estimates.remember(history)


def make_placed(company=None, **values):
    """Make a consignment between two places that are known."""
    ends = {"consignor": party(**AT_HOME), "consignee": party(**AT_HOME)}
    return make_consignment(company, **(ends | values)).no


def events_of(no):
    table = TrackingEvent.__table__
    query = select(table).where(table.c.consignment_id == reload(no).id).order_by(table.c.seq)
    return database.session.execute(query.execution_options(**scope.CENTRE)).all()


def withdraw(no, event_id):
    user = user_of(make_dispatcher())
    write(
        lambda on: retractions.retract(
            head_for(user, no, on=on),
            event_id,
            reason="x",
            by=user.person_id,
            source="manual",
            on=on,
        )
    )


def said(row):
    return row.delivery_estimated_from, row.delivery_estimated, row.delivery_estimated_to


def kept():
    """Return the counters of durations and of estimates, by their keys."""
    database.session.rollback()
    on = database.session.connection()
    found = []
    for table, keys in ((DurationFigure.__table__, 6), (EstimateFigure.__table__, 2)):
        rows = on.execute(select(table).execution_options(**scope.CENTRE))
        found.append({tuple(row[:keys]): tuple(row[keys:]) for row in rows if any(row[keys:])})
    return tuple(found)


def differences():
    """Return what a recount of every delivery finds otherwise than it is kept."""
    database.session.rollback()
    ours = {DurationFigure.__tablename__, EstimateFigure.__tablename__}
    found = recount.differences(database.session.connection())
    return [each for each in found if each.table in ours]


def judged_by_events(numbers):
    """Return company and day → amounts, from the predictions that the events keep."""
    figures = {}
    for no in numbers:
        row = reload(no)
        if row.delivery_actual is None:
            continue
        first, last = promises.predictions(row.id, on=database.session.connection())
        delivered = row.delivery_actual.timestamp()
        parts = [
            Said(*(each and each.timestamp() for each in one or (None,) * 3)).judged(delivered)
            for one in (first, last)
        ]
        if parts[0][0] or parts[1][0]:
            key = row.company_id, day_of(delivered, clock.zone())
            amounts = (1, *parts[0], *parts[1])
            figures[key] = tuple(map(sum, zip(figures.get(key, (0,) * 7), amounts, strict=True)))
    return figures


def test_a_new_consignment_is_estimated_by_distance():
    row = reload(make_placed())
    assert row.delivery_estimated_from < row.delivery_estimated < row.delivery_estimated_to
    assert Basis.read(row.estimate_basis) == ("distance", 0)


def test_without_places_and_history_the_plan_stands():
    nowhere = {"city": None, "country": None, "address": None, "postcode": None}
    row = reload(make_consignment(consignee=party(**nowhere)).no)
    assert said(row) == (None, None, None)
    assert row.estimate_basis is None


def test_what_is_wanted_in_a_window_is_not_expected_before_it():
    know()
    opens = (clock.now() + timedelta(days=6)).replace(microsecond=0)
    closes = opens + timedelta(hours=3)
    no = make_placed(extra={"window_from": opens}, window_to=closes)
    for code in (None, *WAY[:2]):
        if code is not None:
            push(no, code)
        early, at, late = said(reload(no))
        assert opens <= early < at < late <= closes


def test_each_event_makes_a_new_estimate_and_keeps_it():
    know()
    no = make_placed()
    for code in WAY[:-1]:
        push(no, code)
        row, last = reload(no), events_of(no)[-1]
        assert said(row) == (last.estimated_from, last.estimated_at, last.estimated_to)
        assert Basis.read(row.estimate_basis).name == "lane"
    assert row.delivery_estimated_to - clock.now() < timedelta(hours=7)


def test_what_was_last_said_stays_once_delivered():
    know()
    no = make_placed()
    for code in WAY[:-1]:
        push(no, code)
    before = said(reload(no))
    push(no, "delivered")
    assert said(reload(no)) == before
    assert events_of(no)[-1].estimated_at is None


def test_the_first_estimate_with_the_goods_is_never_changed():
    know()
    no = make_placed()
    assert reload(no).first_estimated is None
    push(no, "picked_up")
    first = reload(no).first_estimated
    push(no, "hub_arrived")
    know("picked_up")
    push(no, "hub_departed")
    assert reload(no).first_estimated == first == events_of(no)[1].estimated_at


def test_the_carriers_word_holds_until_something_happens():
    know()
    no = make_placed()
    push(no, "picked_up")
    told = (clock.now() + timedelta(days=3)).replace(microsecond=0)
    push(no, "delivered", classifier="estimated", occurred_at=told, source="carrier")
    push(no, "note", note="x")
    row = reload(no)
    assert said(row) == (None, told, None)
    assert row.estimate_basis == "carrier"
    push(no, "hub_arrived")
    assert Basis.read(reload(no).estimate_basis).name == "lane"


def test_the_carriers_word_is_not_counted_as_ours():
    know()
    no = make_placed()
    for code in WAY[:-1]:
        push(no, code)
    push(no, "delivered", classifier="estimated", occurred_at=clock.now() + timedelta(hours=1))
    push(no, "delivered")
    ((delivered, first, _, _, last, *_),) = kept()[1].values()
    assert (delivered, first, last) == (1, 1, 0)


def test_withdrawing_the_carriers_word_brings_ours_back():
    know()
    no = make_placed()
    push(no, "picked_up")
    wrong = push(no, "delivered", classifier="estimated", occurred_at=clock.now()).id
    withdraw(no, wrong)
    assert Basis.read(reload(no).estimate_basis).name == "lane"


@pytest.mark.parametrize("code", ["lost", "returning"])
def test_what_does_not_come_is_not_expected(code):
    know()
    no = make_placed()
    push(no, "picked_up")
    push(no, code)
    assert said(reload(no)) == (None, None, None)


def test_a_late_scan_does_not_move_the_stage_back():
    know()
    no = make_placed()
    push(no, "picked_up", occurred_at=clock.now() - timedelta(minutes=50))
    push(no, "dest_city", occurred_at=clock.now() - timedelta(minutes=20))
    push(no, "out_for_delivery", occurred_at=clock.now() - timedelta(minutes=10))
    before = reload(no)
    push(no, "hub_arrived", occurred_at=clock.now() - timedelta(minutes=40))
    after = reload(no)
    assert (after.arrived_at, after.out_at) == (before.arrived_at, before.out_at)
    assert abs(after.delivery_estimated - before.delivery_estimated) < timedelta(minutes=1)


def test_pickup_is_expected_too():
    history = History()
    history.add(LANE, Stage.PICKUP, bucket(3 * HOUR), 60)
    estimates.remember(history)
    row = reload(make_placed())
    since = (row.pickup_estimated_from - row.ordered_at).total_seconds() / HOUR
    assert since == pytest.approx(3, abs=0.01)
    assert row.pickup_estimated_from < row.pickup_estimated < row.pickup_estimated_to


def test_a_delivery_teaches_how_long_it_took_and_its_withdrawal_forgets_it():
    no = make_placed(ordered_at=clock.now() - timedelta(hours=5))
    at = clock.now() - timedelta(hours=4)
    for hours, code in enumerate(WAY[:-1]):
        push(no, code, occurred_at=at + timedelta(hours=hours / 2))
    pushed = push(no, "delivered")
    durations, figures = kept()
    assert {key[3] for key in durations} == {str(stage) for stage in Stage}
    assert len(figures) == 1
    withdraw(no, pushed.id)
    assert kept() == ({}, {})


def test_a_past_that_is_brought_in_teaches_but_was_not_estimated():
    company = make_company()
    past = clock.now() - timedelta(days=30)
    order = make_order(
        begins="delivered",
        begins_at=past,
        ordered_at=past - timedelta(days=4),
        planned_delivery=past,
        extra={"mode": "Air"},
    )
    unknown = make_order(begins="delivered", begins_at=past, ordered_at=past, planned_delivery=None)
    origin = Origin(company.id, None, "import", "6901234")
    write(lambda on: orders.create_many([order, unknown], origin, on=on))
    durations, figures = kept()
    assert {(key[2], key[3]) for key in durations} == {("Air", "plan"), ("Air", "ordered")}
    assert figures == {}
    assert differences() == []


def create_many(many):
    origin = Origin(make_company().id, None, "import", "6901234")
    made = write(lambda on: orders.create_many(many, origin, on=on))
    return [reload(each.no) for each in made]


@pytest.mark.parametrize("services", [("express", "standard"), ("standard", "express")])
def test_each_of_many_keeps_the_pick_up_that_is_expected_of_it(services):
    know("pickup")  # of standard goods
    rows = create_many([make_order(service=each) for each in services])
    expected = {row.service: row.pickup_estimated for row in rows}
    assert expected["express"] is None
    assert expected["standard"] is not None


@time_machine.travel(datetime(2026, 6, 3, 2, tzinfo=UTC), tick=False)  # of a working morning
def test_whose_facts_are_the_same_is_estimated_once(monkeypatch):
    know()
    asked, first = [], estimates.first_for
    monkeypatch.setattr(estimates, "first_for", lambda row: asked.append(row["no"]) or first(row))
    at = clock.now()
    rows = create_many([make_order(ordered_at=at) for _ in range(20)])
    assert len(asked) == 1
    assert len({row.delivery_estimated for row in rows}) == 1
    later = [make_order(ordered_at=at - timedelta(days=hours)) for hours in range(3)]
    assert len({row.delivery_estimated for row in create_many(later)}) == 3
    assert len(asked) == 4


def test_what_was_delivered_teaches_the_next_estimate(monkeypatch):
    for module in (durations, promises):
        monkeypatch.setattr(module, "ENOUGH", 6)
    company = make_company()
    for _ in range(6):
        no = make_placed(company)
        for code in WAY:
            push(no, code)
    estimates.remember(promises.history(database.session.connection()))
    no = make_placed(company)
    push(no, "picked_up")
    assert Basis.read(reload(no).estimate_basis).name == "lane"


def test_the_accuracy_is_that_of_what_was_said(app):
    know()
    company = make_company()
    for _ in range(promises.PUBLISHED_FROM - 1):
        deliver(company)
    assert promises.published().last.share is None
    deliver(company)
    found = promises.published()
    assert (found.delivered, found.first.estimated, found.last.estimated) == (20, 20, 20)
    assert found.last.share == found.first.share == 0  # all of them came before it
    assert found.last.error_hours > 1


def deliver(company):
    no = make_placed(company)
    for code in WAY:
        push(no, code)
    return no


def test_a_company_knows_only_its_own_accuracy():
    know()
    company = make_company()
    deliver(company)
    deliver(make_company())
    owner = user_of(make_dispatcher(), company)
    owner = type(owner)(
        **{**owner.__dict__, "staff_role": None, "rights": frozenset({"consignments.see"})}
    )
    assert promises.accuracy_for(owner).delivered == 1
    assert promises.published().delivered == 2


STORIES = st.lists(
    st.lists(
        st.one_of(
            st.tuples(
                st.sampled_from([*WAY, *WAY, "delivery_failed", "lost", "note"]), st.integers(0, 40)
            ),
            st.tuples(st.sampled_from(["withdraw", "carrier", "plan"]), st.integers(0, 40)),
        ),
        min_size=2,
        max_size=9,
    ),
    min_size=1,
    max_size=3,
)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(stories=STORIES)
def test_counters_are_what_a_recount_finds(app, stories):
    know()
    company, numbers = make_company(), []
    for story in stories:
        no = make_placed(company, ordered_at=clock.now() - timedelta(hours=60))
        numbers.append(no)
        for code, hours in story:
            tell(no, code, clock.now() - timedelta(hours=hours))
    assert differences() == []
    figures = kept()[1]
    mine = {key: amounts for key, amounts in figures.items() if key[0] == company.id}
    assert mine == judged_by_events(numbers)


def tell(no, code, at):
    if code == "withdraw":
        gone = {event.retracts_id for event in events_of(no)}
        last = next(
            (e for e in reversed(events_of(no)[1:]) if e.code != "retraction" and e.id not in gone),
            None,
        )
        if last is not None:
            withdraw(no, last.id)
    elif code in ("carrier", "plan"):
        classifier = "estimated" if code == "carrier" else "planned"
        push(no, "delivered", classifier=classifier, occurred_at=at + timedelta(hours=50))
    else:
        push(no, code, occurred_at=at)


def test_a_repair_brings_back_what_was_counted():
    know()
    deliver(make_company())
    before = kept()
    with transaction():
        for table in (DurationFigure.__table__, EstimateFigure.__table__):
            database.session.execute(delete(table).execution_options(**scope.CENTRE))
    with transaction():
        recount.repair(database.session.connection())
    assert kept() == before != ({}, {})
