"""Questions to the experts: asked, answered, moderated; what strangers never see of them."""

import re
from datetime import timedelta

import pytest

from portal.core import clock
from portal.core.db import db
from portal.core.jobs import Job
from portal.core.spam import Verdict
from portal.learning.links import key_of
from tests.learning.made import TEXT, make_question, make_staff, questions, shown_at

pytestmark = pytest.mark.both_databases
FORM = {
    "topic": "cold",
    "subject": "How much dry ice?",
    "text": TEXT,
    "name": "Julia Meyer",
    "email": "Julia@Moebel.example",
    "may_publish": "y",
}


@pytest.fixture
def expert(app, as_user):
    return as_user(make_staff("warehouse"))


def mails():
    """Return the addresses and texts of the mails that are owed."""
    db.session.rollback()
    jobs = db.session.query(Job).filter_by(kind="mail").order_by(Job.id)
    return [(job.payload["to"], job.payload["body"]) for job in jobs]


def public(question):
    return {
        "text": "**A third** of the weight.",
        "public_subject": question.subject,
        "public_text": "How much dry ice for ice cream?",
        "way": "public",
    }


def test_a_visitor_asks_and_gets_a_secret_link_by_mail(browser):
    reply = browser.post("/learn/ask", FORM | {"shown": shown_at()})
    assert reply.status_code == 303
    page = browser.get(reply.headers["Location"])
    assert "We have your question." in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in page.headers
    (to, body) = mails()[0]
    link = reply.headers["Location"].partition("?")[0]
    assert (to, link in body, TEXT in body) == ("julia@moebel.example", True, False)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"subject": " "}, "Please say in a few words"),
        ({"text": ""}, "Please describe your goods"),
        ({"email": "julia"}, "not an e-mail address"),
        ({"topic": "gold"}, "Choose one from the list."),
        ({"name": "\u202e"}, "Please say your name."),
        ({"text": "x" * 4001}, "At most 4000"),
        ({"shown": "forged"}, "Nothing you wrote is lost"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_nothing_is_lost(browser, wrong, words):
    reply = browser.post("/learn/ask", FORM | {"shown": shown_at()} | wrong)
    assert reply.status_code == 422
    assert words in reply.text
    assert questions() == []


def test_the_same_form_sent_twice_is_one_question(browser):
    form = FORM | {"shown": shown_at()}
    first = browser.post("/learn/ask", form).headers["Location"]
    assert browser.post("/learn/ask", form).headers["Location"] == first
    assert len(questions()) == 1


def test_a_filled_trap_is_put_aside_without_a_mail(browser):
    browser.post("/learn/ask", FORM | {"shown": shown_at(), "homepage": "http://x.example"})
    assert [each.state for each in questions()] == ["spam"]
    assert mails() == []


def test_a_form_of_another_site_is_refused(browser):
    form = FORM | {"shown": shown_at()}
    reply = browser.post("/learn/ask", form, headers={"Origin": "https://evil.example"})
    assert reply.status_code == 403


def test_only_the_right_key_opens_a_question(browser):
    one, other = make_question(), make_question()
    assert browser.get(f"/learn/ask/{one.ref}/{key_of(one)}").status_code == 200
    for key in (key_of(other), "x", key_of(one)[:-1]):
        assert browser.get(f"/learn/ask/{one.ref}/{key}").status_code == 404
    assert browser.get(f"/learn/questions/{one.ref}").status_code == 404


def test_an_answer_in_public_joins_the_learning_pages_without_the_asker(expert, browser):
    question = make_question()
    expert.post(f"/desk/learning/questions/{question.ref}/answer", public(question))
    for path in (
        "/learn",
        "/learn?topic=cold",
        "/learn/questions",
        "/learn/questions?q=third weight",
        "/learn?q=ice+cream",
    ):
        assert question.subject in browser.get(path).text, path
    page = browser.get(f"/learn/questions/{question.ref}").text
    assert "<strong>A third</strong>" in page
    assert "Warehouse operator" in page
    for path in ("/learn", "/learn/questions", f"/learn/questions/{question.ref}"):
        text = browser.get(path).text
        assert question.email not in text
        assert "Julia" not in text
        assert "Set-Cookie" not in browser.get(path).headers
    assert question.subject not in browser.get("/learn?topic=packing").text
    to, body = mails()[-1]
    assert to == question.email
    assert f"/learn/questions/{question.ref}" in body


def test_an_answer_in_private_is_for_the_asker_alone(expert, browser):
    question = make_question()
    form = public(question) | {"way": "private"}
    expert.post(f"/desk/learning/questions/{question.ref}/answer", form)
    assert browser.get(f"/learn/questions/{question.ref}").status_code == 404
    assert "A third" in browser.get(f"/learn/ask/{question.ref}/{key_of(question)}").text
    assert questions()[0].due_at is None


def test_what_was_asked_in_private_is_never_published(expert, browser):
    question = make_question(may_publish=False)
    path = f"/desk/learning/questions/{question.ref}"
    assert expert.post(f"{path}/answer", public(question)).status_code == 409
    assert expert.post(f"{path}/published").status_code == 409
    assert browser.get(f"/learn/questions/{question.ref}").status_code == 404


def test_contacts_do_not_get_into_public_words(expert):
    question = make_question(text=f"{TEXT} Call me: +49 40 123456789, julia@moebel.example")
    path = f"/desk/learning/questions/{question.ref}"
    proposed = re.search(r"public_text[^>]*>([^<]*)<", expert.get(path).text)[1]
    assert "123456789" not in proposed
    assert "@" not in proposed
    form = public(question) | {"public_text": question.text}
    assert expert.post(f"{path}/answer", form).status_code == 422
    form = public(question) | {"text": "Write to me at me@quayside.example"}
    assert expert.post(f"{path}/answer", form).status_code == 422


def test_hostile_words_are_neutral(expert, browser):
    question = make_question(subject="<script>alert(1)</script>")
    form = public(question) | {
        "text": "<img src=x onerror=alert(1)> [x](javascript:alert(1))",
        "public_text": "</p><script>alert(2)</script>",
    }
    expert.post(f"/desk/learning/questions/{question.ref}/answer", form)
    page = browser.get(f"/learn/questions/{question.ref}").text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert 'href="javascript' not in page


def test_an_expert_takes_hides_and_takes_back(expert, browser):
    question = make_question()
    path = f"/desk/learning/questions/{question.ref}"
    expert.post(f"{path}/take")
    assert questions()[0].assigned_id is not None
    expert.post(f"{path}/take")
    assert questions()[0].assigned_id is None
    expert.post(f"{path}/answer", public(question))
    expert.post(f"{path}/hidden")
    assert browser.get(f"/learn/questions/{question.ref}").status_code == 404
    assert question.subject not in browser.get("/learn?q=ice+cream").text
    expert.post(f"{path}/published")
    assert browser.get(f"/learn/questions/{question.ref}").status_code == 200
    expert.post(f"{path}/spam")
    assert expert.post(f"{path}/answer", public(question)).status_code == 409
    expert.post(f"{path}/open")
    assert [(each.state, each.due_at) for each in questions()] == [("open", None)]


def test_the_queue_goes_by_its_clock(expert):
    late = make_question(subject="Late one", at=clock.now() - timedelta(days=9))
    make_question(subject="New one")
    make_question(subject="Unwanted one", verdict=Verdict(90, ("links",)))
    page = expert.get("/desk/learning/questions").text
    assert page.index("Late one") < page.index("New one")
    assert "Unwanted one" not in page
    overdue = expert.get("/desk/learning/questions?tab=overdue").text
    assert late.subject in overdue
    assert "New one" not in overdue
    assert "Unwanted one" in expert.get("/desk/learning/questions?tab=spam").text


@pytest.mark.parametrize("role", ["driver", "sales", "marketing", "finance"])
def test_who_is_no_expert_sees_no_question(as_user, role):
    question = make_question()
    staff = as_user(make_staff(role))
    assert staff.get("/desk/learning/questions").status_code == 403
    assert staff.get(f"/desk/learning/questions/{question.ref}").status_code == 403


def test_references_that_nobody_gave_out_are_not_there(expert, browser):
    for ref in ("TQ00000000", "tq", "TQ%00", "'; drop"):
        assert expert.get(f"/desk/learning/questions/{ref}").status_code == 404
        assert browser.get(f"/learn/questions/{ref}").status_code == 404
        assert browser.get(f"/learn/ask/{ref}/x").status_code == 404
