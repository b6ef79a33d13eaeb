"""POST /api/v1/auth/token: a key for some hours."""

import pytest

from portal.accounts.login import by_key
from portal.accounts.service.people import TRIES
from tests.factories import PASSWORD, make_colleague, make_company, make_dispatcher, make_person

PATH = "/api/v1/auth/token"


def ask(browser, **body):
    return browser.post(PATH, json=body)


def test_a_token_has_all_rights_of_the_person(app, browser, with_key):
    company = make_company()
    reply = ask(browser, email=make_colleague(company).email, password=PASSWORD)
    assert reply.status_code == 200
    assert reply.json["company"] == company.ref
    assert reply.headers["Cache-Control"] == "no-store"
    assert by_key(reply.json["token"]).may("consignments.create")
    assert with_key(reply.json["token"]).get("/api/v1/stream?topic=company").status_code == 200


def test_staff_get_tokens_without_a_company(app, browser):
    reply = ask(browser, email=make_dispatcher().email, password=PASSWORD, otp="123456")
    assert reply.json["company"] is None
    assert by_key(reply.json["token"]).may("events.push")


def test_wrong_unknown_and_locked_are_answered_alike(app, browser):
    wrong, locked = make_colleague(), make_colleague()
    for _ in range(TRIES):
        ask(browser, email=locked.email, password="wrong password")
    answers = [
        ask(browser, email=wrong.email, password="wrong password"),
        ask(browser, email="nobody@quayside.example", password=PASSWORD),
        ask(browser, email=locked.email, password=PASSWORD),
    ]
    assert {reply.status_code for reply in answers} == {401}
    assert {reply.mimetype for reply in answers} == {"application/problem+json"}
    assert len({reply.text for reply in answers}) == 1


def test_a_person_without_a_company_gets_no_token(app, browser):
    assert ask(browser, email=make_person().email, password=PASSWORD).status_code == 403


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "email"),
        ({"email": "a@b.example"}, "password"),
        ({"email": 1, "password": "x"}, "email"),
        ({"email": "a@b.example", "password": "x", "extra": 1}, "extra"),
    ],
)
def test_wrong_bodies_are_named_by_field(app, browser, body, field):
    reply = browser.post(PATH, json=body)
    assert reply.status_code == 422
    assert field in [error["field"] for error in reply.json["errors"]]


@pytest.mark.parametrize("email", ["a\x00b@quayside.example", " ", "x" * 9000])
def test_strange_addresses_are_nobodys(app, browser, email):
    assert ask(browser, email=email, password=PASSWORD).status_code == 401
