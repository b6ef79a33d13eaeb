"""The cookie of a session: set where it says something new, signed anew once an hour."""

from datetime import timedelta

import pytest

from portal.core import clock
from portal.core.sessions import SIGNED_ANEW_AFTER
from tests.factories import make_colleague


@pytest.fixture
def member(app, as_user):
    browser = as_user(make_colleague())
    browser.get("/portal")  # the first page with a form notes its token
    return browser


def cookies(reply):
    return [cookie for cookie in reply.headers.getlist("Set-Cookie") if "session=" in cookie]


def test_a_page_does_not_set_the_cookie_that_the_browser_has(member):
    assert cookies(member.get("/portal")) == []
    assert member.get("/account/sessions").status_code == 200


def test_a_cookie_that_is_old_is_signed_anew_and_stays_valid(member, monkeypatch):
    later = clock.now() + SIGNED_ANEW_AFTER + timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    (cookie,) = cookies(member.get("/portal"))
    assert "HttpOnly" in cookie
    assert member.get("/account/sessions").status_code == 200


def test_a_cookie_that_somebody_changed_opens_nothing(member):
    kept = member.client.get_cookie("session").value
    member.client.set_cookie("session", kept[:-2] + ("AA" if kept[-2:] != "AA" else "BB"))
    assert member.get("/portal").status_code == 302
