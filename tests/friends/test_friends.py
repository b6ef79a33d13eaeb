"""A link from its proposal to the page, and away when nobody answers there."""

import http.server
import re
import threading
from datetime import timedelta

import pytest

from portal.core import clock, outbound
from portal.core.db import db, transaction
from portal.core.spam import Verdict
from portal.pages.friends import service
from portal.pages.friends.models import Friend, FriendGroup
from portal.pages.friends.service import Proposal
from tests.factories import make_colleague, make_person
from workers import deliveries, housekeeping, imports

pytestmark = pytest.mark.both_databases
URL = "https://www.customs.example/notices"


def make_group(name="Authorities"):
    with transaction():
        group = service.save_group(None, {"en": name, "zh-Hans": "主管部门"}, 1)
        return group.id


def make_friend(url=URL, state="listed", **values):
    group_id = make_group()
    with transaction():
        proposal = Proposal(group_id, url, "Customs notices", "All notices", "Wu", "wu@x.example")
        friend = service.propose(proposal, Verdict(0), form_name=url + state)
        friend.state = state
        for name, value in values.items():
            setattr(friend, name, value)
        return friend.ref


def reload(ref):
    db.session.expire_all()
    return db.session.query(Friend).filter_by(ref=ref).one()


def typed(browser, **changes):
    """Return a filled form as the browser was given it."""
    page = browser.get("/links/propose").text
    shown = re.search(r'name="shown" type="hidden" value="([^"]+)"', page)[1]
    group = db.session.query(FriendGroup).first()
    values = {
        "name": "Customs notices",
        "url": URL,
        "says": "What the customs office publishes.",
        "group_id": str(group.id),
        "contact_name": "Wu Min",
        "contact_email": "wu@customs.example",
        "shown": shown,
        "homepage": "",
    }
    return values | changes


@pytest.fixture
def marketer(as_user):
    return as_user(make_person(staff_role="marketing"))


def test_a_proposal_is_listed_once_somebody_agreed(app, browser, as_user):
    make_group()
    assert browser.post("/links/propose", data=typed(browser)).status_code == 303
    assert "Customs notices" not in browser.get("/links/").text
    desk = as_user(make_person(staff_role="marketing"))
    ref = db.session.query(Friend).one().ref
    assert "wu@customs.example" in desk.get("/desk/links/").text
    desk.post(f"/desk/links/{ref}/list")
    page = browser.get("/links/").text
    assert f'href="{URL}"' in page
    assert "wu@customs.example" not in page
    assert "Wu Min" not in page


def test_the_same_form_sent_twice_makes_one_link(app, browser):
    make_group()
    form = typed(browser)
    for _ in range(2):
        assert browser.post("/links/propose", data=form).status_code == 303
    assert db.session.query(Friend).count() == 1


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("url", "javascript:alert(1)", "This is not an address of the web"),
        ("url", "http://127.0.0.1/", "This is not an address of the web"),
        ("contact_email", "nobody", "That is not an e-mail address"),
        ("name", "x" * 81, "At most 80 characters"),
        ("group_id", "999", "Choose one from the list"),
    ],
)
def test_what_cannot_be_used_is_said_at_its_field(app, browser, field, value, says):
    make_group()
    reply = browser.post("/links/propose", data=typed(browser, **{field: value}))
    assert reply.status_code == 422
    assert says in reply.text
    assert "What the customs office publishes." in reply.text
    assert db.session.query(Friend).count() == 0


def test_hostile_words_stay_words(app, browser, as_user):
    make_group()
    evil = "<script>alert(1)</script>"
    browser.post("/links/propose", data=typed(browser, name=evil, says=evil))
    ref = db.session.query(Friend).one().ref
    desk = as_user(make_person(staff_role="marketing"))
    desk.post(f"/desk/links/{ref}/list")
    assert evil not in desk.get("/desk/links/").text
    assert evil not in browser.get("/links/").text


def test_a_trapped_proposal_is_kept_and_marked(app, browser, as_user):
    make_group()
    browser.post("/links/propose", data=typed(browser, homepage="http://spam.example"))
    assert db.session.query(Friend).one().spam_score == 100
    desk = as_user(make_person(staff_role="marketing"))
    assert "Looks unwanted" in desk.get("/desk/links/").text


def test_who_does_not_look_after_links_finds_none_at_the_desk(app, as_user):
    ref = make_friend()
    for person in (make_colleague(), make_person(staff_role="driver")):
        asker = as_user(person)
        assert asker.get("/desk/links/").status_code == 403
        assert asker.post(f"/desk/links/{ref}/list").status_code == 403


def test_hiding_takes_a_reason_and_listing_brings_it_back(app, marketer, browser):
    ref = make_friend()
    assert marketer.post(f"/desk/links/{ref}/hide", data={"reason": ""}).status_code == 422
    marketer.post(f"/desk/links/{ref}/hide", data={"reason": "Moved away"})
    assert reload(ref).state == "hidden"
    assert URL not in browser.get("/links/").text
    marketer.post(f"/desk/links/{ref}/list")
    assert URL in browser.get("/links/").text


def test_a_move_that_somebody_made_before_is_refused(app, marketer):
    ref = make_friend()
    assert marketer.post(f"/desk/links/{ref}/list").status_code == 409


def test_a_group_with_links_stays(app, marketer):
    taken = reload(make_friend()).group_id
    assert marketer.post(f"/desk/links/groups/{taken}/remove").status_code == 409
    empty = make_group("Empty")
    marketer.post(f"/desk/links/groups/{empty}/remove")
    left = {group.id for group in db.session.query(FriendGroup)}
    assert taken in left
    assert empty not in left


def look():
    """Let the workers look at every link that is due."""
    housekeeping.run_once()
    while imports.run_once() or deliveries.run_once():
        pass


def test_a_link_is_hidden_after_repeated_failures_and_comes_back(app, monkeypatch, browser):
    ref = make_friend(check_at=clock.now())
    monkeypatch.setattr(outbound, "ask", lambda url: outbound.Answer(502, url))
    for failures in (1, 2, 3):
        reload(ref).check_at = clock.now() - timedelta(seconds=1)
        db.session.commit()
        look()
        friend = reload(ref)
        assert (friend.failures, friend.found) == (failures, "502")
        assert friend.state == ("hidden" if failures == 3 else "listed")
    assert URL not in browser.get("/links/").text
    monkeypatch.setattr(outbound, "ask", lambda url: outbound.Answer(200, url))
    reload(ref).check_at = clock.now() - timedelta(seconds=1)
    db.session.commit()
    look()
    assert (reload(ref).state, reload(ref).failures) == ("listed", 0)


def test_a_link_that_somebody_hid_stays_hidden(app, monkeypatch):
    ref = make_friend(state="hidden", check_at=clock.now() - timedelta(seconds=1))
    monkeypatch.setattr(outbound, "ask", lambda url: outbound.Answer(200, url))
    look()
    assert reload(ref).state == "hidden"


class Inside(http.server.BaseHTTPRequestHandler):
    """A server of our own network that must never be asked."""

    asked: list[str] = []

    def do_GET(self):
        self.asked.append(self.path)
        self.send_response(302 if self.path == "/away" else 200)
        if self.path == "/away":
            self.send_header("Location", "http://169.254.169.254/secret")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def inside():
    Inside.asked = []
    server = http.server.HTTPServer(("127.0.0.1", 0), Inside)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def test_a_host_of_our_own_network_is_never_asked(app, inside):
    for host in ("127.0.0.1", "localhost"):
        with pytest.raises(outbound.NotAllowed):
            outbound.ask(f"http://{host}:{inside}/")
    assert Inside.asked == []


def test_a_redirect_into_a_network_is_not_followed(app, inside, monkeypatch):
    public = outbound.is_public
    monkeypatch.setattr(outbound, "is_public", lambda ip: ip == "127.0.0.1" or public(ip))
    assert outbound.ask(f"http://127.0.0.1:{inside}/") == outbound.Answer(
        200, f"http://127.0.0.1:{inside}/"
    )
    with pytest.raises(outbound.NotAllowed):
        outbound.ask(f"http://127.0.0.1:{inside}/away")


def test_an_unknown_name_is_unreachable(app):
    with pytest.raises(outbound.Unreachable):
        outbound.ask("http://nobody.invalid/")
