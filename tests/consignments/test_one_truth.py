"""When a consignment is expected: one stored truth at every door, also when its time passes."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from portal.consignments.events import EstimateRenewed
from portal.consignments.models import EstimateFigure
from portal.consignments.queries import promises
from portal.consignments.rules import expected
from portal.consignments.rules.durations import HOUR, History, Kind, bucket
from portal.consignments.rules.estimates import Basis
from portal.consignments.service import estimates, recount
from portal.consignments.service.incidents import watching
from portal.core import clock, i18n, scope
from portal.core.db import db
from portal.core.events import EventRecord
from tests.consignments.doors import Doors
from tests.factories import make_company, make_consignment, party, push, reload
from workers import relay

LANE = Kind("CN/杭州>CN/杭州", "standard", "")
AT_HOME = {"lat": 30.28, "lon": 120.15}
WAY = ("picked_up", "hub_arrived", "dest_city", "out_for_delivery")
NINE = datetime(2026, 3, 3, 1, 7, 13, tzinfo=UTC)  # 9:07 in the centre
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def known(app):
    """Let every round have brought its goods within two to six hours."""
    history = History()
    for hours in (2, 3, 4, 6):
        history.add(LANE, "out", bucket(hours * HOUR), 15)
    estimates.remember(history)
    yield
    estimates.remember(History())


def out(company=None, **values):
    """Return a consignment that goes out for delivery at NINE."""
    ends = {"consignor": party(**AT_HOME), "consignee": party(**AT_HOME)}
    with time_machine.travel(NINE, tick=False):
        no = make_consignment(company, **(ends | values)).no
        for code in WAY:
            push(no, code)
    return no


def work():
    """Let relay and rules run until they have nothing to do."""
    db.session.rollback()
    relay.run_once()
    while watching.read_log({}) + watching.check_due({}):
        pass


def said(no):
    row = reload(no)
    return row.delivery_estimated_from, row.delivery_estimated, row.delivery_estimated_to


def renewals():
    db.session.rollback()
    query = select(EventRecord.payload).where(EventRecord.name == EstimateRenewed.name)
    return db.session.scalars(query).all()


@pytest.mark.parametrize("hours", [0, 3.4, 5, 8, 10, 26, 50])
@pytest.mark.parametrize("works", [True, False])
def test_every_door_says_the_same_at_every_moment(
    app, as_user, browser, with_key, company, hours, works
):
    no = out(company)
    first = said(no)[1]
    with time_machine.travel(NINE + timedelta(hours=hours), tick=False):
        if works:
            work()
        now = expected.delivery(reload(no), clock.now()).at
        doors = Doors(app, as_user, browser, with_key, company)
        with app.test_request_context():
            words = None if now is None else i18n.instant(now)
            on_cards = now and (i18n.clock_time(now) if "Today" in words else i18n.day(now))
            before = i18n.instant(first)
        for path, text in doors.pages(no):
            if words is not None:
                assert (on_cards if path.endswith("card") else words) in text, path
            if now != first:
                assert before not in text, path
        for name, found in doors.programs(no):
            planned = reload(no).delivery_planned if name == "eta" else None
            assert found == (at.isoformat() if (at := now or planned) else None), name
        local = now and now.astimezone(clock.zone())
        assert doors.exported(no) == (f"{local:%Y-%m-%d %H:%M:%S}" if local else "")
    if works:
        assert now > NINE + timedelta(hours=hours)


def test_what_has_passed_is_estimated_anew_and_said_once(app):
    no = out()
    first = said(no)
    with time_machine.travel(first[1] + MINUTE, tick=False):
        work()
        work()
        second = said(no)
        assert first[1] < clock.now() <= second[0] < second[1] < second[2]
        (told,) = renewals()
        assert (told["no"], told["at"]) == (no, second[1].isoformat())
        assert reload(no).check_at > clock.now()


def test_what_has_not_passed_stays_as_it_was_said(app):
    no = out()
    first = said(no)
    with time_machine.travel(first[1] - MINUTE, tick=False):
        work()
    assert said(no) == first
    assert renewals() == []


def test_a_renewal_is_no_event_that_anybody_sees(app, browser):
    no = out()
    before = reload(no)
    with time_machine.travel(NINE + timedelta(hours=9), tick=False):
        work()
    after = reload(no)
    assert after.delivery_estimated != before.delivery_estimated
    assert (after.status_seq, after.last_at, after.changed_at) == (
        before.status_seq,
        before.last_at,
        before.changed_at,
    )


def test_without_anything_to_estimate_from_nothing_is_expected_any_more(app):
    nowhere = {"city": None, "country": None, "address": None, "postcode": None}
    history = History()
    history.add(LANE, "out", bucket(2 * HOUR), 60)
    estimates.remember(history)
    no = out(consignee=party(**nowhere))
    assert said(no)[1] is not None
    with time_machine.travel(NINE + timedelta(hours=9), tick=False):
        work()
        assert said(no) == (None, None, None)
        assert reload(no).estimate_basis is None
        assert renewals()[-1]["at"] is None


@pytest.mark.both_databases
def test_judged_at_delivery_is_what_an_event_had_said(app):
    no = out()
    first = said(no)
    for hours in (7, 9, 30):
        with time_machine.travel(NINE + timedelta(hours=hours), tick=False):
            work()
    assert said(no) != first
    with time_machine.travel(NINE + timedelta(hours=31), tick=False):
        push(no, "delivered")
        assert said(no) == first
        query = select(EstimateFigure).execution_options(**scope.CENTRE)
        (figure,) = db.session.scalars(query).all()
        assert (figure.last, figure.last_within) == (1, 0)
        assert list(recount.differences(db.session.connection())) == []
        assert promises.predictions(reload(no).id, on=db.session.connection())[1] == first


def test_the_next_event_estimates_as_if_nothing_had_been_renewed(app):
    no = out()
    with time_machine.travel(NINE + timedelta(hours=7), tick=False):
        work()
        push(no, "delivery_failed", reason="absent")
        again = said(no)
        push(no, "delivered")
        assert said(no) == again


def test_the_carriers_word_holds_until_its_time_has_passed(app):
    no = out()
    told = NINE + timedelta(hours=5)
    with time_machine.travel(NINE + MINUTE, tick=False):
        push(no, "delivered", classifier="estimated", occurred_at=told, source="carrier")
    with time_machine.travel(told - MINUTE, tick=False):
        work()
        assert said(no) == (None, told, None)
    with time_machine.travel(told + MINUTE, tick=False):
        work()
        assert said(no)[1] > clock.now()
        assert Basis.read(reload(no).estimate_basis).name == "lane"
        push(no, "delivered")
        assert (said(no), reload(no).estimate_basis) == ((None, told, None), "carrier")


def test_lateness_that_is_foreseen_only_because_time_passed_is_an_incident(app, company):
    no = out(company, planned_delivery=NINE + timedelta(hours=12))
    with time_machine.travel(NINE + timedelta(hours=11, minutes=55), tick=False):
        work()
        assert said(no)[1] > reload(no).delivery_planned
        assert reload(no).owner_incidents > 0


def test_a_pickup_that_did_not_come_is_expected_later(app):
    history = History()
    for hours in (2, 3, 4, 6):
        history.add(LANE, "pickup", bucket(hours * HOUR), 15)
    estimates.remember(history)
    with time_machine.travel(NINE, tick=False):
        no = make_consignment(ordered_at=NINE).no
    first = reload(no).pickup_estimated
    with time_machine.travel(first + MINUTE, tick=False):
        work()
        assert reload(no).pickup_estimated > clock.now()
    with time_machine.travel(NINE + timedelta(hours=30), tick=False):
        work()
        assert reload(no).pickup_estimated is None


def test_open_pages_hear_of_it_and_strangers_do_not(app, as_user, live, relayed, company):
    doors = Doors(app, as_user, None, None, company)
    stranger = Doors(app, as_user, None, None, make_company())
    no = out(company)
    with time_machine.travel(NINE + timedelta(hours=9), tick=False):
        relayed()
        pages = [live(as_user(each.owner)) for each in (doors, stranger)]
        for page in pages:
            page.ask("follow", {"topic": "company", "ref": ""})
        work()
        relayed()
    heard, nothing = ([each["type"] for each in page.received()] for page in pages)
    assert EstimateRenewed.name in heard
    assert nothing == []
    assert no
