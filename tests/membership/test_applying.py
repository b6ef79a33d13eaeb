"""An applicant fills, keeps, checks, sends and proves; and what strangers learn of it: nothing."""

import io

import pytest

from portal.core import clock
from portal.core.db import transaction
from portal.membership import service
from portal.membership.models import Application, Consent, Paper
from portal.membership.queries import around, questionnaires
from portal.membership.rules.states import State
from portal.membership.service import sending
from tests.conftest import Browser
from tests.factories import make_person
from tests.membership.applying import (
    answers,
    apply_by_form,
    as_form,
    code_of,
    contact,
    link_of,
    mails,
    make_application,
    read,
    send,
)


def begin(browser, **values):
    """Send the first step; return the reference."""
    first = questionnaires.current().steps[0]
    reply = browser.post("/apply/new", as_form(answers(**values), first))
    assert reply.status_code == 303, reply.text
    return reply.location.split("/")[2]


@pytest.mark.both_databases
def test_an_application_goes_from_the_first_step_to_the_desk(browser):
    given = answers()
    ref = apply_by_form(browser, given)
    assert browser.get(f"/apply/{ref}").location.endswith("/proof")
    code = code_of(given["contacts"][0]["email"])
    assert browser.post(f"/apply/{ref}/proof", {"do": "code", "code": code}).status_code == 303
    assert "Submitted" in browser.get(f"/apply/{ref}").text
    assert browser.get(f"/apply/{ref}/copy.pdf").data.startswith(b"%PDF")


def test_reading_what_is_asked_begins_nothing(browser):
    browser.get("/apply")
    browser.get("/apply/new")
    assert browser.client.get_cookie("application", path="/apply") is None


def test_each_step_is_kept_as_typed_right_or_wrong(browser):
    ref = begin(browser)
    wrong = {"name": "半个名字", "credit_code": "123", "do": "next"}
    reply = browser.post(f"/apply/{ref}/steps/company", wrong)
    assert reply.status_code == 422
    assert "there are 3 now" in reply.text
    page = browser.get(f"/apply/{ref}/steps/company").text
    assert "半个名字" in page
    assert 'value="123"' in page


def test_a_lost_session_and_a_lost_browser_keep_the_draft(browser, app):
    given = answers()
    first = questionnaires.current().steps[0]
    browser.post("/apply/new", as_form(given, first) | {"do": "later"})
    other = Browser(app)
    link = link_of(given["contacts"][0]["email"], "/apply/AP")
    reply = other.get(link)
    assert reply.status_code == 302
    assert other.get(reply.location).status_code == 200
    ref = link.split("/")[2].partition("?")[0]
    with other.client.session_transaction() as session:
        session.clear()
    kept = other.post(f"/apply/{ref}/steps/company", {"name": "Kept", "do": "later"})
    assert kept.status_code == 303
    assert "Kept" in other.get(f"/apply/{ref}/steps/company").text


def test_a_lost_link_is_mailed_again_and_the_answer_never_differs(browser):
    application = make_application()
    known = browser.post("/apply/find", {"email": application.email})
    unknown = browser.post("/apply/find", {"email": "nobody@nowhere.example"})
    assert known.status_code == unknown.status_code == 200
    assert application.ref in link_of(application.email, "/apply/AP")
    assert mails("nobody@nowhere.example") == []


@pytest.mark.both_databases
def test_a_form_sent_twice_begins_one_application(browser, db):
    page = browser.get("/apply/new").text
    token = page.split('name="shown" type="hidden" value="')[1].split('"')[0]
    sent = as_form(answers(), questionnaires.current().steps[0]) | {"shown": token}
    first, again = browser.post("/apply/new", sent), browser.post("/apply/new", sent)
    assert first.location == again.location
    assert db.session.query(Application).execution_options(scope="centre").count() == 1


def test_an_empty_form_begins_nothing(browser, db):
    assert browser.post("/apply/new", {"do": "next"}).status_code == 422
    assert db.session.query(Application).execution_options(scope="centre").count() == 0


def test_sending_twice_is_one_application_and_one_mail(browser):
    given = answers()
    ref = apply_by_form(browser, given)
    assert browser.post(f"/apply/{ref}/check", {"truthful": "yes"}).location.endswith("/proof")
    assert len(mails(given["contacts"][0]["email"])) == 1


def test_nothing_incomplete_or_unconfirmed_is_sent(browser):
    ref = begin(browser)
    reply = browser.post(f"/apply/{ref}/check", {"truthful": "yes"})
    assert reply.status_code == 422
    assert "Please fill this in." in reply.text
    complete = make_application()
    browser.get(f"/apply/{complete.ref}?key={service.key_of(complete)}")
    reply = browser.post(f"/apply/{complete.ref}/check", {})
    assert reply.status_code == 422
    assert "Please confirm this." in reply.text


def test_consents_are_kept_one_by_one_with_their_words(browser):
    application = make_application()
    browser.get(f"/apply/{application.ref}?key={service.key_of(application)}")
    page = browser.get(f"/apply/{application.ref}/check").text
    assert "checked" not in page.split("Consents")[1].split("truthful")[0]
    sent = {"truthful": "yes", "consents": ["marketing-email"]}
    browser.post(f"/apply/{application.ref}/check", sent)
    kept = around.consents_of(application)
    assert [key for key, each in kept.items() if each.given] == [("marketing", "email")]
    assert kept["marketing", "email"].text == "New services and offers by e-mail"
    assert len(kept) == 5
    assert all(isinstance(each, Consent) for each in kept.values())


def test_a_code_is_good_for_five_tries_and_two_hours(browser, monkeypatch):
    application = make_application("unverified")
    browser.get(f"/apply/{application.ref}?key={service.key_of(application)}")
    path, right = f"/apply/{application.ref}/proof", code_of(application.email)
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    for _ in range(sending.TRIES):
        reply = browser.post(path, {"code": wrong})
        assert reply.status_code == 422
        assert "not the code" in reply.text
    assert "no longer valid" in browser.post(path, {"code": right}).text
    later = clock.now() + sending.RESEND_AFTER
    monkeypatch.setattr(clock, "now", lambda: later)
    assert browser.post(path, {"do": "again"}).status_code == 303
    late = later + sending.CODE_WITHIN
    monkeypatch.setattr(clock, "now", lambda: late + sending.RESEND_AFTER)
    assert "no longer valid" in browser.post(path, {"code": code_of(application.email)}).text


def test_a_link_proves_only_the_address_to_which_it_was_mailed(browser):
    application = make_application("unverified")
    link = link_of(application.email, "/apply/")
    browser.get(f"/apply/{application.ref}?key={service.key_of(application)}")
    other = contact()["email"]
    path = f"/apply/{application.ref}/proof"
    assert browser.post(path, {"do": "correct", "email": other}).status_code == 303
    assert read(application).email == other
    proof = link.partition("proof=")[2]
    assert browser.get(link).status_code == 200
    assert browser.post(link.partition("&")[0], {"proof": proof}).status_code == 409
    newer = link_of(other, "/apply/")
    reply = browser.post(newer.partition("&")[0], {"proof": newer.partition("proof=")[2]})
    assert reply.status_code == 303
    assert read(application).state == State.SUBMITTED


def test_opening_the_link_alone_confirms_nothing(browser):
    application = make_application("unverified")
    assert "Confirm and send" in browser.get(link_of(application.email, "/apply/")).text
    assert read(application).state == State.UNVERIFIED


@pytest.mark.both_databases
def test_the_same_answers_from_the_same_address_are_one_application(browser):
    given = answers()
    first = make_application("submitted", **given)
    again = make_application("unverified", **given)
    code = code_of(again.email)
    with transaction():
        assert service.prove_by_code(read(again, lock=True), code)
    assert read(again).state == State.WITHDRAWN
    assert read(again).duplicate_of_id == first.id
    page = browser.get(f"/apply/{again.ref}?key={service.key_of(again)}")
    assert first.ref in page.text


def test_answers_stay_as_they_are_once_sent(browser):
    application = make_application("submitted")
    browser.get(f"/apply/{application.ref}?key={service.key_of(application)}")
    reply = browser.post(f"/apply/{application.ref}/steps/company", {"name": "Other"})
    assert reply.status_code == 302
    assert around.answers_of(application)["name"] == application.name


def test_withdrawing_is_asked_for_and_ends_it(browser):
    application = make_application("submitted")
    browser.get(f"/apply/{application.ref}?key={service.key_of(application)}")
    assert "Keep it" in browser.get(f"/apply/{application.ref}/withdraw").text
    assert browser.post(f"/apply/{application.ref}/withdraw").status_code == 303
    assert read(application).state == State.WITHDRAWN
    assert browser.post(f"/apply/{application.ref}/withdraw").status_code == 409


PATHS = ("", "/steps/company", "/check", "/proof", "/confirm", "/later", "/withdraw", "/answer")


@pytest.mark.parametrize("path", [*PATHS, "/copy.pdf", "/papers/AF1"])
def test_a_reference_without_its_key_looks_missing(browser, path):
    ref = make_application("submitted").ref
    known = browser.get(f"/apply/{ref}{path}")
    unknown = browser.get(f"/apply/AP000000000{path}")
    wrong = browser.get(f"/apply/{ref}{path}?key=guessed")
    assert known.status_code == unknown.status_code == wrong.status_code == 404
    assert strip(known.text, ref) == strip(unknown.text, "AP000000000")


def strip(page, ref):
    body = page.partition("<main")[2].partition("</main>")[0]
    return body.replace(ref, "")


def test_a_key_opens_no_other_application(browser):
    one, other = make_application("submitted"), make_application("submitted")
    browser.get(f"/apply/{one.ref}?key={service.key_of(one)}")
    assert browser.get(f"/apply/{other.ref}").status_code == 404
    assert browser.get(f"/apply/{other.ref}?key={service.key_of(one)}").status_code == 404


def test_before_approval_an_applicant_sees_nothing_of_members(browser):
    application = make_application("submitted")
    browser.get(f"/apply/{application.ref}?key={service.key_of(application)}")
    for path in ("/portal", "/portal/consignments", "/portal/company/", "/desk/applications"):
        assert browser.get(path).status_code == 302


@pytest.mark.parametrize("origin", ["https://evil.example", "http://localhost.evil.example"])
def test_forms_of_other_sites_are_refused(browser, origin):
    sent = as_form(answers(), questionnaires.current().steps[0])
    reply = browser.post("/apply/new", sent, headers={"Origin": origin})
    assert reply.status_code == 403


def test_papers_are_taken_by_content_and_given_back_as_downloads(browser):
    application = make_application()
    browser.get(f"/apply/{application.ref}?key={service.key_of(application)}")
    path = f"/apply/{application.ref}/steps/credit"
    good = (io.BytesIO(b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"), "../../执照\u202e.pdf")
    text = (io.BytesIO("执照编号 1".encode()), "licence.txt")
    bad = (io.BytesIO(b"MZ\x90\x00" + b"\0" * 300), "harmless.pdf")
    reply = browser.post(path, {"do": "upload", "papers": [good, text, bad]})
    assert reply.status_code == 422
    assert "harmless.pdf" in reply.text
    papers = around.papers_of(application)
    assert papers
    assert not any("/" in paper.name or "\u202e" in paper.name for paper in papers)
    given = browser.get(f"/apply/{application.ref}/papers/{papers[0].ref}")
    assert given.headers["Content-Disposition"].startswith("attachment")
    assert given.headers["X-Content-Type-Options"] == "nosniff"
    browser.post(path, {"do": f"drop:{papers[0].ref}"})
    assert papers[0].ref not in [each.ref for each in around.papers_of(application)]
    assert browser.get(f"/apply/{application.ref}/papers/{papers[0].ref}").status_code == 404
    assert isinstance(papers[0], Paper)


HOSTILE = [
    "<script>alert(1)</script>",
    "'; DROP TABLE application; --",
    "{{ 7 * 7 }} {% raw %}",
    "a\0b\x08",
    "\u202egnp.exe",
    "=HYPERLINK(1)",
    "漢" * 10_000,
    "%s %(x)s {0}",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_neutral_on_every_page(browser, as_user, text):
    application = make_application(name=text, contacts=[contact(name=text)], remarks=text)
    browser.get(f"/apply/{application.ref}?key={service.key_of(application)}")
    for path in ("/steps/contact", "/steps/company", "/steps/credit", "/check", "/copy.pdf"):
        reply = browser.get(f"/apply/{application.ref}{path}")
        assert reply.status_code == 200
        assert b"<script>alert" not in reply.data


def test_unknown_rows_buttons_and_steps_do_no_harm(browser):
    ref = begin(browser)
    path = f"/apply/{ref}/steps/contact"
    for do in ("add:nothing", "remove:contacts:99", "remove:name:x", "drop:AFX", "", "jump"):
        assert browser.post(path, {"do": do}).status_code in (200, 404)
    assert browser.get(f"/apply/{ref}/steps/consent").status_code == 404
    assert browser.get(f"/apply/{ref}/steps/%00").status_code == 404
    rows = {"contacts-rows": ["-1", "x", "9" * 400, "1"] * 30, "do": "keep"}
    assert browser.post(path, rows).status_code == 200


def test_an_unsure_address_asks_which_place_is_meant(browser):
    application = make_application()
    browser.get(f"/apply/{application.ref}?key={service.key_of(application)}")
    company = as_form(answers(), questionnaires.current().steps[1])
    company |= {"address-address": "建设路 1 号", "address-city": "朝阳"}
    path = f"/apply/{application.ref}/steps/company"
    page = browser.post(path, company)
    if page.status_code == 422:
        choice = page.text.split('name="address-choice" value="')[1].split('"')[0]
        assert browser.post(path, company | {"address-choice": choice}).status_code == 303
        kept = around.answers_of(application)["address"]
        assert kept["chosen"] == "yes"
        assert browser.post(path, company).status_code == 303


def test_who_was_invited_by_a_message_finds_his_name_there(browser):
    token = service.invite_token(
        name="林一", email="lin@x.example", phone="+8613800006021", company="林记", message_ref="M1"
    )
    page = browser.get(f"/apply/new?from={token}").text
    assert "lin@x.example" in page
    sent = as_form(answers(), questionnaires.current().steps[0])
    reply = browser.post(f"/apply/new?from={token}", sent)
    ref = reply.location.split("/")[2]
    assert "林记" in browser.get(f"/apply/{ref}/steps/company").text
    assert browser.get("/apply/new?from=forged").status_code == 200


def test_a_referral_is_known_by_mail_and_by_code(browser):
    person = make_person(staff_role="sales")
    code = service.referral_code(person.id)
    assert make_application(referred_by=person.email).referred_by_id == person.id
    assert make_application(referred_by=code.lower()).referred_by_id == person.id
    assert make_application(referred_by="QXXXXXX").referred_by_id is None
    member = make_person()
    assert make_application(referred_by=member.email).referred_by_id is None


def test_a_trap_that_was_filled_makes_it_suspicious(browser, as_user):
    sent = as_form(answers(), questionnaires.current().steps[0])
    ref = browser.post("/apply/new", sent | {"homepage": "http://spam.example"}).location.split(
        "/"
    )[2]
    found = read(ref)
    assert found.suspicion["score"] == 100


@pytest.mark.both_databases
def test_running_applications_keep_their_questions(app):
    application = make_application()
    editor = make_person(staff_role="manager")
    with transaction():
        draft = service.draft_questions(by=editor.id)
        service.publish_questions(draft, "", by=editor.id)
    newer = make_application()
    assert questionnaires.version_of(application).number == 1
    assert questionnaires.version_of(newer).number == 2
    send(application)
    assert application.state == State.UNVERIFIED
