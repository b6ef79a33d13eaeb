"""Signing in and out by the pages."""

import re

import pytest

from portal.accounts import service
from portal.accounts.models import SignIn
from portal.accounts.service.people import TRIES
from portal.core.db import db, transaction
from tests.factories import PASSWORD, make_colleague, make_company, make_dispatcher


def cookie(browser) -> str:
    found = browser.client.get_cookie("session")
    return found.value if found else ""


def tokens_alive() -> int:
    return db.session.query(SignIn).where(SignIn.ended_at.is_(None)).count()


def test_the_right_password_opens_a_session(app, browser):
    person = make_colleague()
    reply = browser.post("/login", {"email": person.email.upper() + " ", "password": PASSWORD})
    assert reply.status_code == 302
    assert browser.get("/account/sessions").status_code == 200


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(app, browser):
    person = make_colleague()
    said = []
    for email in (person.email, "nobody@quayside.example"):
        reply = browser.post("/login", {"email": email, "password": "wrong password"})
        words = re.sub(r'(value|nonce|content)="[^"]*"|\d\d:\d\d:\d\d', "", reply.text)
        said.append((reply.status_code, words))
    assert said[0] == said[1]


def test_after_ten_wrong_passwords_the_right_one_does_not_help(app, browser):
    person = make_colleague()
    for _ in range(TRIES):
        browser.post("/login", {"email": person.email, "password": "wrong password"})
    reply = browser.post("/login", {"email": person.email, "password": PASSWORD})
    assert reply.status_code == 422
    assert "15 minutes" in reply.text


def test_signing_in_gives_the_browser_another_session(app, browser):
    person = make_colleague()
    browser.get("/login")
    with browser.client.session_transaction() as session:
        session["planted"] = "by a thief"
    before = cookie(browser)
    browser.sign_in(person.email)
    assert cookie(browser) != before
    with browser.client.session_transaction() as session:
        assert "planted" not in session


def test_signing_in_again_ends_the_session_before(app, browser):
    person = make_colleague()
    browser.sign_in(person.email)
    browser.sign_in(person.email)
    assert tokens_alive() == 1


def test_a_stolen_cookie_is_worthless_after_sign_out(app, browser, as_user):
    browser = as_user(make_colleague())
    stolen = cookie(browser)
    browser.post("/logout")
    browser.client.set_cookie("session", stolen)
    assert browser.get("/account/sessions").status_code == 302
    assert tokens_alive() == 0


def test_a_session_is_its_token_whatever_the_browser_calls_itself(app, browser, as_user):
    browser = as_user(make_colleague())
    otherwise = {"User-Agent": "another", "X-Forwarded-For": "203.0.113.9"}
    assert browser.client.get("/account/sessions", headers=otherwise).status_code == 200


def test_no_fingerprint_of_a_browser_is_taken(app, browser, as_user, monkeypatch):
    browser = as_user(make_colleague())
    monkeypatch.setattr(app.login_manager, "_session_identifier_generator", None)
    assert browser.get("/account/sessions").status_code == 200


@pytest.mark.parametrize(
    "asked",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "evil.example",
    ],
)
def test_signing_in_never_leads_to_another_site(app, browser, asked):
    person = make_colleague()
    form = {"email": person.email, "password": PASSWORD, "next": asked}
    assert "evil" not in browser.post("/login", form).location


def test_signing_in_leads_on_to_where_one_was_going(app, browser):
    person = make_colleague()
    wanted = browser.get("/account/sessions?lang=en").location
    assert wanted == "/login?next=/account/sessions?lang%3Den"
    reply = browser.post(wanted, {"email": person.email, "password": PASSWORD})
    assert reply.location == "/account/sessions?lang=en"


def test_a_form_without_its_token_is_refused(app, browser):
    person = make_colleague()
    form = {"email": person.email, "password": PASSWORD}
    assert browser.open("/login", method="POST", data=form).status_code == 400


def test_one_browser_can_be_signed_out_from_another(app, as_user):
    person = make_colleague()
    first, second = as_user(person), as_user(person)
    page = second.get("/account/sessions").text
    first_id = re.search(r"/account/sessions/(\d+)/end", page).group(1)
    assert second.post(f"/account/sessions/{first_id}/end").status_code == 302
    assert first.get("/account/sessions").status_code == 302
    assert second.get("/account/sessions").status_code == 200


def test_another_persons_session_cannot_be_ended(app, as_user):
    mine, stranger = as_user(make_colleague()), as_user(make_colleague())
    number = db.session.query(SignIn.id).order_by(SignIn.id).first()[0]
    assert stranger.post(f"/account/sessions/{number}/end").status_code == 404
    assert mine.get("/account/sessions").status_code == 200


def test_a_person_works_for_another_of_his_companies(app, as_user):
    person = make_colleague(role="owner")
    second = make_company(name="Second Company")
    with transaction():
        service.add_colleague(person, second, "viewer")
    browser = as_user(person)
    assert browser.post("/switch-company", {"company": second.ref}).status_code == 302
    assert "Second Company" in browser.get("/account/sessions").text


def test_a_company_one_does_not_belong_to_cannot_be_chosen(app, as_user):
    other = make_company()
    assert (
        as_user(make_colleague()).post("/switch-company", {"company": other.ref}).status_code == 404
    )


def test_staff_sign_in_too(app, as_user):
    assert as_user(make_dispatcher()).get("/account/sessions").status_code == 200


def test_the_demo_centre_shows_who_can_sign_in(app, browser, monkeypatch):
    person = make_colleague(make_company(name="Huadong Home"), email="owner@huadong-home.example")
    make_dispatcher(email="dispatcher@real.quayside.cn")
    assert person.email not in browser.get("/login").text
    monkeypatch.setitem(app.config, "DEMO", True)
    page = browser.get("/login").text
    assert person.email in page
    assert "dispatcher@real.quayside.cn" not in page
