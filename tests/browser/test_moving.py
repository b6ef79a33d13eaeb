"""Moving goods with a wedge scanner, and the floor plan, on a phone."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.floor import GTIN, SUPERVISOR, WORKER, make_house, scan
from tests.browser.test_pages import check

FLOOR = "/desk/warehouse/floor"
FROM, TO = "L-TST-B07-14-3", "L-TST-B07-13-3"


@pytest.fixture(scope="module")
def house(server):
    """Return the ids of a stocked warehouse."""
    return make_house(server)


def test_goods_are_moved_by_scans_as_a_wedge_types_them(window, house):
    reader = window(WORKER, viewport=PHONE, has_touch=True)
    page = reader.go(f"{FLOOR}/choose")
    page.get_by_role("button", name="TST").click()
    expect(page.locator("[data-floor-task]")).to_have_text("Floor TST")
    page.goto(reader.server.url + f"{FLOOR}/move")
    expect(page.locator("[data-floor-bar][data-ready]")).to_be_attached()
    check(page, "move")
    scan(page, FROM)
    expect(page.locator("[data-ask]")).to_contain_text("where you put them")
    scan(page, GTIN)
    expect(page.locator("[data-said-text]")).to_contain_text("Now a location")
    page.get_by_label("Quantity").fill("40")
    page.get_by_role("button", name="Only so many").click()
    expect(page.locator(".floor-qty .num")).to_have_text("40")
    page.locator("[data-scan-field]").focus()
    scan(page, TO)
    expect(page.locator(".floor-last")).to_contain_text("40 put at B07-13-3")
    page.get_by_role("button", name="Take back").click()
    expect(page.locator("[data-said-text]")).to_contain_text("Taken back")


@pytest.mark.parametrize("viewport", [PHONE, {"width": 1440, "height": 900}])
def test_pages_of_places_are_good_for_everybody(window, house, viewport):
    reader = window(SUPERVISOR, viewport=viewport)
    for path in ("places/TST", "places/TST/plan", "places/TST/locations", "docks?warehouse=TST",
                 "moves?warehouse=TST", "moves/new?warehouse=TST&from=B07-14-3"):  # fmt: skip
        check(reader.go(f"/desk/warehouse/{path}"), path)
