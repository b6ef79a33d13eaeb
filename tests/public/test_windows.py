"""The nine windows: visitors see all, each role exactly its own, and behind each what it may enter."""

import re

import pytest
from flask import current_app

from portal.accounts.roles import MEMBER_ROLES, RIGHTS, STAFF_ROLES, rights_of
from portal.site_map import AUDIENCES, NEEDS
from portal.windows import PLAN
from tests.factories import make_colleague, make_person

NUMBERS = list(range(1, 10))
#: The windows of each role, as product.md tells of its people: held against roles.py below.
OPEN_TO = {
    "owner": "1 2 3 4 5 7 8 9",
    "admin": "1 2 3 4 5 7 8 9",
    "operations": "1 2 3 4 5 7 9",
    "requester": "1 2 3 4 7 9",
    "finance": "1 2 3 4 5 7 8 9",
    "viewer": "1 2 3 4 7 9",
}


def numbers_of(page) -> list[int]:
    """Return the numbers in the bar of windows."""
    bar = re.search(r'<nav class="windows".*?</nav>', page.text, re.S)
    return [int(n) for n in re.findall(r"<span>(\d)</span>", bar[0])] if bar else []


def doors_behind(page) -> list[str]:
    """Return the ways behind the window at whose page this is."""
    part = re.search(r'<aside class="wrap behind".*?</aside>', page.text, re.S)
    return re.findall(r'href="([^"]*)"', part[0]) if part else []


def test_there_are_nine_with_a_right_each():
    assert [plan.number for plan in PLAN] == NUMBERS
    assert {plan.right for plan in PLAN} == {r for r in RIGHTS if r.startswith("window.")}


def test_a_visitor_sees_all_nine_two_clicks_from_home(browser):
    home = browser.get("/?lang=en")
    assert numbers_of(home) == NUMBERS
    for plan in PLAN:
        with current_app.test_request_context("/"):
            url = plan.front[0].url()
        assert f'href="{url}"' in home.text
        assert browser.get(url).status_code == 200


def test_every_door_leads_to_a_page_that_exists(app):
    for plan in PLAN:
        for door in (*plan.front, *plan.behind):
            assert door.endpoint in app.view_functions, door.endpoint
            assert door.right is None or door.right in RIGHTS, door.endpoint


def test_a_door_is_open_only_where_its_page_is():
    everybody = [*MEMBER_ROLES.items(), *STAFF_ROLES.items()]
    for plan in PLAN:
        for door in plan.behind:
            audience = AUDIENCES[door.endpoint.partition(".")[0]]
            need = NEEDS.get(door.endpoint)
            for role, rights in everybody:
                if door.right in rights:
                    assert need is None or need in rights, (role, door.endpoint)
                    assert audience.right is None or audience.right in rights, (role, door.endpoint)


@pytest.mark.parametrize("role", sorted(MEMBER_ROLES))
def test_a_member_sees_exactly_the_windows_of_his_role(as_user, role):
    page = as_user(make_colleague(role=role)).get("/about?lang=en")
    rights = MEMBER_ROLES[role]
    expected = [plan.number for plan in PLAN if plan.right in rights]
    assert numbers_of(page) == expected == [int(n) for n in OPEN_TO[role].split()]


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
def test_one_of_the_staff_sees_exactly_the_windows_of_his_role(as_user, role):
    page = as_user(make_person(staff_role=role)).get("/about?lang=en")
    assert numbers_of(page) == [plan.number for plan in PLAN if plan.right in STAFF_ROLES[role]]


@pytest.mark.parametrize("plan", PLAN, ids=lambda plan: plan.right)
def test_a_visitor_is_told_what_is_behind_and_how_to_get_in(browser, plan):
    with current_app.test_request_context("/"):
        url = plan.front[0].url()
    doors = doors_behind(browser.get(url))
    assert "/login" in " ".join(doors)
    assert not any(door.startswith(("/portal", "/desk")) for door in doors)


ROLES = [(role, None) for role in MEMBER_ROLES] + [(None, role) for role in STAFF_ROLES]


@pytest.mark.parametrize(("role", "staff_role"), ROLES)
def test_behind_each_window_stand_the_ways_that_a_role_may_go(as_user, role, staff_role):
    person = make_colleague(role=role) if role else make_person(staff_role=staff_role)
    reader, rights = as_user(person), rights_of(role, staff_role)
    for plan in PLAN:
        with current_app.test_request_context("/"):
            url = plan.front[0].url()
            ways = [door.url() for door in plan.behind if door.right in rights]
        shown = doors_behind(reader.get(url))
        assert shown == (ways if plan.right in rights else []), plan.number
        for way in shown:
            assert reader.get(way).status_code in (200, 302), way


def test_the_window_in_which_a_reader_stands_is_marked(browser):
    for path, number in (("/about", 1), ("/news", 1), ("/services", 2), ("/estimate", 5)):
        page = browser.get(path).text
        current = re.findall(r'aria-current="page"><span>(\d)</span>', page)
        assert current == [str(number)], path


def test_window_seven_leads_those_who_work_there_at_once_to_their_work(as_user):
    for person, way in (
        (make_colleague(), "/portal"),
        (make_person(staff_role="dispatcher"), "/desk"),
    ):
        page = as_user(person).get("/about").text
        assert re.search(rf'<a href="{way}/?"[^>]*><span>7</span>', page)
