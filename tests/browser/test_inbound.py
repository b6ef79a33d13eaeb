"""Goods in, lived through: announced, received by scan, a difference answered live, put away."""

import json
import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.floor import WORKER, scan
from tests.browser.server import ROOT
from tests.browser.test_pages import check

OWNER = "owner@huadong-home.example"
GTIN = "6901234567878"
FLOOR = "/desk/warehouse/floor"
_SEED = """
import json, os
from sqlalchemy import select
from config import Config
from portal import create_app
with create_app(Config.from_env(os.environ)).app_context():
    from portal.accounts.models import Company
    from portal.core.db import db
    from tests.warehousing.making import make_location, make_sku, make_warehouse
    company = db.session.scalars(select(Company).where(Company.name == "华东家居")).one()
    house = make_warehouse(code="INB", names={"zh-Hans": "到货仓", "en": "Arrivals"})
    make_location(house, "receive", code="R-1", barcode="L-INB-R-1", walk=1)
    make_location(house, "pick", code="P-1", barcode="L-INB-P-1", walk=5)
    make_location(house, "reserve", code="S-1", barcode="L-INB-S-1", walk=9)
    make_sku(company, code="INB-LAMP", gtin="%s", names={"zh-Hans": "灯", "en": "Lamp"}, lot_policy="lot")
    print(json.dumps({"house": house.id}))
"""


@pytest.fixture(scope="module")
def house(server):
    """Make a warehouse and goods in this module's centre; return its id."""
    done = subprocess.run(
        [sys.executable, "-c", _SEED % GTIN],
        cwd=ROOT,
        env=server.environment | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])["house"]


def announce(member) -> str:
    """Announce ten lamps by the form; return the reference."""
    page = member.go("/portal/inbound/new")
    page.select_option("#warehouse", "INB")
    page.fill("#lines-0-sku", "INB-LAMP")
    page.fill("#lines-0-quantity", "10")
    page.fill("#lines-0-lot", "A1")
    page.get_by_role("button", name="Announce the goods").last.click()
    page.wait_for_url(re.compile(r"/portal/inbound/IN"))
    return page.url.rsplit("/", 1)[-1]


def test_goods_come_from_the_announcement_to_the_shelf(window, house):
    member = window(OWNER)
    ref = announce(member)
    check(member.page, ref)
    member.is_live()
    handheld = window(WORKER, viewport=PHONE, has_touch=True)
    page = handheld.go(f"{FLOOR}/choose")
    page.get_by_role("button", name="INB").click()
    expect(page.locator("[data-floor-task]")).to_have_text("Floor INB")
    page.goto(handheld.server.url + f"{FLOOR}/receive")
    expect(page.locator("[data-floor-bar][data-ready]")).to_be_attached()
    check(page, page.url)
    scan(page, ref)
    expect(page.locator("[data-floor-task]")).to_have_text(f"Receive {ref}")
    page.get_by_role("button", name="It has arrived").click()
    expect(page.locator("[data-ask]")).to_contain_text("Scan the goods")
    scan(page, f"]C1010{GTIN}10A1")
    expect(page.locator("[data-floor-task]")).to_have_text("Receive INB-LAMP")
    check(page, page.url)
    expect(page.locator("#lot")).to_have_value("A1")
    page.fill("#quantity", "8")
    page.get_by_role("button", name="Received").click()
    expect(page.locator("[data-said]")).to_contain_text("8 pcs received")
    expect(member.page.locator("#lines")).to_contain_text("8 pcs")  # live
    page.goto(handheld.server.url + f"{FLOOR}/receive/{ref}/finish")
    expect(page.locator("[data-floor-bar][data-ready]")).to_be_attached()
    page.get_by_role("button", name="Finish receiving").click()
    expect(page.locator("[data-floor-task]")).to_have_text("Put away")
    expect(member.page.locator("#differences")).to_contain_text("2 pcs less came")  # live
    member.page.get_by_role("button", name="Accept").click()
    expect(member.page.locator("#differences")).to_contain_text("Accepted")
    scan(page, GTIN)
    expect(page.locator(".floor-where")).to_contain_text("P-1")
    check(page, page.url)
    scan(page, "L-INB-S-1")
    expect(page.locator("[data-said]")).to_contain_text("Say why")
    scan(page, "L-INB-P-1")
    expect(page.locator("[data-said]")).to_contain_text("at P-1")
    expect(member.page.locator(".flag--plate")).to_contain_text("In storage")
