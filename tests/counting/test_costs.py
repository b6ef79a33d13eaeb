"""What must not grow: statements of the relay and of pages, encodings of what many hear."""

import pytest

from portal.live import sockets
from tests.factories import make_colleague, make_consignment, make_key, push

pytestmark = pytest.mark.both_databases
PAGES = ("/portal", "/portal/consignments", "/portal/consignments?q=%E6%B4%97%E8%A1%A3%E6%B6%B2")
DESK_PAGES = ("/desk", "/desk/board", "/desk/consignments")


def reads(statements, visit):
    """Return how many statements a visit takes, once everything that is kept is warm."""
    visit()
    with statements() as seen:
        assert visit().status_code == 200
    return len([each for each in seen if each != "COMMIT"])


def test_the_relay_takes_as_many_statements_for_fifty_events_as_for_one(
    centre, relayed, statements
):
    relayed()

    def cost(events):
        for _ in range(events):
            push(centre.nos[0], "note")
        with statements() as seen:
            assert relayed() == events
        return len(seen)

    cost(1)
    assert cost(50) == cost(1)


def test_an_event_is_encoded_once_for_all_who_follow_it(centre, live, relayed, monkeypatch):
    relayed()
    key = make_key(make_colleague(centre.company), centre.company)
    pages = [live(key=key) for _ in range(5)]
    for page in pages:
        assert page.ask("follow", {"topic": "consignment", "ref": centre.nos[0]})["ok"]
    relayed()
    sent = []
    emit = sockets.socketio.server.emit
    monkeypatch.setattr(
        sockets.socketio.server, "emit", lambda *a, **k: (sent.append(k["to"]), emit(*a, **k))
    )
    push(centre.nos[0], "picked_up")
    relayed()
    assert len(sent) == 1
    assert [len(page.received()) for page in pages] == [1] * 5


@pytest.mark.parametrize("path", PAGES)
def test_a_members_pages_take_no_more_statements_for_more_rows(centre, as_user, statements, path):
    browser = as_user(centre.owner)
    few = reads(statements, lambda: browser.get(path))
    for _ in range(9):
        make_consignment(centre.company)
    assert reads(statements, lambda: browser.get(path)) == few


@pytest.mark.parametrize("path", DESK_PAGES)
def test_the_desks_pages_take_no_more_statements_for_more_rows(centre, as_user, statements, path):
    browser = as_user(centre.dispatcher)
    few = reads(statements, lambda: browser.get(path))
    for _ in range(9):
        make_consignment(centre.company)
        make_consignment()
    assert reads(statements, lambda: browser.get(path)) == few


@pytest.mark.parametrize("path", ["/portal/consignments/{no}", "/track/{no}", "/api/v1/track/{no}"])
def test_one_consignment_takes_no_more_statements_for_more_events(
    centre, as_user, statements, path
):
    browser, no = as_user(centre.owner), centre.nos[0]
    push(no, "picked_up")
    few = reads(statements, lambda: browser.get(path.format(no=no)))
    for _ in range(12):
        push(no, "hub_arrived")
        push(no, "hub_departed")
    assert reads(statements, lambda: browser.get(path.format(no=no))) == few
