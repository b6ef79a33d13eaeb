"""How many statements the learning pages take, however much there is on them."""

import pytest

from portal.core import clock
from portal.core.db import db, transaction
from portal.learning.starter.loading import load, load_answers
from tests.counting.conftest import statements
from tests.factories import make_colleague
from tests.learning.made import make_question

__all__ = ["statements"]
pytestmark = pytest.mark.both_databases
PAGES = {
    "/learn": 6,
    "/learn?q=UN": 20,
    "/learn/questions": 3,
    "/learn/courses/packing-for-the-road": 2,
    "/learn/courses/packing-for-the-road/four-forces": 2,
    "/learn/read": 2,
    "/learn/read/terms-of-trade/sea-only": 2,
}
LANGUAGES = ("zh-Hans", "zh-Hant", "en")


@pytest.fixture
def starter(app):
    with transaction():
        assert load(clock.now()) == 5
        assert load_answers(clock.now(), on=db.session.connection()) == 8


@pytest.mark.parametrize(("path", "most"), PAGES.items())
def test_pages_of_visitors_take_few_statements(starter, browser, statements, path, most):
    browser.get(path)
    with statements() as seen:
        assert browser.get(path).status_code == 200
    assert len([each for each in seen if each != "COMMIT"]) <= most


def test_the_queue_takes_as_many_statements_for_twenty_as_for_one(as_user, statements):
    expert = as_user(make_colleague(staff_role="warehouse"))

    def cost():
        expert.get("/desk/learning/questions")
        with statements() as seen:
            assert expert.get("/desk/learning/questions").status_code == 200
        return len(seen)

    make_question()
    one = cost()
    for _ in range(19):
        make_question()
    assert cost() == one


def test_what_is_there_already_is_left_alone(starter):
    with transaction():
        assert load(clock.now()) == 0
        assert load_answers(clock.now(), on=db.session.connection()) == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_there_in_every_language(starter, browser, language):
    titles = {
        "zh-Hans": "读懂温度曲线",
        "zh-Hant": "讀懂溫度曲線",
        "en": "Reading a temperature curve",
    }
    for path in ("/learn", "/learn/courses/reading-a-temperature-curve", *PAGES):
        page = browser.get(path.partition("?")[0], query_string={"lang": language})
        assert page.status_code == 200
        assert f'<html lang="{language}"' in page.text
        assert "only so far" not in page.text
    assert titles[language] in browser.get("/learn", query_string={"lang": language}).text
