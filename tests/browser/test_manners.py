"""What a reader brings along: language, paper, less motion, own colours, no script."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.dispatcher import DISPATCHER, OWNER

NORDWIND = "owner@nordwind.example"
PAGES = ("/", "/track", "/process", "/login")


def language_of(page) -> str:
    return page.evaluate("document.documentElement.lang")


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("zh-CN", "zh-Hans"), ("zh-TW", "zh-Hant"), ("zh-HK", "zh-Hant"), ("en-GB", "en"),
     ("fr-FR", "zh-Hans")],
)  # fmt: skip
def test_the_browsers_language_is_spoken(window, accepted, language):
    assert language_of(window(language=None, locale=accepted).go("/")) == language


def test_a_persons_own_language_counts_more_than_the_browsers(window):
    reader = window(NORDWIND, language=None, locale="zh-CN")
    assert language_of(reader.go("/portal/consignments")) == "en"


def test_switching_the_language_keeps_page_and_filters(window):
    page = window(OWNER, language=None, locale="zh-CN").go(
        "/portal/consignments?status=in_transit&city=上海"
    )
    for label, language in (("繁", "zh-Hant"), ("EN", "en"), ("简", "zh-Hans")):
        page.locator(".tools").get_by_text(label, exact=True).click()
        expect(page.locator("html")).to_have_attribute("lang", language)
        assert "status=in_transit" in page.url
        assert page.input_value("#city") == "上海"
    page.reload()
    assert language_of(page) == "zh-Hans"


def test_a_chosen_language_stays_on_the_next_page(window):
    reader = window(language=None, locale="zh-CN")
    reader.go("/?lang=zh-Hant")
    assert [language_of(reader.go(path)) for path in PAGES] == ["zh-Hant"] * len(PAGES)


def test_a_printed_consignment_has_number_and_time_and_no_navigation(window, dispatcher):
    no = dispatcher.consignment_in("hub_arrived")
    page = window(OWNER).go(f"/portal/consignments/{no}")
    page.emulate_media(media="print")
    shown = page.locator("body").inner_text().replace(" ", "")
    assert no in shown.replace("\n", "")
    assert page.locator("[data-event]").first.is_visible()
    assert page.locator("nav:visible").count() == 0
    assert page.locator("button:visible").count() == 0
    printed_at = page.locator(".print-only span").last.inner_text()
    assert re.search(r"\d{4}.*\d\d:\d\d:\d\d", printed_at)


@pytest.mark.parametrize("wish", [{"reduced_motion": "reduce"}, {"forced_colors": "active"}])
def test_pages_work_with_less_motion_and_with_forced_colours(window, dispatcher, wish):
    no = dispatcher.consignment_in("hub_arrived")
    member = window(OWNER, viewport=PHONE, **wish)
    page = member.go(f"/portal/consignments/{no}")
    member.is_live()
    dispatcher.push(no, "hub_departed")
    page.wait_for_selector('.flag--plate[data-status="hub_departed"]')
    desk = window(DISPATCHER, **wish)
    desk.go("/desk/board")
    desk.is_live()


def test_less_motion_means_none(window):
    page = window(reduced_motion="reduce").go("/")
    moving = page.evaluate(
        "document.getAnimations().filter(a => a.playState === 'running'"
        " && a.effect.getTiming().iterations === Infinity).length"
    )
    assert moving == 0


def test_the_colour_key_changes_at_once_and_is_remembered(window):
    page = window().go("/")
    key = page.locator("[data-theme-switch]")
    seen = [page.evaluate("document.documentElement.dataset.theme")]
    for _ in range(3):
        key.click()
        seen.append(page.evaluate("document.documentElement.dataset.theme"))
    assert seen == ["auto", "light", "dark", "auto"]
    key.click()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "light"


def test_the_account_menu_and_the_windows_open_by_keyboard(window):
    page = window(OWNER).go("/portal")
    page.focus(".person-key")
    page.keyboard.press("Enter")
    assert page.locator("#person").is_visible()
    page.keyboard.press("Escape")
    assert page.locator("#person").is_hidden()
    page.focus(".bar-menu")
    page.keyboard.press("Enter")
    assert page.locator("#windows").is_visible()


def test_the_site_is_whole_without_scripts(window):
    reader = window(OWNER, java_script_enabled=False)
    for path in ("/portal", "/portal/consignments", "/portal/figures", "/account/sessions"):
        page = reader.go(path)
        assert page.locator("h1").count() == 1
        assert page.locator("main").inner_text().strip()
