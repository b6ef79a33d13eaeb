"""The home page is everybody's: what members write stands on it only where it is a place's name."""

from datetime import timedelta

import pytest

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
    company = make_company()
    deliver(TALKATIVE, "CN", company)
    deliver(SELLING, "DE", company)
    deliver("Bremen", "DE", company)
    page = browser.get(f"/?lang={language}").text
    assert "Bremen" in page
    for words in ("李先生", "13800138000", "evil", "Evil", "buy at"):
        assert words not in page


@pytest.mark.parametrize("city", ["上海", "上海市", "Shanghai", "Hamburg", "汉堡", "São Paulo"])
def test_names_of_places_are_told_from_what_merely_holds_one(city):
    assert places.is_name(city)
    assert not places.is_name(f"{city} 138")
    assert not places.is_name("")
