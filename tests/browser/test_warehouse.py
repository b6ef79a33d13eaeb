"""From the notice to the signature on screens alone, with scans typed as a wedge scanner does."""

import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.floor import SUPERVISOR, WORKER, scan
from tests.browser.server import ROOT

FLOOR = "/desk/warehouse/floor"
MEMBER = "owner@huadong-home.example"
GTIN = "6901234567892"
SHELF, LANE, TROLLEY = "L-JRN-B07-14-3", "L-JRN-OUT-1", "L-JRN-T1"
_SEED = """
import os
from sqlalchemy import select
from config import Config
from portal import create_app
with create_app(Config.from_env(os.environ)).app_context():
    from portal.accounts.models import Company
    from portal.core.db import db
    from tests.warehousing.making import make_location, make_sku, make_warehouse
    company = db.session.scalars(select(Company).where(Company.name == "华东家居")).one()
    house = make_warehouse(code="JRN", names={"zh-Hans": "旅程仓", "en": "Journey house"})
    make_location(house, "receive", code="IN", barcode="L-JRN-IN")
    make_location(house, "pick", code="B07-14-3", barcode="L-JRN-B07-14-3")
    make_location(house, "stage", code="T1", barcode="L-JRN-T1")
    make_location(house, "stage", code="OUT-1", barcode="L-JRN-OUT-1")
    names = {"zh-Hans": "旅程靠垫", "en": "Journey cushion"}
    make_sku(company, code="JRN-LC45", gtin="%s", names=names, name="旅程靠垫")
"""


@pytest.fixture(scope="module")
def house(server):
    """Make a warehouse and goods of their own in the demo centre."""
    done = subprocess.run(
        [sys.executable, "-c", _SEED % GTIN],
        cwd=ROOT,
        env=server.environment | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def said(page, words):
    """Wait until the handheld says ``words``."""
    expect(page.locator("[data-said], [data-flash]").first).to_contain_text(words)


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def test_goods_are_followed_from_the_notice_to_the_signature(window, server, house, dispatcher):
    member = window(MEMBER)
    notice = announce(member)
    floor = window(WORKER, viewport=PHONE, has_touch=True)
    page = floor.go(f"{FLOOR}/choose")
    page.get_by_role("button", name="JRN").click()
    expect(page.locator("[data-floor-task]")).to_have_text("Floor JRN")
    receive(floor, notice)
    accept(member, notice)
    put_away(floor)
    order = place(member)
    release(window(SUPERVISOR), order)
    pick(floor, order)
    check(floor, order)
    sscc = pack(floor, order)
    no = ship(floor, order, sscc)
    sign(dispatcher, no)
    follow(member, order, no)
    assert server.flask("ledger", "verify").strip() == "The ledger is right."


def announce(member) -> str:
    page = member.go("/portal/inbound/new")
    if page.locator("select#warehouse").count():
        page.select_option("#warehouse", "JRN")
    page.fill("#lines-0-sku", "JRN-LC45")
    page.fill("#lines-0-quantity", "24")
    press(page, "Announce the goods")
    page.wait_for_url(re.compile(r"/portal/inbound/IN"))
    return page.url.rpartition("/")[2].partition("?")[0]


def receive(floor, notice):
    page = floor.go(f"{FLOOR}/receive/{notice}")
    press(page, "It has arrived")
    said(page, "has arrived")
    scan(page, GTIN)
    said(page, "how many?")
    page.fill("#quantity", "22")
    press(page, "Received")
    said(page, "received")
    page.get_by_role("link", name="Everything is scanned").click()
    press(page, "Finish receiving")
    said(page, "with 1 differences")


def accept(member, notice):
    page = member.go(f"/portal/inbound/{notice}")
    difference = page.locator(".difference")
    expect(difference).to_contain_text("JRN-LC45")
    difference.get_by_role("button", name="Accept").click()
    expect(page.locator(".difference[data-state=accepted]")).to_be_visible()


def put_away(floor):
    page = floor.go(f"{FLOOR}/put-away")
    page.locator(".floor-list a").first.click()
    expect(page.locator(".floor-where")).to_contain_text("B07-14-3")
    scan(page, SHELF)
    said(page, "B07-14-3")


def place(member) -> str:
    page = member.go("/portal/outbound/new")
    if page.locator("select#warehouse").count():
        page.select_option("#warehouse", "JRN")
    page.fill("#lines-0-sku", "JRN-LC45")
    page.fill("#lines-0-quantity", "12")
    page.select_option("#book", index=1)
    expect(page.locator("#consignee-name, [name='consignee.name']").first).not_to_have_value("")
    press(page, "Place this order")
    page.wait_for_url(re.compile(r"/portal/outbound/OUT"))
    expect(page.locator("h1")).to_contain_text("OUT")
    return page.url.rpartition("/")[2].partition("?")[0]


def release(supervisor, order):
    page = supervisor.go("/desk/warehouse/waves?warehouse=JRN")
    box = page.locator(f"input[name=order][value={order}]")
    box.check()
    page.locator("button[name=do][value=release]").first.click()
    expect(page.locator("body")).to_contain_text("is on the floor")


def pick(floor, order):
    page = floor.go(f"{FLOOR}/pick")
    page.get_by_role("link", name=re.compile(order)).click()
    page.wait_for_url("**/pick/begin?**")
    scan(page, TROLLEY)
    expect(page.locator(".floor-where")).to_contain_text("B07-14-3")
    scan(page, GTIN)
    said(page, "Now a location is to be scanned")
    scan(page, SHELF)
    said(page, "Now the goods")
    scan(page, GTIN)
    said(page, "Take 12")
    page.fill("#quantity", "12")
    press(page, "Picked")
    said(page, "That was the last")


def check(floor, order):
    page = floor.go(f"{FLOOR}/check/{order}")
    scan(page, GTIN)
    said(page, "how many?")
    page.fill("#quantity", "12")
    press(page, "Checked")
    said(page, "is checked")


def pack(floor, order) -> str:
    page = floor.page
    expect(page.locator("[data-floor-task]")).to_contain_text("Pack")
    press(page, "Begin this carton")
    said(page, "Scan what goes in")
    press(page, "Put all of it in")
    said(page, "Weigh it")
    page.fill("#weight", "1")
    press(page, "Close the carton")
    said(page, "lighter")
    wanted = page.locator(".floor-qty").inner_text()
    kilos = re.search(r"([\d.]+)\s*kg", wanted).group(1)
    page.fill("#weight", f"{float(kilos):.3f}")
    press(page, "Close the carton")
    said(page, "Put its label on")
    sscc = re.sub(r"\D", "", page.locator(".sscc, .no").last.inner_text())[-18:]
    scan(page, LANE)
    said(page, "stand at OUT-1")
    return sscc


def ship(floor, order, sscc) -> str:
    page = floor.go(f"{FLOOR}/ship")
    expect(page.locator("main")).to_contain_text(order)
    scan(page, f"00{sscc}")
    said(page, "is complete on the vehicle")
    page.get_by_role("button", name=re.compile("The vehicle leaves")).click()
    said(page, "On the way")
    return re.search(r"QS\w{12}", page.locator("[data-said]").inner_text()).group(0)


def sign(dispatcher, no):
    for code in (
        "hub_arrived",
        "hub_departed",
        "in_transit",
        "dest_city",
        "out_for_delivery",
        "delivered",
    ):
        dispatcher.push(no, code)


def follow(member, order, no):
    page = member.go(f"/portal/outbound/{order}")
    page.get_by_role("link", name=re.compile(no[-5:-1])).first.click()
    page.wait_for_url(re.compile(no))
    expect(page.locator("#order")).to_contain_text(order)
    page = member.go(f"/portal/outbound/{order}")
    expect(page.locator(".page-head .flag, .flag").first).to_contain_text("Closed", timeout=15_000)
