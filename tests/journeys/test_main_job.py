"""The main job as a story: order, push, watch, track, withdraw, and everything stays entitled."""

import re

import pytest
from sqlalchemy import select

from portal.accounts.models import Membership
from portal.core.db import db
from tests.api.bodies import URL, order
from tests.factories import (
    make_colleague,
    make_company,
    make_consignment,
    make_dispatcher,
    make_key,
    push,
)

pytestmark = pytest.mark.both_databases
FRAGMENT = {"X-Fragment": "1"}
KEY = "one-time-key"


@pytest.fixture
def company(app):
    return make_company(name="华东家居")


@pytest.fixture
def owner(company):
    return make_colleague(company, "owner")


@pytest.fixture
def program(company, owner, with_key):
    """Return the shipper's program."""
    return with_key(make_key(owner, company))


@pytest.fixture
def desk(as_user):
    """Return the browser of a dispatcher."""
    return as_user(make_dispatcher())


def ordered(program, relayed) -> str:
    """Order by program; return the number once everybody could know of it."""
    no = program.post(URL, order()).json["no"]
    relayed()
    return str(no)


def follow(page, topic: str, ref: str = "", **more):
    answer = page.ask("follow", {"topic": topic, "ref": ref, **more})
    assert answer["ok"], answer
    return answer


def pushed(desk, no: str, code: str, key: str = KEY):
    """Push from the board as its script does; return what became of it."""
    form = {"no": [no], "code": code, "key": key, "published": "y"}
    reply = desk.post("/desk/board/push", form, headers=FRAGMENT)
    return re.findall(r'data-outcome="(\w+)"', reply.text)


def withdrawn(desk, no: str, key: str = KEY):
    reply = desk.post("/desk/board/undo", {"no": [no], "key": key}, headers=FRAGMENT)
    return re.findall(r'data-outcome="(\w+)"', reply.text)


def flag_of(browser, address: str) -> str:
    """Return the status that a page shows on its plate."""
    found = re.search(r'flag--plate[^>]*data-status="(\w+)"', browser.get(address).text)
    assert found
    return found.group(1)


def test_a_push_from_the_board_is_heard_by_page_and_poll_alike(
    program, owner, desk, as_user, live, relayed
):
    no = ordered(program, relayed)
    page = live(as_user(owner))
    cursor = follow(page, "consignment", no)["cursor"]
    assert pushed(desk, no, "picked_up") == ["accepted"]
    assert page.received() == []
    relayed()
    [message] = page.received()
    assert (message["data"]["status"], message["seq"]) == ("picked_up", 2)
    address = f"/api/v1/stream?topic=consignment&ref={no}&after={cursor}"
    assert program.get(address).json["events"] == [message]


def test_list_detail_api_and_public_page_agree_after_a_push(
    program, owner, desk, as_user, browser, relayed
):
    no = ordered(program, relayed)
    pushed(desk, no, "picked_up")
    member = as_user(owner)
    assert flag_of(member, f"/portal/consignments/{no}") == "picked_up"
    assert 'data-status="picked_up"' in member.get(f"/portal/consignments?q={no}").text
    assert program.get(f"{URL}/{no}").json["status"] == "picked_up"
    assert flag_of(browser, f"/track/{no}") == "picked_up"


def test_a_visitor_with_the_proof_hears_what_the_owner_hears(
    program, owner, desk, as_user, browser, live, relayed
):
    no = ordered(program, relayed)
    browser.post(f"/track/{no}", {"tail": "6021"})
    shown = browser.get(f"/track/{no}").text
    token = re.search(r'data-token="([^"]+)"', shown).group(1)
    visitor, member = live(), live(as_user(owner))
    follow(visitor, "consignment", no, token=token)
    follow(member, "consignment", no)
    pushed(desk, no, "picked_up")
    relayed()
    heard = [page.received()[0]["data"]["status"] for page in (visitor, member)]
    assert heard == ["picked_up", "picked_up"]


def test_what_is_withdrawn_is_heard_and_goes_back_everywhere(
    program, owner, desk, as_user, browser, live, relayed
):
    no = ordered(program, relayed)
    member = as_user(owner)
    page, board = live(member), live(desk)
    follow(page, "consignment", no)
    follow(board, "board")
    pushed(desk, no, "picked_up")
    relayed()
    assert withdrawn(desk, no) == ["withdrawn"]
    relayed()
    for heard in (page.received(), board.received()):
        assert [message["data"]["status"] for message in heard] == ["picked_up", "ordered"]
    assert flag_of(member, f"/portal/consignments/{no}") == "ordered"
    assert flag_of(browser, f"/track/{no}") == "ordered"


def test_a_push_repeated_with_its_key_is_heard_once(program, owner, desk, as_user, live, relayed):
    no = ordered(program, relayed)
    page = live(as_user(owner))
    follow(page, "consignment", no)
    answers = [pushed(desk, no, "picked_up") for _ in range(2)]
    relayed()
    assert answers == [["accepted"], ["duplicate"]]
    assert len(page.received()) == 1


def test_a_refused_push_is_heard_by_nobody(program, owner, desk, as_user, live, relayed):
    no = ordered(program, relayed)
    page = live(as_user(owner))
    follow(page, "consignment", no)
    assert pushed(desk, no, "delivered") == ["refused"]
    relayed()
    assert page.received() == []


def test_another_role_cuts_the_page_and_the_next_one_knows_only_its_own(
    company, owner, program, desk, as_user, live, relayed
):
    no = ordered(program, relayed)
    person = make_colleague(company, "operations")
    colleague = as_user(person)
    page = live(colleague)
    cursor = follow(page, "consignment", no)["cursor"]
    relayed()
    number = db.session.scalar(select(Membership.id).where(Membership.person_id == person.id))
    as_user(owner).post(f"/portal/company/colleagues/{number}", {"role": "viewer"})
    relayed()
    assert not page.is_open
    pushed(desk, no, "picked_up")
    relayed()
    again = live(as_user(person))
    missed = follow(again, "consignment", no, after=cursor)["events"]
    assert [message["data"]["status"] for message in missed] == ["picked_up"]


def test_who_leaves_the_company_hears_nothing_more(
    company, owner, program, desk, as_user, live, relayed
):
    no = ordered(program, relayed)
    person = make_colleague(company, "operations")
    page = live(as_user(person))
    follow(page, "consignment", no)
    relayed()
    number = db.session.scalar(select(Membership.id).where(Membership.person_id == person.id))
    as_user(owner).post(f"/portal/company/colleagues/{number}/remove")
    pushed(desk, no, "picked_up")
    relayed()
    assert not page.is_open
    assert as_user(person).get(f"/portal/consignments/{no}").status_code in (302, 403, 404)


def test_a_stranger_learns_nothing_of_the_whole_story(program, desk, as_user, live, relayed):
    no = ordered(program, relayed)
    stranger = as_user(make_colleague())
    page = live(stranger)
    answer = page.ask("follow", {"topic": "consignment", "ref": no})
    follow(page, "company")
    pushed(desk, no, "picked_up")
    relayed()
    assert answer["ok"] is False
    assert page.received() == []
    assert no not in stranger.get("/portal/consignments").text
    assert stranger.get(f"/portal/consignments/{no}").status_code == 404


def test_the_companys_page_hears_orders_and_pushes_of_its_own_only(
    company, owner, program, desk, as_user, live, relayed
):
    page = live(as_user(owner))
    follow(page, "company")
    no, other = ordered(program, relayed), make_consignment().no
    push(other, "picked_up")
    pushed(desk, no, "picked_up")
    relayed()
    heard = page.received()
    assert {message["data"]["no"] for message in heard} == {no}
    assert heard[0]["type"] == "consignment.created"
