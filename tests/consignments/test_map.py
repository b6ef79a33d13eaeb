"""The map of the desk and the way of one consignment: who sees them, what they say, what it costs."""

import re
from typing import Any

import pytest

from portal.consignments.queries import mapped
from tests.factories import (
    make_colleague,
    make_company,
    make_consignment,
    make_dispatcher,
    make_person,
    party,
    push,
)

pytestmark = pytest.mark.both_databases
DATA = "/desk/map/consignments"
WAY = "picked_up hub_arrived hub_departed in_transit dest_city out_for_delivery delivered".split()
SUZHOU = {"city": "苏州", "address": "星湖街 1 号", "postcode": "215000"}


@pytest.fixture
def dispatcher(as_user):
    """Return the browser of a dispatcher."""
    return as_user(make_dispatcher())


def bring(no: str, code: str, **last: Any) -> None:
    """Push everything up to ``code``; ``last`` says more of that."""
    for each in WAY[: WAY.index(code)]:
        push(no, each)
    push(no, code, **last)


def items(reply: Any) -> dict[str, list[Any]]:
    """Return number → [status, lat, lon, sure, late, place] of an answer."""
    assert reply.status_code == 200
    return {item[0]: item[1:] for item in reply.json["items"]}


def stops(page: str) -> list[str]:
    """Return the parts of the way that the table of a page names, in order."""
    return re.findall(r'data-stop="(\w+)"', page)


@pytest.mark.parametrize("path", ["", "/consignments", "/{no}/row"])
def test_members_and_drivers_see_no_map_of_the_desk(as_user, browser, path):
    no = make_consignment().no
    for person in (make_colleague(), make_person(staff_role="driver")):
        assert as_user(person).get("/desk/map" + path.format(no=no)).status_code == 403
    assert browser.get("/desk/map" + path.format(no=no)).status_code == 302


def test_the_map_holds_what_is_under_way_and_nothing_else(dispatcher):
    moving, done, draft = (make_consignment().no for _ in range(3))
    push(moving, "picked_up")
    bring(done, "delivered")
    push(draft, "cancelled")
    found = items(dispatcher.get(DATA))
    assert list(found) == [moving]
    status, lat, lon, sure, _late, place = found[moving]
    assert (status, sure, place) == ("picked_up", 1, "杭州")
    assert (round(lat), round(lon)) == (30, 120)


def test_what_is_between_two_places_is_drawn_as_unsure(dispatcher):
    no = make_consignment(consignee=party(**SUZHOU)).no
    bring(no, "in_transit", place="杭州–苏州 干线")
    assert items(dispatcher.get(DATA))[no][3] == 0
    page = dispatcher.get("/desk/map").text
    assert "position unsure" in page


def test_the_table_and_the_map_keep_the_filter_of_the_board(dispatcher):
    here = make_consignment(consignee=party(**SUZHOU)).no
    there = make_consignment().no
    page = dispatcher.get("/desk/map?city=苏州").text
    assert f'data-no="{here}"' in page
    assert f'data-no="{there}"' not in page
    assert "/desk/board?city=%E8%8B%8F%E5%B7%9E" in page
    assert list(items(dispatcher.get(DATA + "?city=苏州"))) == [here]
    assert list(items(dispatcher.get(f"{DATA}?city=苏州&no={here},{there}"))) == [here]


def test_pages_of_the_map_hold_everything_once(app, dispatcher, monkeypatch):
    nos = {make_consignment().no for _ in range(7)}
    for no in list(nos)[:3]:
        push(no, "picked_up")
    monkeypatch.setattr(mapped.moving_for, "__kwdefaults__", {"after": None, "limit": 2})
    seen: list[str] = []
    after = ""
    while True:
        reply = dispatcher.get(f"{DATA}?after={after}")
        seen += items(reply)
        after = reply.json["next"]
        if after is None:
            break
    assert sorted(seen) == sorted(nos)


def test_a_marker_of_another_list_is_refused(dispatcher):
    assert dispatcher.get(f"{DATA}?after=WzEsMl0").status_code == 422


def test_an_answer_is_kept_until_something_happens(dispatcher, relayed):
    no = make_consignment().no
    relayed()
    first = dispatcher.get(DATA)
    assert "private" in first.headers["Cache-Control"]
    known = {"If-None-Match": first.headers["ETag"]}
    assert dispatcher.get(DATA, headers=known).status_code == 304
    push(no, "picked_up")
    relayed()
    assert dispatcher.get(DATA, headers=known).status_code == 200


def test_a_row_goes_when_its_consignment_is_delivered(dispatcher):
    no = make_consignment().no
    assert "<th" in dispatcher.get(f"/desk/map/{no}/row").text
    bring(no, "delivered")
    row = dispatcher.get(f"/desk/map/{no}/row").text
    assert "hidden" in row
    assert "<th" not in row


@pytest.mark.parametrize("path", ["/desk/map", DATA])
def test_the_map_takes_no_more_statements_for_more_rows(dispatcher, statements, path):
    def cost() -> int:
        dispatcher.get(path)
        with statements() as seen:
            assert dispatcher.get(path).status_code == 200
        return len(seen)

    make_consignment()
    few = cost()
    for _ in range(9):
        push(make_consignment(consignee=party(**SUZHOU)).no, "in_transit", place="苏州")
    assert cost() == few


def test_the_page_of_a_consignment_tells_its_way_in_words_too(as_user):
    company = make_company()
    owner = as_user(make_colleague(company))
    no = make_consignment(company, consignee=party(**SUZHOU)).no
    push(no, "picked_up")
    assert stops(owner.get(f"/portal/consignments/{no}").text) == ["now", "destination"]
    push(no, "hub_arrived", place="嘉兴")
    assert stops(owner.get(f"/portal/consignments/{no}").text) == ["origin", "now", "destination"]
    for code in WAY[2:]:
        push(no, code)
    page = owner.get(f"/portal/consignments/{no}").text
    assert stops(page) == ["origin", "passed", "arrived"]
    assert "嘉兴" in page


def test_another_companys_way_is_not_there(as_user):
    stranger = as_user(make_colleague())
    assert stranger.get(f"/portal/consignments/{make_consignment().no}").status_code == 404


def test_a_place_that_means_nothing_is_not_drawn_anywhere(dispatcher):
    no = make_consignment(consignee=party(**SUZHOU)).no
    bring(no, "in_transit", place="North gate 7")
    status, lat, _lon, sure, _late, _place = items(dispatcher.get(DATA))[no]
    assert (status, sure) == ("in_transit", 0)
    assert lat is not None  # where it set out


def test_the_home_page_tells_of_no_city_to_which_little_went(browser):
    for city, count in (("苏州", 3), ("成都", 3), ("拉萨", 2)):
        for _ in range(count):
            bring(make_consignment(consignee=party(city=city)).no, "delivered")
    page = browser.get("/").text
    assert "Where we deliver" in page
    assert "Chengdu" in page
    assert "拉萨" not in page
    assert "Lhasa" not in page


def test_the_home_page_has_no_map_where_nothing_was_delivered(browser):
    make_consignment()
    assert "data-map" not in browser.get("/").text


def test_goods_that_left_without_a_word_are_where_they_were_last_seen(dispatcher):
    no = make_consignment().no
    push(no, "picked_up")
    push(no, "hub_arrived", place="武汉分拨中心")
    push(no, "hub_departed")
    found = items(dispatcher.get(DATA))[no]
    assert (found[3], found[5]) == (1, "武汉分拨中心")
