"""The stream: exactly what was missed, once, in order, and only for those entitled."""

from datetime import timedelta

import pytest
import time_machine

from portal.consignments.queries.one import consignment_for
from portal.core import clock
from portal.core.db import transaction
from portal.core.events import EventRecord
from portal.live import log, sockets
from portal.tracking import service as tracking
from tests.factories import (
    make_colleague,
    make_company,
    make_consignment,
    make_dispatcher,
    make_key,
    push,
    user_of,
)

pytestmark = pytest.mark.both_databases


@pytest.fixture
def company(app):
    return make_company()


@pytest.fixture
def page(company, live):
    return live(key=make_key(make_colleague(company), company))


def follow(page, topic, ref="", **more):
    return page.ask("follow", {"topic": topic, "ref": ref, **more})


def codes(page):
    return [message["data"].get("code") for message in page.received()]


def test_a_follower_hears_a_push_once_it_is_relayed(company, page, relayed):
    no = make_consignment(company).no
    relayed()
    assert follow(page, "consignment", no)["ok"]
    push(no, "picked_up")
    assert page.received() == []
    relayed()
    [message] = page.received()
    assert (message["topic"], message["ref"], message["seq"]) == ("consignment", no, 2)
    assert message["data"]["status"] == "picked_up"
    relayed()
    assert page.received() == []


def test_what_was_missed_comes_with_the_answer_in_order(company, page, live, relayed):
    no = make_consignment(company).no
    key = make_key(make_colleague(company), company)
    relayed()
    cursor = follow(page, "consignment", no)["cursor"]
    for code in ("picked_up", "in_transit", "dest_city"):
        push(no, code)
    relayed()
    page.socket.disconnect("/live")
    again = live(key=key)
    answer = follow(again, "consignment", no, after=cursor)
    assert [m["data"]["code"] for m in answer["events"]] == ["picked_up", "in_transit", "dest_city"]
    assert answer["events"][-1]["cursor"] == answer["cursor"]
    push(no, "out_for_delivery")
    relayed()
    assert codes(again) == ["out_for_delivery"]


def test_what_is_relayed_between_answer_and_joining_is_not_lost(company, page, relayed):
    no = make_consignment(company).no
    relayed()
    follow(page, "consignment", no)
    push(no, "picked_up")
    log.relay_once()  # positioned, but this process has not read it yet
    push(no, "in_transit")
    relayed()
    assert codes(page) == ["picked_up", "in_transit"]


def test_a_stranger_gets_not_found_for_foreign_missing_and_malformed(company, live, relayed):
    no = make_consignment(company).no
    stranger = live(key=make_key(make_colleague(other := make_company()), other))
    answers = [
        follow(stranger, "consignment", ref) for ref in (no, "QS00000000000A", "nonsense", "")
    ]
    assert [a["error"]["code"] for a in answers] == ["not_found"] * 4
    assert len({a["error"]["message"] for a in answers}) == 1
    push(no, "picked_up")
    relayed()
    assert stranger.received() == []


@pytest.mark.parametrize(
    "message",
    [None, [], "x", 7, {}, {"topic": 1, "ref": []}, {"topic": "board", "ref": ""},
     {"topic": "company", "ref": "C00000000"}, {"topic": "__class__", "ref": "x" * 10_000}],
)  # fmt: skip
def test_malformed_requests_are_refused_politely(page, message):
    assert page.ask("follow", message)["ok"] is False


def test_visitors_cannot_follow_without_a_token(company, live):
    no = make_consignment(company).no
    visitor = live()
    assert follow(visitor, "consignment", no)["ok"] is False
    assert follow(visitor, "board")["ok"] is False
    assert follow(visitor, "me")["ok"] is False


def test_the_company_topic_holds_all_of_mine_and_nothing_else(company, page, relayed):
    mine, theirs = make_consignment(company).no, make_consignment().no
    relayed()
    follow(page, "company")
    push(mine, "picked_up")
    push(theirs, "picked_up")
    relayed()
    assert [m["data"]["no"] for m in page.received()] == [mine]


def test_internal_notes_reach_staff_only(company, page, live, relayed):
    no = make_consignment(company).no
    staff = live(key=make_key(make_dispatcher()))
    relayed()
    follow(page, "consignment", no)
    follow(staff, "consignment", no)
    follow(staff, "board")
    push(no, "note", published=False, note="Only for us")
    relayed()
    assert page.received() == []
    assert [m["topic"] for m in staff.received()] == ["consignment", "board"]


def test_unfollowing_ends_it(company, page, relayed):
    no = make_consignment(company).no
    relayed()
    follow(page, "consignment", no)
    relayed()
    page.ask("unfollow", {"topic": "consignment", "ref": no})
    push(no, "picked_up")
    relayed()
    assert page.received() == []


@pytest.mark.parametrize("cursor", ["", "x", "other.5", "0.-1", 5, "." * 1000])
def test_a_cursor_of_another_time_is_told_to_reset(company, page, cursor, relayed):
    no = make_consignment(company).no
    relayed()
    answer = follow(page, "consignment", no, after=cursor)
    assert answer["ok"]
    assert answer["reset"] is True


def test_beyond_the_kept_range_the_page_reloads(company, page, relayed):
    no = make_consignment(company).no
    relayed()
    cursor = follow(page, "consignment", no)["cursor"]
    push(no, "picked_up")
    relayed()
    log.forget(log.head().position)
    page.socket.get_received("/live")
    answer = follow(page, "consignment", no, after=cursor)
    assert answer["reset"] is True
    [told] = [m for m in page.socket.get_received("/live") if m["name"] == "reset"]
    assert told["args"][0] == {"topic": "consignment", "ref": no, "cursor": answer["cursor"]}


def test_polling_gives_the_same_objects(company, page, with_key, relayed):
    key = make_key(make_colleague(company), company)
    no = make_consignment(company).no
    relayed()
    cursor = follow(page, "consignment", no)["cursor"]
    push(no, "picked_up")
    relayed()
    polled = with_key(key).get(f"/api/v1/stream?topic=consignment&ref={no}&after={cursor}").json
    assert polled["events"] == page.received()
    assert polled["reset"] is False
    later = (
        with_key(key)
        .get(f"/api/v1/stream?topic=consignment&ref={no}&after={polled['cursor']}&wait=0.2")
        .json
    )
    assert later["events"] == []


def test_a_stranger_polls_in_vain(company, with_key):
    no = make_consignment(company).no
    key = make_key(make_colleague(other := make_company()), other)
    assert with_key(key).get(f"/api/v1/stream?topic=consignment&ref={no}").status_code == 404


def test_positions_have_no_gaps_and_follow_the_commits(db, company, relayed):
    for _ in range(3):
        push(make_consignment(company).no, "picked_up")
    relayed()
    found = db.session.scalars(db.select(EventRecord.position).order_by(EventRecord.id)).all()
    assert found == list(range(1, len(found) + 1))


def test_a_wrong_key_is_not_let_in(live):
    page = live(key="qsk_wrong")
    assert not page.is_open


def test_the_reader_that_starts_late_begins_at_the_head(company, relayed):
    make_consignment(company)
    relayed()
    sockets.followers.position = None
    sockets.followers.run_once()
    assert sockets.followers.position == log.head().position


def test_a_link_that_expired_no_longer_hears(company, live, relayed):
    consignment = make_consignment(company)
    person = make_colleague(company)
    user = user_of(person, company)
    with transaction():
        row = consignment_for(user, consignment.no)
        _, token = tracking.share(row, label=None, precision="full", days=1, by=user)
    relayed()
    visitor = live()
    assert follow(visitor, "consignment", consignment.no, token=token)["ok"]
    push(consignment.no, "picked_up")
    relayed()
    assert codes(visitor) == ["picked_up"]
    with time_machine.travel(clock.now() + timedelta(days=2), tick=True):
        push(consignment.no, "in_transit")
        relayed()
    assert not visitor.is_open
