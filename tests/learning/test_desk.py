"""Courses and books at the desk: written by one, published by another."""

import io

import pytest
from PIL import Image

from portal.core.db import db
from portal.learning.models import Work, WorkVersion
from tests.factories import make_colleague
from tests.learning.made import make_staff, make_work

pytestmark = pytest.mark.both_databases
HEAD = {
    "slug": "reading-labels",
    "topic": "how",
    "position": "5",
    "pass_percent": "80",
    "is_public": "y",
    "title_en": "Reading labels",
    "summary_en": "What a label says.",
}
LESSON = {"title_en": "First", "body_en": "Look at the **barcode**."}
QUESTION = {
    "kind": "single",
    "right": ["2"],
    "ask_en": "Which?",
    "option1_en": "This",
    "option2_en": "That",
    "why_en": "That it is.",
}


@pytest.fixture
def writer(app, as_user):
    return as_user(make_staff("marketing"))


@pytest.fixture
def manager(app, as_user):
    return as_user(make_staff("manager"))


def newest(slug):
    db.session.rollback()
    work = db.session.query(Work).filter_by(slug=slug).one()
    query = db.session.query(WorkVersion).filter_by(work_id=work.id, number=work.newest_number)
    return work, query.one()


def edition(slug):
    return {"edition": str(newest(slug)[1].edition)}


def test_a_course_is_written_reviewed_and_published_by_somebody_else(writer, manager, browser):
    path = writer.post("/desk/learning/new/course", HEAD).headers["Location"]
    slug = path.rpartition("/")[2]
    assert writer.post(f"{path}/submit").status_code == 422
    assert writer.post(f"{path}/part/new", LESSON | edition(slug)).status_code == 303
    assert writer.post(f"{path}/question/new", QUESTION | edition(slug)).status_code == 303
    assert browser.get(f"/learn/courses/{slug}").status_code == 404
    assert writer.post(f"{path}/submit").status_code == 303
    assert writer.post(f"{path}/publish").status_code == 403
    assert manager.post(f"{path}/publish").status_code == 303
    page = browser.get(f"/learn/courses/{slug}").text
    assert "Reading labels" in page
    part = newest(slug)[1].parts[0]["id"]
    lesson = browser.get(f"/learn/courses/{slug}/{part}")
    assert "<strong>barcode</strong>" in lesson.text
    assert "Set-Cookie" not in lesson.headers


def test_who_may_publish_does_not_publish_his_own(manager):
    path = manager.post("/desk/learning/new/course", HEAD).headers["Location"]
    slug = path.rpartition("/")[2]
    manager.post(f"{path}/part/new", LESSON | edition(slug))
    manager.post(f"{path}/question/new", QUESTION | edition(slug))
    manager.post(f"{path}/submit")
    assert manager.post(f"{path}/publish").status_code == 409


def test_a_change_waits_in_a_new_version_while_the_old_one_is_read(writer, manager, browser):
    work = make_work(slug="stacking")
    path = "/desk/learning/course/stacking"
    form = {"title_en": "Anew", "body_en": "Other words."}
    writer.post(f"{path}/part/part1", form | edition("stacking"))
    assert "Part 1" in browser.get("/learn/courses/stacking/part1").text
    assert newest("stacking")[0].shown_number == 1
    writer.post(f"{path}/submit")
    assert manager.post(f"{path}/send_back", {"note": " "}).status_code == 422
    manager.post(f"{path}/send_back", {"note": "Say why."})
    assert "Say why." in writer.get(path).text
    for tag in ("zh_hans", "zh_hant"):
        form |= {f"title_{tag}": "x", f"body_{tag}": "y"}
    writer.post(f"{path}/part/part1", form | edition("stacking"))
    writer.post(f"{path}/submit")
    manager.post(f"{path}/publish")
    assert "Other words." in browser.get("/learn/courses/stacking/part1").text
    assert newest("stacking")[0].id == work.id


def test_who_saves_on_an_old_state_is_told(writer):
    make_work(slug="stacking")
    path = "/desk/learning/course/stacking/part/part1"
    before = edition("stacking")
    assert writer.post(path, LESSON | before).status_code == 303
    reply = writer.post(path, LESSON | {"title_en": "Second"} | before)
    assert reply.status_code == 422
    assert "Somebody else saved a change meanwhile" in reply.text
    assert "Second" in reply.text


def test_lessons_move_and_are_taken_out(writer):
    make_work(slug="stacking", parts=3, published=False)
    path = "/desk/learning/course/stacking/part"
    writer.post(f"{path}/part3/up", edition("stacking"))
    writer.post(f"{path}/part1/remove", edition("stacking"))
    assert [part["id"] for part in newest("stacking")[1].parts] == ["part3", "part2"]
    assert writer.post(f"{path}/part1/up", edition("stacking")).status_code == 404
    assert writer.post(f"{path}/part2/up", {"edition": "0"}).status_code == 409


@pytest.mark.parametrize(
    "wrong",
    [{"right": []}, {"right": ["5"]}, {"option2_en": ""}, {"right": ["1", "2"]}, {"kind": "x"}],
)
def test_a_question_without_sense_is_not_kept(writer, wrong):
    make_work(slug="stacking")
    path = "/desk/learning/course/stacking/question/new"
    form = QUESTION | edition("stacking") | wrong
    assert writer.post(path, form).status_code == 422
    assert len(newest("stacking")[1].questions) == 4


def test_a_preview_saves_nothing_and_hostile_markdown_is_neutral(writer):
    make_work(slug="stacking")
    form = {"title_en": "T", "body_en": "<script>alert(1)</script> *so*", "act": "preview"}
    page = writer.post("/desk/learning/course/stacking/part/part1", form | edition("stacking")).text
    assert "<em>so</em>" in page
    assert "<script>alert" not in page
    assert newest("stacking")[1].edition == 1


def test_a_picture_is_written_anew_and_a_program_is_none(writer):
    make_work(slug="stacking")
    path = "/desk/learning/course/stacking/part/part1"
    data = io.BytesIO()
    Image.new("RGB", (800, 400), "navy").save(data, "PNG")
    form = LESSON | edition("stacking") | {"picture": (io.BytesIO(data.getvalue()), "a.png")}
    assert writer.post(path, form).status_code == 303
    assert newest("stacking")[1].parts[0]["picture"]["width"] == 800
    form = LESSON | edition("stacking") | {"picture": (io.BytesIO(b"MZ\x90\0"), "a.png")}
    assert writer.post(path, form).status_code == 422


def test_a_book_needs_no_quiz(writer, manager, browser):
    path = writer.post("/desk/learning/new/book", HEAD).headers["Location"]
    writer.post(f"{path}/part/new", LESSON | edition("reading-labels"))
    writer.post(f"{path}/submit")
    manager.post(f"{path}/publish")
    assert browser.get("/learn/read/reading-labels").status_code == 200
    assert manager.post(f"{path}/archive").status_code == 303
    assert browser.get("/learn/read/reading-labels").status_code == 404


@pytest.mark.parametrize("slug", ["", "UPPER", "a b", "../x", "x" * 200, "é"])
def test_an_address_is_plain_and_its_own(writer, slug):
    assert writer.post("/desk/learning/new/course", HEAD | {"slug": slug}).status_code == 422


def test_members_and_visitors_do_not_enter(as_user, browser):
    make_work(slug="stacking")
    member = as_user(make_colleague())
    for path in ("", "/course/stacking", "/course/stacking/part/part1", "/certificates"):
        assert member.get(f"/desk/learning{path}").status_code == 403
        assert browser.get(f"/desk/learning{path}").status_code == 302


def test_lessons_of_a_closed_course_take_a_sign_in(browser, as_user):
    make_work(slug="inside", is_public=False)
    reply = browser.get("/learn/courses/inside/part1")
    assert (reply.status_code, "/login" in reply.headers["Location"]) == (302, True)
    assert as_user(make_colleague()).get("/learn/courses/inside/part1").status_code == 200
