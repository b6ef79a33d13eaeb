"""Applications by program: visitors hand in, the desk lists, decides and asks."""

import pytest

from tests.factories import make_colleague, make_company, make_key, make_person
from tests.membership.applying import answers, code_of, make_application


@pytest.fixture
def manager(with_key):
    return with_key(make_key(make_person(staff_role="manager")))


def hand_in(browser, **values):
    given = answers(**values)
    sent = {"answers": given, "confirmed": True, "language": "en"}
    return given, browser.post("/api/v1/applications", json=sent)


def test_a_visitor_hands_in_and_proves_by_the_page(browser):
    given, reply = hand_in(browser)
    assert reply.status_code == 201, reply.text
    assert reply.json["state"] == "unverified"
    status = browser.get(reply.json["links"]["self"])
    assert status.json["state"] == "unverified"
    page = reply.json["links"]["page"]
    assert browser.get(page).status_code == 302
    code = code_of(given["contacts"][0]["email"])
    ref = reply.json["ref"]
    assert browser.post(f"/apply/{ref}/proof", {"do": "code", "code": code}).status_code == 303
    assert browser.get(reply.json["links"]["self"]).json["state"] == "submitted"


def test_what_is_wrong_is_named_by_its_path(browser):
    _, reply = hand_in(browser, credit_code="91330100MA2KXJ3F7", contacts=[{"name": "x"}], goods=5)
    assert reply.status_code == 422
    fields = {each["field"] for each in reply.json["errors"]}
    assert {
        "answers.credit_code",
        "answers.contacts.0.email",
        "answers.contacts.0.phone",
        "answers.goods",
    } <= fields


@pytest.mark.parametrize("key", ["nonsense", "papers-0", ""])
def test_unknown_questions_are_refused(browser, key):
    sent = {"answers": {key: "x"}, "confirmed": True}
    assert browser.post("/api/v1/applications", json=sent).status_code == 422


def test_an_application_that_is_not_confirmed_is_not_taken(browser):
    reply = browser.post("/api/v1/applications", json={"answers": answers(), "confirmed": False})
    assert reply.status_code == 422
    assert reply.json["errors"][0]["field"] == "confirmed"


def test_the_same_key_sent_twice_makes_one(browser, manager):
    sent = {"answers": answers(), "confirmed": True}
    headers = {"Idempotency-Key": "apply-1"}
    first = browser.post("/api/v1/applications", json=sent, headers=headers)
    again = browser.post("/api/v1/applications", json=sent, headers=headers)
    assert first.json["ref"] == again.json["ref"]


def test_the_desk_lists_reads_asks_and_decides(manager):
    application = make_application("submitted")
    ref = application.ref
    assert [each["ref"] for each in manager.get("/api/v1/applications").json["items"]] == [ref]
    whole = manager.get(f"/api/v1/applications/{ref}").json
    assert whole["answers"]["name"] == application.name
    asked = {"fields": ["size"], "text": "Really?"}
    reply = manager.post(f"/api/v1/applications/{ref}/request-info", json=asked)
    assert reply.json["state"] == "info_requested", reply.text
    reply = manager.post(f"/api/v1/applications/{ref}/approve", json={"payment_terms": "net30"})
    assert reply.status_code == 200, reply.text
    assert reply.json["state"] == "approved"
    assert reply.json["company"].startswith("C")


def test_refusing_needs_a_reason_and_words(manager):
    ref = make_application("submitted").ref
    path = f"/api/v1/applications/{ref}/refuse"
    assert manager.post(path, json={"reason": "because", "text": "no"}).status_code == 422
    assert manager.post(path, json={"reason": "goods", "text": ""}).status_code == 422
    reply = manager.post(path, json={"reason": "goods", "text": "We carry no explosives."})
    assert reply.json["state"] == "refused"


def test_visitors_and_members_cannot_reach_the_desk(browser, with_key):
    application = make_application("submitted")
    company = make_company()
    member = with_key(make_key(make_colleague(company), company))
    assert browser.get("/api/v1/applications").status_code == 401
    assert browser.get(f"/api/v1/applications/{application.ref}").status_code == 404
    assert member.get("/api/v1/applications").status_code == 403
    assert member.get(f"/api/v1/applications/{application.ref}").status_code == 404
    approve = f"/api/v1/applications/{application.ref}/approve"
    assert browser.post(approve, json={}).status_code == 401
    assert member.post(approve, json={}).status_code == 403


def test_a_wrong_key_and_an_unknown_reference_answer_alike(browser):
    ref = make_application("submitted").ref
    wrong = browser.get(f"/api/v1/applications/{ref}?key=x").json
    unknown = browser.get("/api/v1/applications/AP000000000?key=x").json
    assert wrong == unknown


def test_the_questions_can_be_read(browser):
    found = browser.get("/api/v1/applications/questions?lang=en").json
    assert found["sections"][1]["questions"][0]["label"] == "Legal name"
