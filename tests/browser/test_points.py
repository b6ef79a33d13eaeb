"""A member on a phone spends points by keyboard, somebody at the desk hands over what he ordered."""

import pytest

from tests.browser.conftest import PHONE
from tests.browser.test_pages import check, check_shape

OWNER, MANAGER = "owner@pearl-tech.example", "manager@quayside.example"
PAGES = (
    "/club/points",
    "/club/points/board",
    "/club/points/badges",
    "/club/points/rules",
    "/club/rewards",
    "/club/rewards/orders",
)
DESK = ("/desk/club/rewards", "/desk/club/rewards/new", "/desk/club/rewards/orders")


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
def test_points_and_rewards_are_whole_on_a_phone(window, language):
    member = window(OWNER, language=language, viewport=PHONE)
    for path in PAGES:
        (check if language == "en" else check_shape)(member.go(path), path)


def test_a_reward_is_ordered_by_keyboard_and_handed_over_at_the_desk(window):
    member, desk = window(OWNER, viewport=PHONE), window(MANAGER)
    before = balance(member)
    page = member.go("/club/rewards")
    page.get_by_role("link", name="Container fridge magnet").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Order for 20 points").wait_for()
    check(page, "a reward")
    page.get_by_role("button", name="Order for 20 points").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/club/rewards/orders*")
    ref = page.locator("section.sheet").first.get_attribute("id")
    assert balance(member) == before - 20
    for path in DESK:
        check(desk.go(path), path)
    waiting = desk.go("/desk/club/rewards").locator(f"article[aria-labelledby=h{ref}]")
    waiting.get_by_role("button", name="Handed over").click()
    waiting.wait_for(state="detached")
    assert "Handed over" in member.go("/club/rewards/orders").locator(f"#{ref}").inner_text()


def balance(member) -> int:
    """Return what the page says that there is to spend."""
    shown = member.go("/club/points").locator("[data-balance]")
    return int(shown.get_attribute("data-balance"))
