"""Joining: from wherever a follower comes, and whatever ends while he is let in."""

import pytest

from portal.accounts import events as accounts
from portal.core.db import transaction
from portal.core.events import record
from portal.live import log, sockets
from tests.factories import make_colleague, make_company, make_consignment, make_key, push

pytestmark = pytest.mark.both_databases


@pytest.fixture
def company(app):
    return make_company()


@pytest.fixture
def page(company, live):
    return live(key=make_key(make_colleague(company), company))


def follow(page, no, **more):
    return page.ask("follow", {"topic": "consignment", "ref": no, **more})


def codes(page):
    return [message["data"].get("code") for message in page.received()]


def test_who_was_told_more_than_the_reader_has_told_hears_nothing_twice(company, page, relayed):
    """He comes from another process, whose reader is ahead of the one here."""
    no = make_consignment(company).no
    relayed()
    push(no, "picked_up")
    push(no, "in_transit")
    log.relay_once()  # in the log; the reader of this process has not read it yet
    cursor = log.head().cursor()
    answer = follow(page, no, after=cursor)
    assert answer["events"] == []
    sockets.followers.run_once()
    assert codes(page) == []
    push(no, "dest_city")
    relayed()
    assert codes(page) == ["dest_city"]


def test_who_was_told_half_of_what_the_reader_has_before_it_hears_the_rest(company, page, relayed):
    no = make_consignment(company).no
    relayed()
    push(no, "picked_up")
    log.relay_once()
    follow(page, no)  # told up to here, which the reader has not reached
    push(no, "in_transit")
    log.relay_once()
    push(no, "dest_city")
    relayed()
    assert codes(page) == ["in_transit", "dest_city"]


def test_whose_right_ends_while_he_is_let_in_is_cut(company, page, relayed):
    """What ended it was told before anybody here knew of him."""
    no = make_consignment(company).no
    relayed()
    [client] = sockets.followers.clients.values()
    since = sockets.followers.position
    revoked = accounts.ApiKeyRevoked(
        actor_id=None, company_id=company.id, ref="K1", api_key_id=client.api_key_id
    )
    del sockets.followers.clients[client.sid]  # it is still being looked at
    with transaction():
        record(revoked)
    relayed()
    assert page.is_open
    sockets.followers.add(client, since=since)
    push(no, "picked_up")
    relayed()
    assert not page.is_open


def test_the_rooms_of_those_who_left_are_forgotten(company, page, relayed):
    no = make_consignment(company).no
    relayed()
    follow(page, no)
    relayed()
    rooms = sockets.followers._rooms
    assert len(list(rooms.of(f"consignment:{no}", sockets.followers.clients))) == 1
    page.socket.disconnect("/live")
    assert list(rooms.of(f"consignment:{no}", sockets.followers.clients)) == []
    assert f"consignment:{no}" not in rooms._rooms
