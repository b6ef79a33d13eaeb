"""The page of figures: for those who look after the club, at the same cost at any size."""

import pytest

from portal.club.figures import upkeep
from portal.core.db import db
from tests.consignments.conftest import statements
from tests.factories import make_colleague, make_person
from tests.forum.making import make_member, make_reply, make_space, make_topic

__all__ = ["statements"]
PAGE = "/desk/club"


@pytest.fixture
def club(app):
    space = make_space(kind="question", names={"en": "Questions", "zh-Hans": "问答"})
    make_reply(make_topic(space, make_member(), "Answered"), make_member())
    make_topic(space, make_member(), "Nobody knows")
    db.session.commit()
    upkeep.run()
    return space


@pytest.fixture
def moderator(app, as_user):
    return as_user(make_person(staff_role="moderator"))


def test_the_page_shows_shares_times_spaces_and_what_nobody_has_answered(club, moderator):
    page = moderator.get(f"{PAGE}?weeks=4").text
    assert "50.0 %" in page
    assert "1 of 2 asked" in page
    assert "Nobody knows" in page
    assert "Answer: Nobody knows" in page
    assert "Questions" in page
    assert "New here" in page
    assert 'value="4" selected' in page


def test_weeks_and_spaces_come_as_files(club, moderator):
    weeks = moderator.get(f"{PAGE}/weeks.csv?weeks=4", buffered=True)
    assert weeks.status_code == 200
    assert len(weeks.text.strip().splitlines()) == 5
    spaces = moderator.get(f"{PAGE}/spaces.csv", buffered=True).text
    assert '"Questions",2,3,2,1,0' in spaces
    assert moderator.get(f"{PAGE}/spaces.xlsx", buffered=True).status_code == 200
    assert moderator.get(f"{PAGE}/spaces.pdf").status_code == 404


@pytest.mark.parametrize("asked", ["", "0", "-1", "1000", "x", "4.0"])
def test_a_period_that_is_not_offered_is_the_usual_one(club, moderator, asked):
    assert 'value="12" selected' in moderator.get(f"{PAGE}?weeks={asked}").text


def test_members_and_others_of_the_centre_see_no_figures(club, as_user):
    for person in (make_colleague(), make_person(staff_role="driver")):
        for path in (PAGE, f"{PAGE}/weeks.csv", f"{PAGE}/spaces.csv"):
            assert as_user(person).get(path).status_code == 403


def test_the_page_costs_the_same_however_much_was_written(club, moderator, statements):
    def cost():
        moderator.get(PAGE)
        with statements() as seen:
            assert moderator.get(PAGE).status_code == 200
        return len(seen)

    before = cost()
    users = [make_member() for _ in range(5)]
    for number in range(20):
        topic = make_topic(club, users[number % 5], f"Topic {number}")
        make_reply(topic, users[(number + 1) % 5])
    db.session.commit()
    upkeep.run()
    assert cost() == before


def test_the_page_is_whole_before_anything_has_happened(app, as_user):
    page = as_user(make_person(staff_role="manager")).get(PAGE)
    assert page.status_code == 200
    assert "Every question and suggestion has a reply." in page.text
