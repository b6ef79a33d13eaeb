"""Every public page in a browser: no barrier, nothing too wide, light to fetch, whole by keyboard."""

import re
import urllib.request
from collections import Counter
from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import PHONE
from tests.browser.test_pages import COLOURS, check, check_shape

SMALL = {"width": 320, "height": 640}
#: What robots are not led to, and forms that were answered.
MORE = (
    "/track",
    "/login",
    "/advertising",
    "/estimate?from_city=杭州&from_country=CN&to_city=北京&to_country=CN&weight=12&service=express",
    "/estimate?from_city=&weight=many",
    "/estimate/calculators?which=fit&length=40&width=30&height=30&pallet=1200x1000&tall=160",
    "/estimate/calculators?which=storage&pallets=10&days=30",
)
PARTS = 4  # the pages of the sitemap are looked at in so many tests
MOST_BYTES = 500_000  # of the home page, all of it scrolled through, with a cold cache
FIRST_BYTES = 260_000  # of the same before anybody scrolls


def listed(server) -> list[str]:
    """Return the paths of the sitemap, and those of public pages that robots are not led to."""
    with urllib.request.urlopen(f"{server.url}/sitemap.xml") as answer:  # noqa: S310
        found = re.findall("<loc>([^<]*)</loc>", answer.read().decode())
    return [*(urlsplit(loc).path for loc in found), *MORE]


def alike(server, most: int) -> list[str]:
    """Return the paths of all pages, of those in one folder ``most``."""
    seen: Counter[str] = Counter()
    kept = []
    for path in listed(server):
        folder = path.rpartition("/")[0]
        seen[folder] += 1
        if not folder or seen[folder] <= most:
            kept.append(path)
    return kept


def share(server, part: int, most: int = 2) -> list[str]:
    """Return one part of the pages, of those in one folder ``most``."""
    return alike(server, most)[part::PARTS]


@pytest.mark.parametrize("part", range(PARTS))
def test_public_pages_are_whole_in_light(window, server, part):
    reader = window(language="zh-Hans")
    for path in share(server, part):
        check(reader.go(path), path)


@pytest.mark.parametrize("part", range(PARTS))
def test_public_pages_are_whole_on_a_phone_in_the_dark(window, server, part):
    reader = window(language="en", viewport=PHONE)
    reader.context.add_cookies([{"name": "theme", "value": "dark", "url": server.url}])
    for path in share(server, part):
        check(reader.go(path), path, only=COLOURS)


@pytest.mark.parametrize("language", ["zh-Hant", "en"])
def test_no_public_page_is_wider_than_the_smallest_phone(window, server, language):
    reader = window(language=language, viewport=SMALL)
    for path in alike(server, 3 if language == "en" else 1):
        check_shape(reader.go(path), path)


class Weighed:
    """What a browser with a cold cache transfers for a page, address by address."""

    def __init__(self, window, path: str) -> None:
        reader = window(language="zh-Hans")
        self.bytes: dict[str, int] = {}
        self._named: dict[str, str] = {}
        session = reader.context.new_cdp_session(reader.page)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        session.on("Network.responseReceived", self._answered)
        session.on("Network.loadingFinished", self._finished)
        self.page = reader.go(path)
        self.page.wait_for_load_state("networkidle")
        self.first = sum(self.bytes.values())

    def _answered(self, event) -> None:
        self._named[event["requestId"]] = event["response"]["url"]

    def _finished(self, event) -> None:
        url = self._named.get(event["requestId"], "?")
        self.bytes[url] = self.bytes.get(url, 0) + event["encodedDataLength"]

    def scrolled(self) -> int:
        """Scroll to the end, as slowly as a reader, and return all bytes."""
        height = self.page.evaluate("document.body.scrollHeight")
        for _step in range(0, height, 400):
            self.page.mouse.wheel(0, 400)
            self.page.wait_for_timeout(30)
        self.page.wait_for_load_state("networkidle")
        return sum(self.bytes.values())


def test_the_home_page_is_light(window):
    weighed = Weighed(window, "/")
    heaviest = sorted(weighed.bytes.items(), key=lambda pair: -pair[1])[:6]
    assert 20_000 < weighed.first < FIRST_BYTES, heaviest
    total = weighed.scrolled()
    weighed.page.wait_for_selector(".map-land[d^=M]", state="attached")
    heaviest = sorted(weighed.bytes.items(), key=lambda pair: -pair[1])[:6]
    assert total < MOST_BYTES, heaviest


def test_the_first_key_leads_past_the_frame_to_the_content(window):
    page = window(language="en").go("/about")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").is_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_every_window_is_reached_by_keys_on_a_phone(window):
    page = window(language="en", viewport=PHONE).go("/")
    page.focus(".bar-menu")
    page.keyboard.press("Enter")
    assert page.locator("#windows").is_visible()
    assert page.locator("#windows a").count() == 9
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#windows') !== null")
    page.keyboard.press("Escape")
    assert page.locator("#windows").is_hidden()


@pytest.mark.parametrize("path", ["/about", "/services/cold", "/estimate", "/contact", "/"])
def test_on_paper_a_page_has_its_content_and_no_frame(window, path):
    page = window(language="en").go(path)
    page.emulate_media(media="print")
    assert page.locator("main h1").is_visible()
    assert page.locator("nav.windows").is_hidden()
    assert page.locator("footer.foot nav").is_hidden()
    assert page.locator(".print-only").first.is_visible()


@pytest.mark.parametrize("path", ["/", "/about", "/services", "/process", "/estimate", "/links"])
def test_a_public_page_is_whole_without_scripts(window, path):
    page = window(language="en", java_script_enabled=False).go(path)
    assert page.locator("h1").is_visible()
    assert len(page.locator("main").inner_text()) > 200


def test_with_less_motion_nothing_moves_by_itself(window):
    page = window(language="en", reduced_motion="reduce").go("/")
    page.mouse.wheel(0, 4000)
    page.wait_for_load_state("networkidle")
    running = "document.getAnimations().filter((each) => each.playState === 'running').length"
    assert page.evaluate(running) == 0
