"""Pages of stock, lots and what leaves: whole on a phone, and readable in the dark."""

import pytest

from tests.browser.conftest import PHONE
from tests.browser.test_pages import COLOURS, check

OWNER, ADMIN = "owner@huadong-home.example", "admin@quayside.example"
STOCK, LOTS, GOING = "/portal/stock", "/portal/stock/lots", "/portal/outbound"
DESK = "/desk/warehouse"
OWN = (STOCK, f"{STOCK}/movements", f"{STOCK}/alerts", f"{STOCK}/certificates", LOTS, "/portal")
CENTRE = (
    f"{DESK}/stock",
    f"{DESK}/stock/movements",
    f"{DESK}/stock/find",
    f"{DESK}/lots",
    f"{DESK}/carton-types",
    f"{DESK}/carton-types/new",
    f"{DESK}/moves/replenish",
    f"{DESK}/returns/new",
)
#: List → the ways in it to one thing; the first of them is looked at too.
ONE = {
    STOCK: "tbody th a",
    f"{STOCK}/movements": f"a[href^='{STOCK}/movements/']",
    LOTS: "tbody th a",
    f"{GOING}?status=shipped": "tbody th a",
    f"{DESK}/stock": "tbody th a",
    f"{DESK}/lots": "tbody th a",
    f"{DESK}/carton-types": "tbody th a",
}


def addresses(reader, lists):
    """Return the lists and the first thing of each."""
    found = list(lists)
    for path, way in ONE.items():
        if path.startswith("/desk") == lists[0].startswith("/desk"):
            page = reader.go(path)
            found.append(page.locator(way).first.get_attribute("href"))
    return found


@pytest.mark.parametrize(("person", "lists"), [(OWNER, OWN), (ADMIN, CENTRE)], ids=["own", "desk"])
def test_pages_of_stock_are_whole_on_a_phone(window, person, lists):
    reader = window(person, language="zh-Hans", viewport=PHONE)
    for path in addresses(reader, lists):
        check(reader.go(path), path)


@pytest.mark.parametrize(("person", "lists"), [(OWNER, OWN), (ADMIN, CENTRE)], ids=["own", "desk"])
def test_pages_of_stock_are_readable_in_the_dark(window, server, person, lists):
    reader = window(person)
    reader.context.add_cookies([{"name": "theme", "value": "dark", "url": server.url}])
    for path in addresses(reader, lists)[len(lists) :]:  # charts, marks, states of one thing
        check(reader.go(path), path, only=COLOURS)


def test_a_slot_is_chosen_for_what_is_fetched(window):
    member = window(OWNER, viewport=PHONE)
    rows = member.go(f"{GOING}?status=open").locator("tbody th a")
    path = rows.first.get_attribute("href")
    page = member.go(f"{path}/slot")
    check(page, "slot")
    page.locator("input[name=slot]").first.check()
    page.get_by_role("button", name="Book this slot").click()
    check(page, path)
    assert "Pick-up at a dock" in page.locator("main").inner_text()
