"""One truth on every page: planned, expected with its range, actual; and how good we are."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from portal.consignments.models import Consignment
from portal.consignments.queries import promises
from portal.consignments.rules.durations import HOUR, History, Kind, bucket
from portal.consignments.service import estimates
from portal.consignments.shown.promised import basis_text, range_text
from portal.consignments.shown.words import delivery_of
from portal.core import clock, i18n, scope
from portal.core.db import db, transaction
from tests.factories import make_colleague, make_company, make_consignment, make_key, push, reload
from workers import estimates as worker

LANE = Kind("CN/杭州>CN/杭州", "standard", "")
WAY = ("picked_up", "hub_arrived", "dest_city", "out_for_delivery", "delivered")


@pytest.fixture(autouse=True)
def known(app):
    history = History()
    for stage in ("ordered", "picked_up", "arrived", "out"):
        history.add(LANE, stage, bucket(30 * HOUR), 214)
    estimates.remember(history)
    yield
    estimates.remember(History())


@pytest.fixture
def no(company):
    return make_consignment(company).no


def told(no):
    row = reload(no)
    return range_text(row.delivery_estimated_from, row.delivery_estimated_to)


def test_every_page_says_the_same_range(app, owner, browser, no):
    with app.test_request_context():
        said = told(no)
    assert said
    pages = (
        owner.get(f"/portal/consignments/{no}"),
        owner.get(f"/portal/consignments/{no}/facts"),
        owner.get("/portal/consignments"),
        browser.get(f"/track/{no}"),
    )
    for page in pages:
        assert said in page.text
    assert "from 214 deliveries on this lane" in pages[0].text
    assert "from 214 deliveries on this lane" in pages[3].text


def test_programs_are_told_the_same(company, with_key, browser, no):
    row = reload(no)
    key = make_key(make_colleague(company), company)
    answers = (
        with_key(key).get(f"/api/v1/consignments/{no}").json,
        with_key(key).get("/api/v1/consignments").json["items"][0],
        browser.get(f"/api/v1/track/{no}").json,
    )
    for answer in answers:
        delivery = answer["promise"]["delivery"]
        assert delivery["from"] == row.delivery_estimated_from.isoformat()
        assert delivery["to"] == row.delivery_estimated_to.isoformat()
        assert delivery["estimated"] == row.delivery_estimated.isoformat()
        assert delivery["basis"] == {"kind": "lane", "deliveries": 214, "kilometres": None}
        assert answer["promise"]["pickup"].keys() == delivery.keys() - {"basis"}


def test_once_delivered_the_page_says_when_and_no_range(app, owner, no):
    for code in WAY:
        push(no, code)
    with app.test_request_context():
        said = told(no)
    assert said not in owner.get(f"/portal/consignments/{no}").text


def test_too_few_deliveries_are_said_to_be_too_few(browser, owner, no):
    words = "too few to publish a share"
    assert words in browser.get("/process").text
    assert words in owner.get("/portal").text
    assert words in owner.get(f"/portal/consignments/{no}").text
    assert "Came within the range" not in browser.get("/").text


def test_the_accuracy_is_published(browser, owner, company, monkeypatch):
    monkeypatch.setattr(promises, "PUBLISHED_FROM", 2)
    for _ in range(2):
        number = make_consignment(company).no
        for code in WAY:
            push(number, code)
    make_consignment(company)
    said = "Of the 2 deliveries that we estimated in the last 90 days"
    assert said in browser.get("/process").text
    assert said in owner.get("/portal").text
    assert "Came within the range we had estimated" in browser.get("/").text


def test_a_strangers_home_speaks_of_his_own_deliveries(as_user, company, monkeypatch):
    monkeypatch.setattr(promises, "PUBLISHED_FROM", 1)
    number = make_consignment(company).no
    for code in WAY:
        push(number, code)
    other = make_company()
    make_consignment(other)
    assert "too few to publish" in as_user(make_colleague(other)).get("/portal").text


@pytest.mark.parametrize(
    ("kept", "words"),
    [
        ("lane:1", "from 1 delivery on this lane"),
        ("country:80", "from 80 deliveries within the country"),
        ("countries:80", "from 80 deliveries between these countries"),
        ("service:90", "from 90 deliveries by this service"),
        ("distance:1234", "from the distance, 1,234 km"),
        ("carrier", "as the carrier says"),
        (None, ""),
    ],
)
def test_what_it_was_made_from_is_said(app, kept, words):
    with app.test_request_context():
        assert basis_text(kept) == words


def test_the_day_is_said_once_where_it_is_one(app):
    with app.test_request_context():
        at = clock.now().replace(hour=2, minute=0)
        said = range_text(at, at + timedelta(hours=3))
        assert said == f"{i18n.instant(at)} to {i18n.clock_time(at + timedelta(hours=3))}"
        assert range_text(at, None) == ""


def test_the_worker_reads_the_history_when_it_is_time(app, company, monkeypatch):
    monkeypatch.setattr(worker, "_next", 0.0)
    remembered = []
    monkeypatch.setattr(estimates, "remember", remembered.append)
    assert (worker.run_once(), worker.run_once()) == (0, 0)
    assert [type(each) for each in remembered] == [History]


def test_what_was_expected_and_did_not_come_is_neither_expected_nor_early(app, owner, browser, no):
    past = clock.now() - timedelta(days=1)
    with transaction():
        row = reload(no)
        said = {"delivery_estimated_from": past - timedelta(hours=5), "delivery_estimated": past}
        db.session.execute(
            update(Consignment)
            .where(Consignment.id == row.id)
            .values(**said, delivery_estimated_to=past, delivery_planned=past + timedelta(hours=4))
            .execution_options(**scope.CENTRE)
        )
    for page in (owner.get(f"/portal/consignments/{no}"), browser.get(f"/track/{no}")):
        assert "early</" not in page.text
        assert "20 h late" in page.text
    with app.test_request_context():
        assert delivery_of(reload(no)).at is None
