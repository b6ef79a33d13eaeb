"""A day in the club on a phone: check in, answer, take a ticket by keyboard; draw one again."""

from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.test_pages import check

MEMBER = "ops@huadong-home.example"


def test_a_member_spends_a_minute_on_a_phone(window, server):
    # His days are those of Shanghai, as they were before: elsewhere it may still be yesterday.
    reader = window(MEMBER, language="en", viewport=PHONE, timezone_id="Asia/Shanghai")
    check(reader.go("/club/today"), "today")
    page = reader.page
    assert page.locator("[data-browser-zone]").input_value()
    days = int(page.locator("[data-streak]").get_attribute("data-streak"))
    page.get_by_role("button", name="Check in").press("Enter")
    page.get_by_text("Checked in today", exact=True).wait_for()
    assert page.locator("[data-streak]").get_attribute("data-streak") == str(days + 1)
    page.locator("input[name=place]").first.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Answer").press("Enter")
    page.locator("#quiz [role=status]").wait_for()
    assert page.locator("#quiz .is-right").count() >= 1
    check(page, "answered")


def test_a_drawn_raffle_is_drawn_again_in_the_browser(window, server):
    reader = window(MEMBER, language="zh-Hans", viewport=PHONE)
    page = reader.page
    check(reader.go("/club/today/raffles"), "raffles")
    page.locator(".daily-card a").last.press("Enter")
    page.locator("[data-verify]").wait_for()
    check(page, "drawn raffle")
    key = page.locator("[data-verify]")
    key.press("Enter")
    expect(page.locator("[data-verified]")).not_to_be_empty()
    assert page.locator("[data-verified]").inner_text() == key.get_attribute("data-right")
