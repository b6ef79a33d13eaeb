"""Taking a course by its pages: progress, quiz, certificate; and what strangers find of it."""

import pytest

from portal.core.db import db, transaction
from portal.learning.models import Progress
from portal.learning.rules import content as contents
from portal.learning.service import lifecycle, writing
from tests.documents.reading import scanned, texts
from tests.factories import make_colleague
from tests.learning.made import (
    answers,
    attempts,
    certificates,
    certified,
    make_staff,
    make_work,
    passed,
    read_all,
)

pytestmark = pytest.mark.both_databases


@pytest.fixture
def person(app):
    return make_colleague(role="viewer")


@pytest.fixture
def course(app):
    return make_work()


@pytest.fixture
def learner(person, course, as_user):
    read_all(person, course)
    return as_user(person)


def test_lessons_are_done_one_by_one_and_the_quiz_opens_then(person, course, as_user):
    learner, path = as_user(person), f"/learn/courses/{course.slug}"
    assert learner.post(f"{path}/quiz").status_code == 409
    assert learner.post(f"{path}/part1/done").headers["Location"] == f"{path}/part2"
    assert "50 % done" in learner.get("/learn/mine").text
    assert learner.post(f"{path}/part2/done").headers["Location"] == path
    assert learner.post(f"{path}/part2/done").status_code == 303
    assert learner.post(f"{path}/nothing/done").status_code == 404
    assert "/learn/quiz/QA" in learner.post(f"{path}/quiz").headers["Location"]


def test_an_attempt_goes_on_where_it_was_kept(learner, course):
    path = f"/learn/courses/{course.slug}/quiz"
    address = learner.post(path).headers["Location"]
    learner.post(address, {"answer-q1": "a", "answer-q9": "a", "act": "keep"})
    assert learner.post(path).headers["Location"] == address
    assert attempts()[0].answers == {"q1": ["a"]}
    assert learner.get(address).text.count("checked") == 1


def test_missing_answers_are_named_and_nothing_is_marked(learner, course):
    address = learner.post(f"/learn/courses/{course.slug}/quiz").headers["Location"]
    reply = learner.post(address, {"answer-q1": "a"})
    assert reply.status_code == 422
    assert reply.text.count("Answer this question too.") == 3
    assert attempts()[0].ended_at is None


def test_explanations_come_after_the_answers_only(learner, course):
    address = learner.post(f"/learn/courses/{course.slug}/quiz").headers["Location"]
    assert "Because 1." not in learner.get(address).text
    learner.post(address, answers(2))
    page = learner.get(address).text
    assert "Because 1." in page
    assert "you chose it, but it is wrong" in page
    assert "Not passed" in page


def test_what_was_handed_in_is_not_changed_any_more(learner, course):
    ref = passed(learner, course, right=1)
    learner.post(f"/learn/quiz/{ref}", answers(4))
    assert [(each.correct, each.passed) for each in attempts()] == [(1, False)]
    reply = learner.post(f"/learn/quiz/{ref}/certificate", {"name": "X", "agree": "y"})
    assert reply.status_code == 409
    assert certificates() == []


def test_five_attempts_a_day_and_all_are_kept(learner, course):
    for right in range(5):
        passed(learner, course, right=min(right, 2))
    assert learner.post(f"/learn/courses/{course.slug}/quiz").status_code == 409
    assert [each.correct for each in attempts()] == [0, 1, 2, 2, 2]


def test_a_certificate_takes_a_name_and_consent_and_is_issued_once(learner, course):
    ref = passed(learner, course)
    path = f"/learn/quiz/{ref}/certificate"
    assert learner.post(path, {"name": "Wang Xiaoming"}).status_code == 422
    assert learner.post(path, {"name": " ", "agree": "y"}).status_code == 422
    first = learner.post(path, {"name": "Wang Xiaoming", "agree": "y"}).headers["Location"]
    assert learner.post(path, {"name": "Other", "agree": "y"}).headers["Location"] == first
    assert [each.name for each in certificates()] == ["Wang Xiaoming"]


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "This certifies that"), ("zh-Hans", "Wang"), ("zh-Hant", "Wang")],
)
def test_the_paper_reads_back_and_its_code_leads_to_the_proof(learner, course, language, words):
    number = certified(learner, course)
    reply = learner.get(f"/learn/certificates/{number}.pdf?lang={language}")
    assert reply.mimetype == "application/pdf"
    page = texts(reply.data)[0]
    assert words in page
    assert "Wang Xiaoming 王小明" in page
    assert "Stacking well" in page
    code = {(kind, text) for kind, text in scanned(reply.data)[0] if "QR" in kind}
    address = f"http://localhost/verify/certificate/{number}"
    assert [text for _kind, text in code] == [address]


def test_anybody_verifies_a_certificate_and_learns_no_more(learner, course, browser, person):
    number = certified(learner, course)
    page = browser.get(f"/verify/certificate/{number}")
    assert "Genuine and valid." in page.text
    assert "Wang Xiaoming 王小明" in page.text
    assert "100 %" in page.text
    assert person.email not in page.text
    assert page.headers["X-Robots-Tag"].startswith("noindex")
    assert "Set-Cookie" not in page.headers
    typed = f"{number[:2]} {number[2:6].lower()}-{number[6:]}"
    asked = browser.get("/verify/certificate", query_string={"number": typed})
    assert asked.headers["Location"] == f"/verify/certificate/{number}"


@pytest.mark.parametrize(
    "number", ["QC000000000", "QC7K2M9T4FX", "nothing", "QC%00", "../x", "证书"]
)
def test_forged_numbers_are_not_there(browser, number):
    assert browser.get(f"/verify/certificate/{number}").status_code == 404


def test_a_revoked_certificate_says_so_and_why(learner, course, browser, as_user):
    number = certified(learner, course)
    manager = as_user(make_staff("manager"))
    path = f"/desk/learning/certificates/{number}"
    assert manager.post(path, {"reason": " "}).status_code == 422
    manager.post(path, {"reason": "Somebody else took the quiz <b>for him</b>."})
    page = browser.get(f"/verify/certificate/{number}").text
    assert "it counts no more" in page
    assert "&lt;b&gt;for him" in page
    assert "Genuine" not in page
    assert manager.post(path, {"reason": "Again"}).status_code == 409
    again = certified(learner, course)
    assert again != number
    assert [each.revoked_at is None for each in certificates()] == [False, True]


@pytest.mark.parametrize("role", ["dispatcher", "warehouse", "agent"])
def test_who_may_not_publish_pages_revokes_no_certificate(learner, course, as_user, role):
    number = certified(learner, course)
    staff = as_user(make_staff(role))
    path = f"/desk/learning/certificates/{number}"
    assert staff.post(path, {"reason": "No"}).status_code == 403


def test_another_persons_attempts_certificates_and_progress_are_not_there(
    learner, course, as_user, browser
):
    number = certified(learner, course)
    ref = attempts()[0].ref
    stranger = as_user(make_colleague())
    for path in (
        f"/learn/quiz/{ref}",
        f"/learn/certificates/{number}",
        f"/learn/certificates/{number}.pdf",
        "/learn/quiz/QA%00",
    ):
        assert stranger.get(path).status_code == 404, path
        assert browser.get(path).status_code in (302, 404), path
    assert stranger.post(f"/learn/quiz/{ref}", answers(4)).status_code == 404
    form = {"name": "Thief", "agree": "y"}
    assert stranger.post(f"/learn/quiz/{ref}/certificate", form).status_code == 404
    assert number not in stranger.get("/learn/mine").text
    assert "0 % done" not in stranger.get("/learn").text
    assert browser.post(f"/learn/courses/{course.slug}/part1/done").status_code == 401


def test_a_new_version_leaves_attempts_that_were_begun_as_they_were(learner, course):
    address = learner.post(f"/learn/courses/{course.slug}/quiz").headers["Location"]
    with transaction():
        work = db.session.merge(course)
        newest = writing.newest_of(work)
        old = contents.of(newest)
        shorter = contents.Content(old.texts, old.parts, old.questions[:1], old.settings)
        writing.change(work, shorter, edition=newest.edition, part="questions", by=None)
        lifecycle.submit(work, by=None)
        lifecycle.publish(work, by=None)
    assert learner.get(address).text.count("<fieldset") == 4
    learner.post(address, answers(3))
    assert [(each.correct, each.asked, each.passed) for each in attempts()] == [(3, 4, True)]


@pytest.mark.parametrize("place", ["", "x", "-5", "٣", "1e9", "99999999999999"])
def test_a_place_is_a_number_and_never_beyond_the_end(person, as_user, place):
    book = make_work("book", questions=0)
    reply = as_user(person).post(f"/learn/read/{book.slug}/part1/place", {"place": place})
    assert reply.status_code == (204 if place.startswith("9") else 422)
    db.session.rollback()
    assert [each.place for each in db.session.query(Progress)] in ([], [100])


def test_a_reader_goes_on_where_he_stopped(person, as_user):
    book = make_work("book", questions=0, parts=3)
    reader, path = as_user(person), f"/learn/read/{book.slug}"
    reader.post(f"{path}/part2/place", {"place": "40"})
    assert "Go on with chapter 2" in reader.get(path).text
    assert 'data-place="40"' in reader.get(f"{path}/part2").text
    reader.post(f"{path}/part2/done")
    assert "33 % done" in reader.get(path).text
