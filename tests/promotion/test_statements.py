"""What advertising costs: no statement for each campaign, creative or day."""

import pytest

from portal.core.db import write
from portal.promotion import visitors
from portal.promotion.service import counting
from tests.consignments.conftest import statements
from tests.factories import make_colleague, make_company, make_consignment
from tests.promotion import making
from tests.promotion.making import PERSON

__all__ = ["statements"]
pytestmark = pytest.mark.both_databases


def cost(statements, visit) -> int:
    """Return how many statements a visit takes once everything that is kept is warm."""
    visit()
    with statements() as seen:
        assert visit().status_code in (200, 204)
    return len([each for each in seen if each not in ("COMMIT", "ROLLBACK")])


def test_a_page_takes_no_statement_for_its_advertisement(as_user, statements):
    company = make_company()
    make_consignment(company)
    browser = as_user(make_colleague(company))
    without = cost(statements, lambda: browser.get("/portal"))
    making.running(making.text_creative(zones=["member_home"]))
    for _ in range(4):
        making.running(making.text_creative(zones=["member_home"], name="B"))
    assert "data-ad=" in browser.get("/portal").text
    assert cost(statements, lambda: browser.get("/portal")) == without


def test_choosing_takes_one_statement_at_most_however_many_campaigns_run(browser, statements):
    making.running()
    ask = lambda: browser.get("/api/v1/ad/tracking", headers=PERSON)  # noqa: E731
    assert cost(statements, ask) == 0
    for _ in range(5):
        making.running(making.text_creative(), making.text_creative(name="B"), cap=3)
    assert cost(statements, ask) == 1  # what this visitor has seen today


@pytest.mark.parametrize("path", ["/desk/ads/", "/desk/ads/report", "/desk/ads/AD-0001"])
def test_the_desks_pages_take_no_more_for_more_campaigns_and_days(as_user, statements, path):
    manager = as_user(making.make_marketing())
    campaign = making.running(making.text_creative(), making.text_creative(name="B"))
    filled(campaign.id, 3)
    few = cost(statements, lambda: manager.get(path))
    for _ in range(4):
        filled(making.running().id, 20)
    filled(campaign.id, 20)
    assert cost(statements, lambda: manager.get(path)) == few


def filled(campaign: int, days: int) -> None:
    """Give a campaign figures of several zones and creatives."""
    today = visitors.today()
    keys = {
        (today.replace(day=1 + day % 28), campaign, creative, zone): {"served": 5, "views": 3}
        for day in range(days)
        for creative in (1, 2)
        for zone in ("tracking", "side")
    }
    write(lambda on: counting.add(keys, on=on))
