"""Orders from stock, lived through: what is free while one types, placed, released, seen live."""

import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.server import ROOT
from tests.browser.test_pages import check

OWNER, SUPERVISOR = "owner@huadong-home.example", "manager@quayside.example"
_SEED = """
import os
from sqlalchemy import select
from config import Config
from portal import create_app
with create_app(Config.from_env(os.environ)).app_context():
    from portal.accounts.models import Company
    from portal.core.db import db
    from tests.warehousing.making import make_location, make_sku, make_stock, make_warehouse
    company = db.session.scalars(select(Company).where(Company.name == "华东家居")).one()
    house = make_warehouse(code="OUTB", names={"zh-Hans": "出货仓", "en": "Departures"})
    sku = make_sku(company, code="OUTB-LAMP", names={"zh-Hans": "灯", "en": "Lamp"})
    make_stock(sku, make_location(house, "pick", code="P-1", barcode="L-OUTB-P-1", walk=1), 10)
"""


@pytest.fixture(scope="module")
def house(server):
    """Make a warehouse with ten lamps in this module's centre."""
    done = subprocess.run(
        [sys.executable, "-c", _SEED],
        cwd=ROOT,
        env=server.environment | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_an_order_is_placed_released_and_seen_live(window, house):
    member = window(OWNER)
    page = member.go("/portal/outbound/new")
    page.select_option("#warehouse", "OUTB")
    page.fill("#lines-0-sku", "OUTB-LAMP")
    page.fill("#lines-0-quantity", "12")
    expect(page.locator("[data-slot=note-0]")).to_contain_text("2 pcs missing")
    expect(page.locator("[data-summary]")).to_contain_text("It would be refused as it stands.")
    page.fill("#lines-0-quantity", "3")
    expect(page.locator("[data-summary]")).to_contain_text("All of it is free now.")
    page.get_by_role("button", name="More lines").click()
    expect(page.locator("[data-line]")).to_have_count(6)
    page.get_by_text("We fetch the goods at the warehouse").click()
    check(page, page.url)
    page.get_by_role("button", name="Place this order").click()
    page.wait_for_url(re.compile(r"/portal/outbound/OUT"))
    ref = page.url.rsplit("/", 1)[-1]
    expect(page.locator(".flag--plate")).to_contain_text("Allocated")
    check(page, page.url)
    member.is_live()

    desk = window(SUPERVISOR)
    waves = desk.go("/desk/warehouse/waves?warehouse=OUTB")
    expect(waves.locator("main")).to_contain_text(ref)
    check(waves, waves.url)
    waves.get_by_role("button", name="Release to the floor").first.click()
    waves.wait_for_url(re.compile(r"/desk/warehouse/waves/W-"))
    check(waves, waves.url)
    expect(page.locator(".flag--plate")).to_contain_text("Released")  # live


@pytest.mark.parametrize("path", ["", "/new", "/import"])
def test_pages_of_orders_are_whole_on_a_phone(window, house, path):
    member = window(OWNER, viewport=PHONE)
    page = member.go(f"/portal/outbound{path}")

    check(page, page.url)
