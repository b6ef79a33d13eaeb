"""Goods and sets, lived through: entered, made on the handheld by scans; every page accessible."""

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
FLOOR = "/desk/warehouse/floor"
_SEED = """
import json, os
from decimal import Decimal
from sqlalchemy import select
from config import Config
from portal import create_app
with create_app(Config.from_env(os.environ)).app_context():
    from portal.accounts.models import Company
    from portal.core.db import db, write
    from portal.warehousing.kits.rules import Part
    from portal.warehousing.kits.service import ordering, recipes
    from tests.warehousing.making import make_location, make_sku, make_stock, make_warehouse
    company = db.session.scalars(select(Company).where(Company.name == "华东家居")).one()
    house = make_warehouse(code="KIT", names={"zh-Hans": "套装仓", "en": "Sets"})
    shelf = make_location(house, "pick", code="P-1", barcode="L-KIT-P-1")
    make_location(house, "stage", code="T-1", barcode="L-KIT-T-1")
    box, cup = (make_sku(company, code=code) for code in ("KIT-BOX", "KIT-CUP"))
    make_stock(cup, shelf, 20)
    parts = [Part(cup.id, Decimal(2))]
    write(lambda on: recipes.write(box, parts, "", by=None, on=on))
    wish = ordering.Wish(kit=box, warehouse_id=house.id, quantity=Decimal(3))
    print(json.dumps(write(lambda on: ordering.order(wish, by=None, on=on)).ref))
"""


@pytest.fixture(scope="module")
def ref(server):
    """Make a warehouse, goods and an order of sets in this module's centre; return the order."""
    done = subprocess.run(
        [sys.executable, "-c", _SEED],
        cwd=ROOT,
        env=server.environment | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_goods_are_entered_in_the_form_and_shown(window, ref):
    member = window(OWNER)
    page = member.go("/portal/goods/new")
    check(page, "the form of goods")
    page.fill("#code", "new-lamp")
    page.fill("#name_en", "New lamp")
    page.fill("#gtin", "6901234567890")
    page.get_by_text("Case", exact=True).click()
    page.fill("#case-holds", "6")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".errors")).to_contain_text("check digit")
    page.fill("#gtin", "6901234567892")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(re.compile(r"/portal/goods/NEW-LAMP$"))
    check(page, "goods")
    for path in ("/portal/goods", "/portal/goods/import", "/portal/goods/KIT-BOX/kit"):
        check(member.go(path), path)


def test_sets_are_made_on_the_handheld_by_scans(window, ref):
    handheld = window(WORKER, viewport=PHONE, has_touch=True)
    page = handheld.go(f"{FLOOR}/choose")
    page.get_by_role("button", name="KIT").click()
    expect(page.locator("[data-floor-task]")).to_have_text("Floor KIT")
    page.goto(handheld.server.url + f"{FLOOR}/kit")
    expect(page.locator("[data-floor-bar][data-ready]")).to_be_attached()
    scan(page, ref)
    expect(page.locator("[data-floor-task]")).to_have_text("Make KIT-BOX")
    expect(page.locator("main")).to_contain_text("6 pcs")
    check(page, "a set on the handheld")
    scan(page, "L-KIT-T-1")
    expect(page.locator("[data-said-text]")).to_contain_text("3 sets of KIT-BOX done")
    page.goto(handheld.server.url + f"/desk/warehouse/kits/{ref}")
    expect(page.locator("main")).to_contain_text("T-1")
    check(page, "an order of sets at the desk")
