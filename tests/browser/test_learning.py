"""A course up to its certificate, and the reading corner with and without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.test_pages import check, check_shape

COURSE = "/learn/courses/reading-a-temperature-curve"
BOOK = "/learn/read/lessons-of-the-dock"
PUBLIC = (
    "/learn",
    COURSE,
    f"{COURSE}/ranges",
    "/learn/read",
    f"{BOOK}/look-at-the-goods",
    "/learn/questions",
    "/learn/questions/TQ7D2K9A04",
    "/learn/ask",
    "/verify/certificate",
)
DESK = (
    "/desk/learning",
    "/desk/learning/course/packing-for-the-road",
    "/desk/learning/course/packing-for-the-road/part/four-forces",
    "/desk/learning/course/packing-for-the-road/question/heaviest",
    "/desk/learning/questions",
    "/desk/learning/certificates",
)
#: Words of a right answer of each question.
RIGHT = (
    "Set it apart; it must not be used",
    "Every 5 minutes",
    "Away from the ice, where it gets warm first",
    "Goods or box were not pre-cooled",
    "Hold its time against the events of the consignment",
    "The logger may not have been recording",
    "These data need to be checked",
    "Above, it loses potency faster; below, it may be destroyed at once",
    "The owner's quality department or the holder of the authorisation",
)


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_learning_pages_are_whole_on_a_phone(window, language):
    visitor = window(language=language, viewport=PHONE)
    for path in PUBLIC:
        (check if language == "en" else check_shape)(visitor.go(path), path)


def test_the_desk_of_learning_is_whole(window):
    manager = window("manager@quayside.example")
    for path in DESK:
        check(manager.go(path), path)


def test_a_course_is_taken_up_to_its_certificate(window):
    learner = window("viewer@huadong-home.example")
    page = learner.go(f"{COURSE}/ranges")
    for _ in range(4):
        page.click(".lesson-end .btn--go")
    page = learner.go(f"{COURSE}/quiz")
    page.click("main .btn--go")
    for words in RIGHT:
        page.get_by_label(words, exact=True).check()
    page.get_by_role("button", name="Hand in").click()
    assert "Passed." in page.inner_text(".score")
    check(page, "result")
    page.fill("#name", "Grace 王芳")
    page.check("#agree")
    page.get_by_role("button", name="Issue the certificate").click()
    check(page, "certificate")
    address = page.input_value("#own-link").partition("/verify/")[2]
    other = window().go(f"/verify/{address}")
    assert "Genuine and valid." in other.inner_text("main")
    assert "Grace 王芳" in other.inner_text("main")


def test_a_visitors_place_and_size_of_text_are_kept_and_keys_turn_chapters(window):
    visitor = window()
    page = visitor.go(f"{BOOK}/look-at-the-truck")
    page.get_by_role("button", name="Large").click()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**/look-at-the-goods")
    assert page.locator("[data-reader]").get_attribute("data-text-size") == "l"
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**/look-at-the-truck")
    page.goto(f"{visitor.server.url}{BOOK}/look-at-people")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.goto(visitor.server.url + BOOK)
    assert page.inner_text("[data-continue]") == "Go on with chapter 4"
    assert page.locator("[data-part=look-at-people].is-done").count() == 1


def test_the_reading_corner_is_whole_without_javascript(window):
    page = window(java_script_enabled=False).go(f"{BOOK}/look-at-the-truck")
    assert page.locator("[data-sizes]").is_hidden()
    page.click("[data-next]")
    expect(page).to_have_title(re.compile("Two: look at the goods"))
