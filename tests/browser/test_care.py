"""Counts, holds and returns, lived through on handhelds and at desks."""

import json
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.floor import SUPERVISOR, WORKER, scan
from tests.browser.server import ROOT
from tests.browser.test_pages import check

OWNER, ADMIN = "owner@huadong-home.example", "admin@quayside.example"
GTIN, FLOOR = "6901234567885", "/desk/warehouse/floor"
_SEED = """
import json, os
from sqlalchemy import select
from config import Config
from portal import create_app
with create_app(Config.from_env(os.environ)).app_context():
    from portal.accounts.models import Company
    from portal.core.db import db
    from tests.warehousing.making import make_location, make_lot, make_sku, make_stock, make_warehouse
    company = db.session.scalars(select(Company).where(Company.name == "华东家居")).one()
    house = make_warehouse(code="CAR", names={"zh-Hans": "盘点仓", "en": "Care house"})
    shelf = make_location(house, "pick", code="P-1", barcode="L-CAR-P-1", walk=5)
    make_location(house, "return", code="T-1", barcode="L-CAR-T-1", walk=9)
    sku = make_sku(company, code="CAR-VASE", gtin="%s", names={"zh-Hans": "花瓶", "en": "Vase"})
    make_stock(sku, shelf, 12)
    print(json.dumps({"house": house.id}))
"""


@pytest.fixture(scope="module", autouse=True)
def house(server):
    """Make a warehouse with twelve vases in this module's centre."""
    done = subprocess.run(
        [sys.executable, "-c", _SEED % GTIN],
        cwd=ROOT,
        env=server.environment | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def at_work(window, who):
    """Open a handheld in the warehouse."""
    handheld = window(who, viewport=PHONE, has_touch=True)
    page = handheld.go(f"{FLOOR}/choose")
    page.get_by_role("button", name="CAR").click()
    expect(page.locator("[data-floor-task]")).to_have_text("Floor CAR")
    return handheld


def screen(handheld, path: str):
    """Open a screen of the floor; return its page once it listens to the scanner."""
    page = handheld.go(path)
    expect(page.locator("[data-floor-bar][data-ready]")).to_be_attached()
    return page


def count(handheld, many: str) -> None:
    """Count the shelf by scan: location, goods, how many, end."""
    page = screen(handheld, f"{FLOOR}/count")
    scan(page, "L-CAR-P-1")
    expect(page.locator("[data-floor-task]")).to_have_text("Count P-1")
    scan(page, GTIN)
    page.fill("#quantity", many)
    page.get_by_role("button", name="Counted").click()
    expect(page.locator("main")).to_contain_text("Counted by you")
    page.get_by_role("button", name="All is counted").click()
    expect(page.locator("[data-floor-task]")).to_have_text("Count")


def test_a_shelf_is_counted_by_two_and_decided_by_a_third(window):
    desk = window(SUPERVISOR)
    page = desk.go("/desk/warehouse/counts/new?warehouse=CAR")
    check(page, page.url)
    page.fill("#codes", "P-1")
    page.get_by_role("button", name="Count the locations").click()
    expect(page.locator("h1")).to_contain_text("Count CT")
    count(at_work(window, WORKER), "11")
    count(at_work(window, SUPERVISOR), "11")
    page.reload()
    expect(page.locator("main")).to_contain_text("You counted here yourself")
    decider = window(ADMIN).go(page.url[page.url.index("/desk") :])
    check(decider, decider.url)
    decider.get_by_role("button", name="Adjust the ledger").click()
    expect(decider.locator("main")).to_contain_text("Adjusted")
    expect(decider.locator("main")).to_contain_text("Closed")


def test_an_owner_holds_his_lot_and_quality_sees_it_by_itself(window):
    quality = window(WORKER)
    watched = quality.go("/desk/warehouse/lots?q=CAR-VASE")
    quality.is_live()
    page = window(OWNER).go("/portal/stock/lots?q=CAR-VASE")
    check(page, page.url)
    page.locator("tbody th a").first.click()
    page.fill("#reason", "Colour is off")
    page.get_by_role("button", name="Hold", exact=True).click()
    expect(page.locator("main")).to_contain_text("Colour is off")
    expect(watched.locator("tbody")).to_contain_text("On hold")
    page.get_by_role("button", name="Lift the hold").click()
    expect(page.locator("main")).to_contain_text("ended")


def test_goods_come_back_and_go_to_the_shelf_again(window):
    member = window(OWNER)
    page = member.go("/portal/returns/new")
    check(page, page.url)
    page.select_option("#warehouse", "CAR")
    page.select_option("#reason", "not_needed")
    page.fill("#tracking_no", "SF900100")
    page.fill("#lines-0-sku", "CAR-VASE")
    page.fill("#lines-0-quantity", "2")
    page.get_by_role("button", name="Ask for the return").last.click()
    expect(page.locator("h1")).to_contain_text("Return RT")
    ref = page.locator("h1").inner_text().split()[-1]
    member.is_live()
    desk = window(SUPERVISOR).go(f"/desk/warehouse/returns/{ref}")
    check(desk, desk.url)
    desk.get_by_role("button", name="Authorise").click()
    expect(page.locator(".waybill")).to_contain_text("Authorised")
    handheld = at_work(window, WORKER)
    floor = screen(handheld, f"{FLOOR}/returns")
    scan(floor, "SF900100")
    expect(floor.locator("[data-floor-task]")).to_have_text(f"Return {ref}")
    scan(floor, GTIN)
    floor.fill("#quantity", "2")
    floor.get_by_role("button", name="Take in").click()
    floor.get_by_role("button", name="All is taken in").click()
    expect(floor.locator("[data-floor-task]")).to_have_text(f"Inspect {ref}")
    check(floor, floor.url)
    floor.get_by_role("button", name="Keep the finding").click()
    expect(page.locator("main")).to_contain_text("Your decision is wanted")
    page.get_by_role("button", name="Decide", exact=True).click()
    expect(page.locator("main")).to_contain_text("Put back into stock")
    floor = screen(handheld, f"{FLOOR}/returns")
    floor.locator(f"a[href*='{ref}/put-back']").click()
    expect(floor.locator("[data-floor-bar][data-ready]")).to_be_attached()
    scan(floor, "L-CAR-P-1")
    expect(page.locator(".waybill")).to_contain_text("Restocked")
