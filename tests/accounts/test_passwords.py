"""Passwords by the pages: forgotten ones, changed ones."""

import pytest

from portal.accounts.models import Person
from portal.core.db import db
from tests.accounts.mailed import link_in, mails
from tests.factories import PASSWORD, make_colleague

NEW = "another good password"


def asked_for_reset(browser, email: str) -> str:
    browser.post("/password/reset", {"email": email})
    return link_in(mails()[-1])


def test_asking_for_a_link_says_the_same_to_everybody(app, browser):
    person = make_colleague()
    known = browser.post("/password/reset", {"email": person.email})
    unknown = browser.post("/password/reset", {"email": "nobody@quayside.example"})
    assert known.status_code == unknown.status_code == 200
    assert len(known.text.replace(person.email, "")) == len(
        unknown.text.replace("nobody@quayside.example", "")
    )
    assert len(mails()) == 1


@pytest.mark.parametrize("email", ["", "nonsense", "a@b@c", "a\x00b@quayside.example"])
def test_what_is_no_address_is_named(app, browser, email):
    assert browser.post("/password/reset", {"email": email}).status_code == 422


def test_a_forgotten_password_is_set_anew(app, browser):
    person = make_colleague()
    path = asked_for_reset(browser, person.email)
    assert person.email in browser.get(path).text
    assert browser.post(path, {"password": NEW}).status_code == 302
    assert browser.get("/account/sessions").status_code == 200
    assert browser.post("/login", {"email": person.email, "password": PASSWORD}).status_code == 422
    browser.sign_in(person.email, NEW)


def test_a_reset_signs_out_every_other_browser(app, browser, as_user):
    person = make_colleague()
    elsewhere = as_user(person)
    browser.post(asked_for_reset(browser, person.email), {"password": NEW})
    assert elsewhere.get("/account/sessions").status_code == 302


def test_a_reset_link_works_once(app, browser):
    path = asked_for_reset(browser, make_colleague().email)
    browser.post(path, {"password": NEW})
    assert browser.get(path).status_code == 409
    assert browser.post(path, {"password": NEW}).status_code == 409


def test_a_short_password_does_not_use_the_link_up(app, browser):
    path = asked_for_reset(browser, make_colleague().email)
    assert browser.post(path, {"password": "short"}).status_code == 422
    assert browser.get(path).status_code == 200


def test_a_password_is_changed_by_who_knows_it(app, as_user):
    person = make_colleague()
    here, elsewhere = as_user(person), as_user(person)
    reply = here.post("/account/password", {"present": PASSWORD, "password": NEW})
    assert reply.status_code == 302
    assert here.get("/account/sessions").status_code == 200
    assert elsewhere.get("/account/sessions").status_code == 302
    assert mails()[-1]["subject"] == "Your password was changed"


def test_a_password_is_not_changed_by_who_does_not(app, as_user):
    reply = as_user(make_colleague()).post(
        "/account/password", {"present": "wrong", "password": NEW}
    )
    assert reply.status_code == 422
    assert "not your present password" in reply.text


def test_name_language_and_time_zone_are_kept(app, as_user):
    person = make_colleague()
    browser = as_user(person)
    form = {"name": "周敏", "locale": "zh-Hant", "timezone": "Europe/Berlin"}
    assert browser.post("/account/profile", form).status_code == 302
    kept = db.session.get_one(Person, person.id, populate_existing=True)
    assert (kept.name, kept.locale, kept.timezone) == ("周敏", "zh-Hant", "Europe/Berlin")
    assert 'lang="zh-Hant"' in browser.get("/account/profile").text.partition("<head>")[0]


@pytest.mark.parametrize(
    "change", [{"name": ""}, {"locale": "xx"}, {"timezone": "Mars/Olympus"}, {"name": "a\x00b"}]
)
def test_strange_profiles_are_refused(app, as_user, change):
    form = {"name": "A", "locale": "en", "timezone": ""} | change
    assert as_user(make_colleague()).post("/account/profile", form).status_code == 422
