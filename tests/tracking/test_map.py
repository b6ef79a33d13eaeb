"""What maps tell strangers: cities where only cities are shown, and never a co-ordinate that was given."""

import json
import re

from tests.factories import make_company, make_consignment, party, push
from tests.tracking.test_links import make_link

EXACT = {"lat": 31.123456, "lon": 120.654321}
SUZHOU = {"city": "苏州", "address": "星湖街 1 号", "postcode": "215000"}


def drawn(page):
    """Return the stops that the map of a page draws."""
    found = re.search(r"data-stops='([^']*)'", page)
    return json.loads(found[1].replace("&#34;", '"')) if found else []


def test_the_number_alone_draws_one_city(browser):
    no = make_consignment(consignee=party(**SUZHOU, **EXACT)).no
    for code in ("picked_up", "hub_arrived", "hub_departed", "in_transit"):
        push(no, code)
    push(no, "dest_city", place="星湖街 88 号")
    page = browser.get(f"/track/{no}").text
    stops = drawn(page)
    assert [(stop["kind"], stop["name"]) for stop in stops] == [("now", "苏州")]
    assert str(EXACT["lat"]) not in page
    assert "星湖街" not in page


def test_a_link_of_cities_draws_cities_only(browser):
    company = make_company()
    _no, _ref, token, _user = make_link("city", company)
    page = browser.get(f"/s/{token}").text
    assert "下沙站" not in page
    assert {stop["name"] for stop in drawn(page)} == {"杭州"}
    assert not [stop for stop in drawn(page) if stop["kind"] == "destination"]


def test_a_full_link_draws_places_but_no_address(browser):
    _no, _ref, token, _user = make_link("full")
    page = browser.get(f"/s/{token}").text
    assert drawn(page)
    assert "文一西路" not in page
    assert browser.get(f"/s/{token}/timeline").text.count("data-stops") == 1


def test_a_link_that_does_not_open_draws_nothing(browser):
    assert "data-map" not in browser.get("/s/" + "x" * 43).text
    assert "data-map" not in browser.get("/track/QS9999999999ZZ").text
