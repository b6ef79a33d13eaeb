"""The desk reviews, asks, checks, decides; who may not, cannot; what fails leaves nothing."""

import pytest

from portal.accounts.models import Company, Membership, Person
from portal.accounts.roles import STAFF_ROLES
from portal.core import clock, mail
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.membership import service
from portal.membership.queries import around, questionnaires
from portal.membership.queries.applications import of_company
from portal.membership.rules.states import State
from portal.membership.service import Terms
from tests.factories import make_colleague, make_company, make_person, user_of
from tests.membership.applying import (
    answers,
    apply_by_form,
    code_of,
    contact,
    link_of,
    mails,
    make_application,
    read,
)

TERMS = {"role": "owner", "payment_terms": "net30"}


def terms(person, **values):
    return TERMS | {"account_manager": str(person.id)} | values


def approve(application, person, **values):
    with transaction():
        row = read(application, lock=True)
        usual = {"account_manager_id": person.id, "payment_terms": "net30"}
        return service.approve(row, Terms(**(usual | values)), by=user_of(person))


@pytest.mark.both_databases
def test_a_new_member_has_company_owner_terms_and_a_way_in(browser, as_user, sales):
    given = answers()
    ref = apply_by_form(browser, given)
    email = given["contacts"][0]["email"]
    browser.post(f"/apply/{ref}/proof", {"code": code_of(email)})
    desk = as_user(sales)
    assert desk.post(f"/desk/applications/{ref}", {"do": "take"}).status_code == 302
    reply = desk.post(f"/desk/applications/{ref}/approve", terms(sales))
    assert reply.status_code == 302, reply.text
    application = read(ref)
    company = db_get(Company, application.company_id)
    assert f"/desk/companies/{company.ref}" in desk.get(f"/desk/applications/{ref}").text
    assert company.lifecycle == "member"
    assert company.payment_terms == "net30"
    assert company.account_manager_id == sales.id
    assert company.confirmed_on == clock.now().astimezone(clock.zone()).date()
    assert company.consignor["city"] == "杭州"
    browser.post(link_of(email, "/password/reset/"), {"password": "a long enough password"})
    assert browser.get("/portal").status_code == 200
    assert "First steps" in browser.get("/portal").text
    assert browser.post("/portal/first-steps/dismiss").status_code == 302
    assert "First steps" not in browser.get("/portal").text


def db_get(model, id_):
    return db.session.get(model, id_)


@pytest.mark.both_databases
def test_what_fails_in_the_middle_of_approving_leaves_nothing(app, monkeypatch, sales):
    application = make_application("submitted").ref
    before = counted()

    def fail(*_args, **_kwargs):
        raise RuntimeError("The mail could not be owed.")

    monkeypatch.setattr(mail, "owe", fail)
    with pytest.raises(RuntimeError):
        approve(application, sales)
    monkeypatch.undo()
    assert counted() == before
    assert read(application).state == State.SUBMITTED
    approve(application, sales)
    assert read(application).state == State.APPROVED


def counted():
    db.session.rollback()
    return [db.session.query(model).count() for model in (Company, Person, Membership)]


@pytest.mark.both_databases
def test_nobody_decides_on_his_own_referral(app, sales):
    application = make_application("submitted", referred_by=sales.email).ref
    with pytest.raises(Refused, match="You referred"):
        approve(application, sales)
    with pytest.raises(Refused, match="You referred"), transaction():
        service.refuse(read(application, lock=True), "other", "No.", by=user_of(sales))
    other = make_person(staff_role="sales")
    approve(application, other)


def test_the_page_says_who_decides_instead(as_user, sales):
    application = make_application("submitted", referred_by=sales.email)
    desk = as_user(sales)
    path = f"/desk/applications/{application.ref}"
    assert "somebody else decides" in desk.get(path).text
    reply = desk.post(f"{path}/approve", terms(sales))
    assert reply.status_code == 409
    assert "You referred this applicant" in reply.text
    assert desk.post(f"{path}/refuse", {"reason": "other", "text": "x"}).status_code == 409


def test_nobody_decides_on_himself(sales):
    application = make_application("submitted", contacts=[contact(), contact(email=sales.email)])
    with pytest.raises(Refused, match="named"):
        approve(application, sales)


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_each_role_does_what_its_rights_say(as_user, role):
    held = STAFF_ROLES[role]
    application = make_application("submitted")
    desk = as_user(make_person(staff_role=role))
    path = f"/desk/applications/{application.ref}"
    may = {right: right in held for right in (
        "applications.see", "applications.verify", "applications.decide", "applications.questions"
    )}  # fmt: skip
    expect(desk.get("/desk/applications"), may["applications.see"])
    expect(desk.get(path), may["applications.see"])
    expect(desk.post(path, {"do": "take"}), may["applications.verify"])
    expect(desk.get(f"{path}/approve"), may["applications.decide"])
    expect(desk.post(f"{path}/refuse", {}), may["applications.decide"])
    expect(desk.get("/desk/applications/questions"), may["applications.questions"])


def expect(reply, may):
    assert (reply.status_code != 403) is may, reply.status_code


def test_members_see_nothing_of_the_desk(as_user):
    application = make_application("submitted")
    member = as_user(make_colleague(make_company()))
    for path in ("", f"/{application.ref}", f"/{application.ref}/copy.pdf", "/questions"):
        assert member.get(f"/desk/applications{path}").status_code == 403


def test_drafts_are_the_applicants_own(manager):
    for state in ("draft", "unverified"):
        application = make_application(state)
        assert manager.get(f"/desk/applications/{application.ref}").status_code == 404
        assert application.name not in manager.get("/desk/applications").text


@pytest.mark.both_databases
def test_only_what_was_asked_for_can_be_changed(browser, manager):
    application = make_application("submitted", weight_month="5")
    path = f"/desk/applications/{application.ref}"
    reply = manager.post(f"{path}/ask", {"keys": ["weight_month"], "text": "5 t?"})
    assert reply.status_code == 302
    assert "5 t?" in mails(application.email)[-1]["body"]
    assert "Weight a month" in mails(application.email)[-1]["body"]
    browser.get(f"/apply/{application.ref}?key={service.key_of(application)}")
    assert "5 t?" in browser.get(f"/apply/{application.ref}").text
    sent = {"weight_month": "32", "name": "Another Company", "expected": "1", "do": "send"}
    assert browser.post(f"/apply/{application.ref}/answer", sent).status_code == 303
    kept = around.answers_of(application)
    assert (kept["weight_month"], kept["name"]) == ("32", application.name)
    page = manager.get(path).text
    assert '<p class="was">' in page
    assert "Changed" in page
    assert read(application).state == State.IN_REVIEW
    assert browser.post(f"/apply/{application.ref}/answer", sent).status_code == 302
    assert around.answers_of(application)["weight_month"] == "32"


def test_an_answer_that_is_still_wrong_stays_with_the_applicant(browser, manager):
    application = make_application("submitted")
    manager.post(f"/desk/applications/{application.ref}/ask", {"keys": ["size"], "text": "?"})
    browser.get(f"/apply/{application.ref}?key={service.key_of(application)}")
    reply = browser.post(f"/apply/{application.ref}/answer", {"size": "", "do": "send"})
    assert reply.status_code == 422
    assert read(application).state == State.INFO_REQUESTED


def test_an_answer_changes_something_or_says_why_not(browser, manager):
    application = make_application("submitted")
    manager.post(f"/desk/applications/{application.ref}/ask", {"keys": ["size"], "text": "?"})
    browser.get(f"/apply/{application.ref}?key={service.key_of(application)}")
    path = f"/apply/{application.ref}/answer"
    assert browser.post(path, {"size": "small", "do": "send"}).status_code == 422
    said = {"size": "small", "words": "We are that small.", "do": "send"}
    assert browser.post(path, said).status_code == 303
    assert "We are that small." in manager.get(f"/desk/applications/{application.ref}").text


@pytest.mark.parametrize(
    "sent", [{}, {"keys": ["size"]}, {"text": "x"}, {"keys": ["no"], "text": "x"}]
)
def test_asking_needs_answers_and_words(manager, sent):
    application = make_application("submitted")
    reply = manager.post(f"/desk/applications/{application.ref}/ask", sent)
    assert reply.status_code == 422
    assert read(application).state == State.SUBMITTED


def test_a_check_names_who_when_and_how_and_falls_with_a_changed_answer(browser, manager):
    application = make_application("submitted")
    path = f"/desk/applications/{application.ref}"
    reply = manager.post(
        path, {"do": "check:size", "how-size": "site_visit", "note-size": "Saw it"}
    )
    assert reply.status_code == 302
    page = manager.get(path).text
    assert "Visit on site" in page
    assert "Saw it" in page
    assert "Verified" in page
    manager.post(f"{path}/ask", {"keys": ["size"], "text": "?"})
    browser.get(f"/apply/{application.ref}?key={service.key_of(application)}")
    browser.post(f"/apply/{application.ref}/answer", {"size": "huge", "do": "send"})
    assert "Changed since" in manager.get(path).text
    assert manager.post(path, {"do": "check:size", "how-size": "dream"}).status_code == 422


def test_notes_stay_at_the_desk(browser, manager):
    application = make_application("submitted")
    path = f"/desk/applications/{application.ref}"
    manager.post(path, {"do": "note", "note": "Between ourselves"})
    assert "Between ourselves" in manager.get(path).text
    page = browser.get(f"/apply/{application.ref}?key={service.key_of(application)}").text
    assert "Between ourselves" not in page
    assert manager.post(path, {"do": "note", "note": ""}).status_code == 422
    assert manager.post(path, {"do": "note", "note": "x" * 10_000}).status_code == 422


def test_a_file_of_another_application_is_not_given(manager):
    one, other = make_application("submitted"), make_application("submitted")
    path = f"/desk/applications/{one.ref}/papers/AFX"
    assert manager.get(path).status_code == 404
    assert manager.get(f"/desk/applications/{other.ref}x").status_code == 404


def test_every_move_stands_in_the_history(manager, sales):
    application = make_application("submitted")
    approve(application, sales)
    told = [(move.action, move.state_after) for move in around.moves_of(application)]
    assert told == [
        ("begin", "draft"),
        ("send", "unverified"),
        ("prove", "submitted"),
        ("take", "in_review"),
        ("approve", "approved"),
    ]
    page = manager.get(f"/desk/applications/{application.ref}").text
    assert sales.name in page


def test_questions_are_edited_in_a_draft_and_published(manager):
    draft = manager.post("/desk/applications/questions").location
    edit = f"{draft}/new?section=cargo"
    words = {f"label-{tag}": "Forklifts" for tag in ("zh-Hans", "zh-Hant", "en")}
    assert manager.post(edit, {"key": "forklifts", "kind": "integer"}).status_code == 422
    sent = {"key": "forklifts", "kind": "integer", "required": "1", **words}
    assert manager.post(edit, sent).status_code == 302
    assert manager.post(draft, {"do": "remove:name"}).status_code == 422
    assert manager.post(draft, {"do": "publish", "note": "Forklifts"}).status_code == 302
    assert "forklifts" in questionnaires.current().by_key
    assert manager.post(draft, {"do": "up:forklifts"}).status_code == 409


def test_a_companys_applications_stand_on_its_page(sales):
    application = make_application("submitted")
    company = approve(application, sales)
    rows = of_company(user_of(sales), company.id)
    assert [row.ref for row in rows] == [application.ref]
    assert of_company(user_of(make_person(staff_role="driver")), company.id) == []
