"""Maps in the browser: drawn without any other host, moved by pushes, the same in words beside them."""

import re
import sqlite3

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.dispatcher import DISPATCHER, OWNER, WAY

MANY = 5000
SUZHOU = {"city": "苏州", "address": "星湖街 1 号", "postcode": "215000"}
WHERE_NOW = """
() => {
  const mark = document.querySelector(".map-mark--now").getBoundingClientRect();
  return [Math.round(mark.x + mark.width / 2), Math.round(mark.y + mark.height / 2)];
}
"""
ON_THE_MAP = """
() => [...document.querySelectorAll(".map-many")].reduce((sum, each) => sum + Number(each.textContent.replace(/\\D/g, "")), 0)
  + document.querySelectorAll(".map-one").length
"""
NOTE_VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => window.violations.push(event.violatedDirective));
"""


def drawn(page):
    """Wait until the map of a page has its land and its names; nothing was refused."""
    page.wait_for_selector(".map-land[d^=M]", state="attached")
    page.wait_for_selector(".map-name", state="attached")
    assert page.evaluate("window.violations ?? []") == []


def until(page, script, is_so):
    """Wait until what a script says is so: the page's policy lets no words be run as a script."""
    for _ in range(200):
        if is_so(found := page.evaluate(script)):
            return found
        page.wait_for_timeout(50)
    raise AssertionError(found)


@pytest.fixture
def watched(window):
    """``watched(…)`` opens a window that notes what the security policy refuses."""

    def opened(*args, **options):
        made = window(*args, **options)
        made.context.add_init_script(NOTE_VIOLATIONS)
        return made

    return opened


def test_the_mark_of_the_owners_map_moves_without_a_reload(watched, dispatcher):
    member, no = watched(OWNER), dispatcher.consignment_in("hub_departed", **SUZHOU)
    page = member.go(f"/portal/consignments/{no}")
    member.is_live()
    drawn(page)
    page.evaluate("window.canvas = document.querySelector('.map-canvas')")
    before = page.evaluate(WHERE_NOW)
    expect(page.locator("[data-stop=now]")).to_contain_text("Hangzhou")
    dispatcher.push(no, "in_transit")
    dispatcher.push(no, "dest_city", place={"text": "苏州分拨中心"})
    expect(page.locator("[data-stop=now]")).to_contain_text("苏州分拨中心")
    until(page, WHERE_NOW, lambda now: now != before)
    assert page.evaluate("window.canvas.isConnected")  # the same map, not another one


def test_what_is_not_sure_has_a_ring_and_says_so(watched, dispatcher):
    member, no = watched(OWNER), dispatcher.consignment_in("hub_departed", **SUZHOU)
    dispatcher.push(no, "in_transit", place={"text": "杭州–苏州 干线"})
    page = member.go(f"/portal/consignments/{no}")
    page.wait_for_selector(".map-mark--now.map-mark--unsure")
    expect(page.locator("[data-stop=now]")).to_contain_text("position unsure")


def test_a_shared_page_draws_its_way_and_moves(watched, dispatcher):
    no = dispatcher.consignment_in("hub_departed", **SUZHOU)
    asked = {"precision": "city", "days": 1}
    link = dispatcher.call(f"/consignments/{no}/links", asked, key=dispatcher.owners_key)
    visitor = watched(viewport=PHONE, has_touch=True)
    page = visitor.go(f"/s/{link['token']}")
    visitor.is_live()
    drawn(page)
    assert page.locator(".map-mark--destination").count() == 0
    dispatcher.push(no, "in_transit")
    dispatcher.push(no, "dest_city")
    expect(page.locator("[data-stop=now]")).to_contain_text("苏州")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_the_number_alone_shows_its_city(watched, dispatcher):
    no = dispatcher.consignment_in("dest_city", **SUZHOU)
    page = watched().go(f"/track/{no}")
    drawn(page)
    expect(page.locator("[data-stop]")).to_have_count(1)
    expect(page.locator(".map-mark--now")).to_have_count(1)


def deliver_for_others(server) -> None:
    """Count what was delivered for two more companies: a city of one or two is not shown."""
    with sqlite3.connect(server.folder / "quayside.db", timeout=20) as on:
        on.row_factory = sqlite3.Row
        row = dict(on.execute("SELECT * FROM company").fetchone())
        del row["id"]
        names = ", ".join(row)
        marks = ", ".join(f":{name}" for name in row)
        figures = [f[1] for f in on.execute("PRAGMA table_info(delivery_figure)")]
        copied = ", ".join(f":{n}" if n == "company_id" else n for n in figures)
        for other in range(2):
            new = row | {"ref": f"COTHER{other}", "name": f"Other {other}", "credit_code": None}
            made = on.execute(f"INSERT INTO company ({names}) VALUES ({marks})", new)  # noqa: S608
            on.execute(
                f"INSERT INTO delivery_figure ({', '.join(figures)}) SELECT {copied} "  # noqa: S608
                "FROM delivery_figure WHERE delivered > 0 "
                "AND company_id = (SELECT min(company_id) FROM delivery_figure)",
                {"company_id": made.lastrowid},
            )


def test_the_home_page_draws_lanes_and_lists_them(watched, dispatcher, server):
    for city in ("苏州", "成都"):
        for _ in range(3):
            dispatcher.push(dispatcher.consignment_in(WAY[-1], city=city), "delivered")
    deliver_for_others(server)
    page = watched().go("/")
    page.locator(".map--lanes").scroll_into_view_if_needed()
    drawn(page)
    lanes = page.locator("path.map-lane").count()
    assert lanes >= 2
    assert page.locator("#lanes").is_visible()
    expect(page.locator(".main-side--lanes tbody tr")).to_have_count(lanes)


def test_a_mark_of_the_desks_map_moves_leads_on_and_goes(watched, dispatcher):
    no = dispatcher.consignment_in("hub_departed", city="拉萨", address="北京东路 1 号")
    desk = watched(DISPATCHER)
    page = desk.go("/desk/map?city=拉萨")
    desk.is_live()
    drawn(page)
    mark = page.locator(".map-one")
    expect(mark).to_have_count(1)
    dispatcher.push(no, "in_transit")
    dispatcher.push(no, "dest_city", place={"text": "拉萨"})
    expect(page.locator(f'tr[data-no="{no}"]')).to_contain_text("拉萨")
    expect(mark).to_have_count(0)  # it has left what is seen
    page.get_by_role("button", name="Show everything").click()
    expect(mark).to_contain_text("拉萨")
    mark.press("Enter")
    page.wait_for_url(f"**/desk/consignments/{no}")
    page.go_back()
    desk.is_live()
    expect(page.locator(".map-one")).to_have_count(1)
    dispatcher.push(no, "out_for_delivery")
    dispatcher.push(no, "delivered")
    expect(page.locator(".map-one")).to_have_count(0)
    expect(page.locator("[data-map-count]")).to_contain_text("0 on the map")


@pytest.mark.parametrize("viewport", [{"width": 1440, "height": 900}, PHONE])
def test_a_delivered_consignment_leaves_no_row_behind(watched, dispatcher, viewport):
    city = "山南" if viewport is PHONE else "日喀则"
    no = dispatcher.consignment_in("dest_city", city=city, address="北京东路 1 号")
    desk = watched(DISPATCHER, viewport=viewport)
    page = desk.go(f"/desk/map?city={city}")
    desk.is_live()
    rows = page.locator(".map-page tbody tr")
    expect(rows).to_have_count(1)
    expect(page.locator(".map-none")).to_be_hidden()
    dispatcher.push(no, "out_for_delivery")
    dispatcher.push(no, "delivered")
    expect(rows).to_be_hidden()
    expect(page.locator(".map-page .table-box")).to_be_hidden()
    expect(page.locator(".map-none")).to_be_visible()


def test_without_scripts_the_table_is_there_and_no_empty_frame(chromium, server, dispatcher):
    no = dispatcher.consignment_in("dest_city", **SUZHOU)
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{server.url}/track/{no}")
    assert not page.locator("[data-map]").is_visible()
    assert page.locator("[data-stop=now]").is_visible()
    context.close()


def test_on_paper_the_table_stands_for_the_map(watched, dispatcher):
    no = dispatcher.consignment_in("dest_city", **SUZHOU)
    page = watched(OWNER).go(f"/portal/consignments/{no}")
    drawn(page)
    page.emulate_media(media="print")
    assert not page.locator("[data-map]").is_visible()
    assert page.locator("[data-stop=now]").is_visible()


def test_the_map_is_used_by_keys_alone_and_stands_still_where_asked(watched, dispatcher):
    no = dispatcher.consignment_in("dest_city", **SUZHOU)
    page = watched(OWNER, reduced_motion="reduce").go(f"/portal/consignments/{no}")
    drawn(page)
    page.locator(".map-canvas").focus()
    before = page.evaluate(WHERE_NOW)
    page.keyboard.press("ArrowRight")
    until(page, WHERE_NOW, lambda now: now != before)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.title") == "Closer"


def test_a_pin_says_where_an_address_is(watched, dispatcher):
    no = dispatcher.order(**SUZHOU)
    page = watched(OWNER).go(f"/portal/consignments/{no}/places/consignee")
    page.wait_for_selector(".map-land[d^=M]", state="attached")
    box = page.locator(".map-canvas").bounding_box()
    page.locator(".map-canvas").click(position={"x": box["width"] / 2 + 30, "y": 60})
    assert page.locator("input[name=choice]:checked").get_attribute("value") == "own"
    at = [float(page.locator(f"#{name}").input_value()) for name in ("lat", "lon")]
    assert abs(at[0] - 31.3) < 5
    assert abs(at[1] - 120.6) < 5
    page.locator("input[name=choice]").first.check()
    page.get_by_role("button", name="Keep the place").click()
    page.wait_for_url(f"**/portal/consignments/{no}")
    assert page.evaluate("window.violations") == []


def add_many(server) -> None:
    """Put MANY consignments under way into the database of a server, all over the country."""
    with sqlite3.connect(server.folder / "quayside.db", timeout=20) as on:
        on.row_factory = sqlite3.Row
        row = dict(on.execute("SELECT * FROM consignment WHERE status = 'in_transit'").fetchone())
        del row["id"]
        rows = [
            row
            | {"no": f"QSMANY{number:08d}", "order_ref": f"many {number}", "last_place": None}
            | {"status": "ordered", "consignor_city": "杭州", "consignor_confidence": 0.9}
            | {"consignor_lat": 22 + number % 71 * 0.3, "consignor_lon": 100 + number % 67 * 0.3}
            for number in range(MANY)
        ]
        marks = ", ".join(f":{name}" for name in row)
        on.executemany(f"INSERT INTO consignment ({', '.join(row)}) VALUES ({marks})", rows)  # noqa: S608


def test_the_desks_map_bears_five_thousand(watched, server):
    add_many(server)
    desk = watched(DISPATCHER)
    page = desk.go("/desk/map")
    expect(page.locator("[data-map]")).to_have_attribute(
        "data-loaded", re.compile(r"5\d{3}"), timeout=20_000
    )
    drawn(page)
    assert page.locator(".map-many").count() > 5
    assert page.evaluate(ON_THE_MAP) > MANY / 2
    box = page.locator(".map-canvas").bounding_box()
    page.mouse.move(box["x"] + 600, box["y"] + 300)
    page.mouse.down()
    page.mouse.move(box["x"] + 420, box["y"] + 260, steps=8)
    page.mouse.up()
    until(page, ON_THE_MAP, lambda count: count > 0)
    page.get_by_role("button", name="Show everything").click()
    until(page, ON_THE_MAP, lambda count: count >= MANY)
    assert page.locator("tr[data-no]").count() == 50
