"""Topics of the warehouse: who may follow what, and what is heard there."""

from dataclasses import fields

import pytest
from sqlalchemy import insert

from portal.core import clock, events
from portal.core.db import db as database
from portal.core.db import transaction, write
from portal.live.announced_stock import ANNOUNCED, EVERYWHERE
from portal.warehousing.inbound.events import GoodsReceived, NoticeMoved
from portal.warehousing.inbound.models.notice import InboundNotice
from portal.warehousing.layout.service import bind_workers
from portal.warehousing.outbound.events import OutboundMoved
from portal.warehousing.outbound.models.orders import OutboundOrder
from tests.factories import make_colleague, make_company, make_dispatcher, make_person
from tests.warehousing.making import make_warehouse

pytestmark = pytest.mark.both_databases
NOTICE, ORDER = "INABCDEFGH", "OUTABCDEFGH"


@pytest.fixture
def company(app):
    """Return a company with one notice and one order."""
    company, now = make_company(), clock.now()
    house = make_warehouse()
    common = {"company_id": company.id, "warehouse_id": house.id, "created_at": now}
    notice = {
        "ref": NOTICE,
        "status": "announced",
        "source": "form",
        "reached": {},
        "changed_at": now,
    }
    order = {
        "ref": ORDER,
        "order_ref": "SO-1",
        "status": "staged",
        "status_at": now,
        "policy": "partial",
    }
    with transaction():
        database.session.execute(insert(InboundNotice.__table__).values(**common, **notice))
        database.session.execute(insert(OutboundOrder.__table__).values(**common, **order))
    return company


def happens(company, kind, **values):
    """Record a fact about the company's document."""
    with transaction():
        events.record(kind(actor_id=None, company_id=company.id, warehouse_id=1, **values))


def follow(page, topic, ref=""):
    """Ask to follow; return whether it may."""
    return bool(page.ask("follow", {"topic": topic, "ref": ref}).get("ok"))


def test_an_owner_follows_his_own_and_nobody_elses(company, as_user, live):
    page = live(as_user(make_colleague(company)))
    assert follow(page, "inbound", NOTICE)
    assert follow(page, "outbound", ORDER)
    assert not follow(page, "inbound")
    assert not follow(page, "warehouse")
    stranger = live(as_user(make_colleague(make_company())))
    for topic, ref in (
        ("inbound", NOTICE),
        ("outbound", ORDER),
        ("inbound", "INXXXXXXXX"),
        ("outbound", NOTICE),
    ):
        assert not follow(stranger, topic, ref)


def test_staff_follow_everything_if_they_see_the_warehouse(company, as_user, live):
    page = live(as_user(make_person(staff_role="warehouse")))
    for topic, ref in (
        ("inbound", ""),
        ("inbound", NOTICE),
        ("outbound", ""),
        ("outbound", ORDER),
        ("warehouse", ""),
    ):
        assert follow(page, topic, ref)
    assert not follow(page, "warehouse", "X")
    other = live(as_user(make_person(staff_role="marketing")))
    assert not follow(other, "inbound")
    assert not follow(live(), "outbound", ORDER)


def test_a_scan_at_the_dock_reaches_owner_and_staff(company, as_user, live, relayed):
    owner, staff = live(as_user(make_colleague(company))), live(as_user(make_dispatcher()))
    follow(owner, "inbound", NOTICE)
    follow(staff, "inbound")
    happens(company, NoticeMoved, ref=NOTICE, status="receiving", before="arrived")
    happens(
        company,
        GoodsReceived,
        ref=NOTICE,
        receipt="RC1",
        lines=[1],
        sku="A",
        quantity="5",
        condition="good",
    )
    relayed()
    for page in (owner, staff):
        heard = page.received()
        assert [each["type"] for each in heard] == ["inbound.moved", "inbound.goods_received"]
        assert "receipt" not in heard[1]["data"]
        assert heard[1]["data"]["quantity"] == "5"


def test_what_stands_ready_reaches_dispatchers_and_what_is_picked_does_not(
    company, as_user, live, relayed
):
    board = live(as_user(make_dispatcher()))
    follow(board, "board")
    happens(company, OutboundMoved, ref=ORDER, status="picked", status_before="picking")
    happens(company, OutboundMoved, ref=ORDER, status="shipped", status_before="staged")
    relayed()
    assert [each["data"]["status"] for each in board.received()] == ["shipped"]


def moved(company, house, ref):
    """Record that a notice of one warehouse moved."""
    values = {"status": "arrived", "before": "announced", "ref": ref}
    with transaction():
        events.record(
            NoticeMoved(actor_id=None, company_id=company.id, warehouse_id=house.id, **values)
        )


def bind(house, *people):
    """Let these people work in this warehouse only."""
    ids = [person.id for person in people]
    write(lambda on: bind_workers(house, ids, by=None, on=on))


def test_who_is_bound_to_a_warehouse_hears_of_no_other(company, as_user, live, relayed):
    mine, other = make_warehouse(), make_warehouse()
    worker = make_person(staff_role="warehouse")
    bind(mine, worker)
    relayed()
    page, boss = live(as_user(worker)), live(as_user(make_person(staff_role="warehouse")))
    before = page.ask("follow", {"topic": "inbound", "ref": ""})["cursor"]
    follow(boss, "inbound")
    moved(company, mine, "INMINE0001")
    moved(company, other, "INOTHER001")
    relayed()
    assert [each["data"]["ref"] for each in page.received()] == ["INMINE0001"]
    assert len(boss.received()) == 2
    again = live(as_user(worker)).ask("follow", {"topic": "inbound", "ref": "", "after": before})
    assert [each["data"]["ref"] for each in again["events"]] == ["INMINE0001"]


def test_who_works_where_is_changed_and_the_sockets_come_again(company, as_user, live, relayed):
    worker, house = make_person(staff_role="warehouse"), make_warehouse()
    page = live(as_user(worker))
    follow(page, "warehouse")
    relayed()
    assert page.is_open
    bind(house, worker)
    relayed()
    assert not page.is_open


def test_every_fact_that_all_of_the_staff_hear_says_its_warehouse():
    facts = {vars(kind).get("name"): kind for kind in _kinds(events.Event)}
    for name, hears in ANNOUNCED.items():
        keys = {each.key.__name__ for each in hears}
        if keys & {"_inbound", "_outbound", "_warehouse", "_way"} and name not in EVERYWHERE:
            assert "warehouse_id" in {field.name for field in fields(facts[name])}, name


def _kinds(kind):
    for each in kind.__subclasses__():
        yield each
        yield from _kinds(each)
