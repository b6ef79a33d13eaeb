"""The home page is everybody's: what members write stands on it only where it is a place's name."""

from datetime import timedelta

import pytest

from portal.consignments.shown.lanes import lanes
from portal.core import clock
from portal.places import queries as places
from tests.factories import make_company, make_consignment, party

TALKATIVE = "上海市 李先生 13800138000"
SELLING = "Hamburg buy at evil.example"


def deliver(city: str, country: str, company) -> None:
    """Bring past deliveries, as any member may import them."""
    for _ in range(4):
        at = clock.now() - timedelta(hours=3)
        ordered = at - timedelta(days=2)
        consignee = party(city=city, country=country)
        values = {"begins": "delivered", "begins_at": at, "ordered_at": ordered}
        make_consignment(company, consignee=consignee, **values)


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
def test_the_lanes_name_places_and_nothing_else_that_was_written(app, browser, language):
    for company in [make_company() for _ in range(3)]:
        deliver(TALKATIVE, "CN", company)
        deliver(SELLING, "DE", company)
        deliver("Bremen", "DE", company)
    page = browser.get(f"/?lang={language}").text
    assert "Bremen" in page
    for words in ("李先生", "13800138000", "evil", "Evil", "buy at"):
        assert words not in page


def test_no_lane_tells_of_fewer_than_three_shippers(app, browser):
    first, second, third = (make_company() for _ in range(3))
    for company in (first, second, third):
        deliver("Bremen", "DE", company)
        deliver("上海", "CN", company)
    for _ in range(3):
        deliver("Hamburg", "DE", first)
        deliver("Hamburg", "DE", second)
    with app.test_request_context():
        shown = {lane["name"]: lane["count"] for lane in lanes()["lanes"]}
        assert shown == {"Bremen": 12, "Shanghai": 12}
        assert "Hamburg" not in browser.get("/").text
        deliver("Hamburg", "DE", third)
        assert "Hamburg" in {lane["name"] for lane in lanes()["lanes"]}


@pytest.mark.parametrize("city", ["上海", "上海市", "Shanghai", "Hamburg", "汉堡", "São Paulo"])
def test_names_of_places_are_told_from_what_merely_holds_one(city):
    assert places.is_name(city)
    assert not places.is_name(f"{city} 138")
    assert not places.is_name("")
