"""Advertisements in a real browser: counted when seen, still when asked, whole without a script."""

import sqlite3
import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.test_pages import COLOURS, FAULTS_ONLY, SERIOUS

AGENT = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Safari/537.36"
)
BRANDS = {"Sec-CH-UA": '"Chromium";v="130", "Not A(Brand";v="24"'}  # instead of HeadlessChrome
#: What the driver of these tests tells pages, and people's browsers do not.
NOT_DRIVEN = "Object.defineProperty(navigator, 'webdriver', {get: () => false})"
MARKETING = "marketing@quayside.example"
MANAGER = "manager@quayside.example"


@pytest.fixture
def rows(server):
    """``rows(sql)`` reads the centre's database."""

    def read(sql: str) -> list[tuple]:
        with sqlite3.connect(server.folder / "quayside.db") as database:
            return database.execute(sql).fetchall()

    return read


@pytest.fixture
def path(rows) -> str:
    """Return the address of a consignment that is under way."""
    [(no,)] = rows("SELECT no FROM consignment WHERE status = 'in_transit' LIMIT 1")
    return f"/track/{no}"


def reader(window, **options):
    opened = window(**({"user_agent": AGENT, "extra_http_headers": BRANDS} | options))
    opened.context.add_init_script(NOT_DRIVEN)
    return opened


def reported(rows, count: int) -> list[tuple]:
    """Return the last ``count`` views, as soon as there are as many new ones."""
    for _ in range(60):
        found = rows("SELECT kind, reason FROM ad_hit ORDER BY id")
        if len(found) >= count:
            return found
        time.sleep(0.1)
    return rows("SELECT kind, reason FROM ad_hit ORDER BY id")


def test_a_view_is_reported_once_half_of_it_was_in_sight_for_a_second(window, rows, path):
    before = len(rows("SELECT 1 FROM ad_hit"))
    visitor = reader(window, viewport={"width": 1200, "height": 500})
    page = visitor.go(path)
    place = page.locator("[data-ad]")
    expect(page.locator("[data-ad]").first).to_have_attribute("data-ad-state", "shown")
    page.wait_for_timeout(1400)
    assert len(rows("SELECT 1 FROM ad_hit")) == before  # it is below the fold
    place.scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(1200)
    assert len(rows("SELECT 1 FROM ad_hit")) == before  # too short
    place.scroll_into_view_if_needed()
    assert reported(rows, before + 1)[before:] == [("view", None)]
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(200)
    place.scroll_into_view_if_needed()
    page.wait_for_timeout(1500)
    assert len(rows("SELECT 1 FROM ad_hit")) == before + 1


def test_the_place_keeps_its_shape_from_the_first_paint(window, path):
    visitor = reader(window)
    visitor.context.add_init_script(
        "window.shifts = 0; new PerformanceObserver(l => l.getEntries().forEach(e => window.shifts += e.value))"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    page = visitor.go(path)
    before = page.locator("[data-ad]").bounding_box()
    expect(page.locator("[data-ad]").first).to_have_attribute("data-ad-state", "shown")
    page.locator("[data-ad]").scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    after = page.locator("[data-ad]").bounding_box()
    assert (after["width"], after["height"]) == (before["width"], before["height"])
    assert after["width"] / after["height"] == pytest.approx(6, abs=0.1)
    assert page.evaluate("window.shifts") < 0.02


def test_without_a_script_the_page_is_whole_and_its_link_works(window, path):
    page = reader(window, java_script_enabled=False).go(path)
    place = page.locator("[data-ad]")
    assert place.locator("img, .ad-text").first.is_visible()
    link = place.locator("a.ad-link").first.get_attribute("href")
    answer = page.request.get(page.url.split("/track")[0] + link, max_redirects=0)
    assert answer.status == 302


def test_with_an_ad_blocker_the_page_is_whole(window, path):
    blocked = reader(window)
    blocked.context.route("**/ads.mjs*", lambda route: route.abort())
    blocked.context.route("**/api/v1/ad/**", lambda route: route.abort())
    page = blocked.go(path)
    page.wait_for_timeout(1800)  # what came with the page is shown by then
    place = page.locator("[data-ad]")
    place.scroll_into_view_if_needed()
    assert place.locator(".ad-mark").is_visible()
    assert place.locator("img, .ad-text").first.is_visible()


def test_where_asking_fails_what_came_with_the_page_stays(window, path):
    cut = reader(window)
    cut.context.route("**/api/v1/ad/**", lambda route: route.fulfill(status=429, body="busy"))
    page = cut.go(path)
    expect(page.locator("[data-ad]").first).to_have_attribute("data-ad-state", "kept")
    assert page.locator("[data-ad] .ad-mark").is_visible()


def chosen(html: str) -> str:
    """Return what the API answers with a creative of this kind."""
    return (
        '{"zone":"tracking","visible_s":2,"impression":"x","html":' + html.replace("'", '\\"') + "}"
    )


def answered(body: str):
    return lambda route: route.fulfill(content_type="application/json", body=body)


FRAME = "\"<iframe class='ad-frame' src='/advertising/frames/x' sandbox='allow-scripts' title='A' data-ad-still='/static/img/favicon.svg'></iframe><a class='ad-link' href='/x'>A</a>\""
VIDEO = "\"<video class='ad-video' src='/static/none.mp4' muted controls preload='none' aria-label='A' data-ad-video></video>\""


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_nothing_moves_where_motion_is_to_be_reduced(window, path, motion):
    calm = reader(window, reduced_motion=motion)
    calm.context.add_init_script(
        "window.played = 0; HTMLMediaElement.prototype.play = function () { window.played += 1; return Promise.resolve(); };"
    )
    for html in (FRAME, VIDEO):
        answer = chosen(html)
        calm.context.route("**/api/v1/ad/tracking*", answered(answer))
        calm.context.route("**/advertising/frames/x", lambda route: route.fulfill(body="x"))
        page = calm.go(path)
        expect(page.locator("[data-ad]").first).to_have_attribute("data-ad-state", "shown")
        page.locator("[data-ad]").scroll_into_view_if_needed()
        page.wait_for_timeout(300)
        if html is FRAME:
            frames = page.locator("[data-ad] iframe").count()
            assert frames == (0 if motion == "reduce" else 1)
            assert page.locator("[data-ad] img").count() == 1 - frames
        else:
            assert page.evaluate("window.played > 0") is (motion != "reduce")
            assert page.evaluate("document.querySelector('video').muted")
        calm.context.unroute("**/api/v1/ad/tracking*")


def test_an_animation_reaches_neither_the_page_nor_the_net(window, rows):
    """Its frame has an origin of its own, and its policy lets nothing out."""
    [(key,)] = rows("SELECT media FROM ad_creative WHERE kind = 'html5'")
    manager = window(MANAGER)
    page = manager.go("/desk/ads/AD-0004/creatives")
    page.locator("iframe").first.scroll_into_view_if_needed()
    frame = next(f for f in page.frames if key in f.url)
    frame.wait_for_selector("#lift")
    assert frame.evaluate("origin") == "null"
    assert (
        frame.evaluate("(() => { try { return top.document.title } catch { return 'shut' } })()")
        == "shut"
    )
    sent = "fetch('/api/v1/ad/tracking').then(() => 'sent', () => 'stopped')"
    assert frame.evaluate(sent) == "stopped"
    manager.faults.clear()  # Chromium says what it has stopped


def test_a_campaign_is_made_and_approved_in_the_browser(window, tmp_path):
    maker = window(MARKETING)
    page = maker.go("/desk/ads/new")
    page.fill("#advertiser", "Test advertiser")
    page.fill("#title", "A campaign made in a browser")
    page.fill("#address", "https://advertiser.example/")
    page.click("text=Save and go on")
    page.click("label:has-text('usual')")
    page.fill("#weight", "20")
    page.click("text=Save and go on")
    page.click("label:has-text('Visitors')")
    page.click("text=Save and go on")
    page.click("nav >> text=Text")
    page.fill("#name", "Words")
    page.click("label:has-text('Side column')")
    page.fill("#headline_en", "Seen while it is written")
    assert page.locator('[data-ad-zone="side"] b').inner_text() == "Seen while it is written"
    page.click("text=Container red")
    assert "ad-text--rust" in page.locator('[data-ad-zone="side"] .ad-text').get_attribute("class")
    page.click("text=Save the creative")
    page.click("text=Check and send")
    page.click("text=Send to review")
    address = page.url
    other = window(MANAGER).go(address.removeprefix(maker.server.url))
    other.click("button:has-text('Approve')")
    assert other.locator(".tag--good").first.inner_text() == "Running"
    assert "Seen while it is written" in other.locator("[data-ad]").inner_text()


@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desk", "phone"])
def test_pages_of_advertising_have_no_barrier(window, path, viewport):
    size = {"viewport": viewport} if viewport else {}
    manager, visitor = window(MANAGER, **size), reader(window, **size)
    ways = [(visitor, "/advertising"), (visitor, path)]
    ways += [
        (manager, f"/desk/ads/{way}")
        for way in (
            "",
            "report",
            "new",
            "AD-0001",
            "AD-0006/edit/audience",
            "AD-0004/creatives",
            "AD-0001/creatives/new?kind=text",
        )
    ]
    for who, way in ways:
        page = who.go(way)
        width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert width <= 0, f"{way} is {width} px too wide"
        rules = {"runOnly": {"type": "rule", "values": list(COLOURS)}} if viewport else {}
        asked = FAULTS_ONLY | rules
        found = Axe().run(page, {"exclude": [["iframe"]]}, asked).response["violations"]
        bad = [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found if v["impact"] in SERIOUS]
        assert bad == [], way
