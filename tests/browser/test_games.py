"""Each game is played by keyboard up to its place on the board; their pages are whole."""

import json
import sqlite3

import pytest

from tests.browser.conftest import PHONE
from tests.browser.test_pages import check

PAGES = (
    "/club/games",
    "/club/games/truck",
    "/club/games/sort/rules",
    "/club/games/route/boards",
    "/club/games/truck/practice",
    "/club/games/route/practice",
    "/club/games/sort/practice",
)
PLAYER = "ops@huadong-home.example"


@pytest.mark.parametrize(
    ("language", "theme", "paths"), [("zh-Hans", "light", PAGES), ("en", "dark", PAGES[-3:])]
)
def test_pages_of_the_games_are_whole_on_a_phone(window, server, language, theme, paths):
    reader = window(PLAYER, language=language, viewport=PHONE)
    reader.context.add_cookies([{"name": "theme", "value": theme, "url": server.url}])
    for path in paths:
        check(reader.go(path), path)


def begin(page, server, game):
    """Begin a round that counts; no hand is as quick as a test, so tests move the clock on."""
    page.clock.install()
    page.goto(f"{server.url}/club/games/{game}")
    page.get_by_role("button", name="Begin a round that counts").press("Enter")
    page.locator("[data-game]:not([hidden])").wait_for()


def test_the_truck_is_loaded_by_keyboard_and_a_reload_loses_nothing(window, server):
    page = window(PLAYER, language="en").page
    begin(page, server, "truck")
    page.locator("[data-plan]").focus()
    page.keyboard.press("Enter")
    said = page.locator("[data-say]")
    assert "1 of" in said.inner_text()
    page.keyboard.press("r")
    page.keyboard.press("Shift+ArrowRight")
    page.clock.run_for(200)
    page.keyboard.press("Enter")
    page.reload()
    page.locator("[data-loaded] li").first.wait_for()
    loaded = page.locator("[data-loaded] li").count()
    assert loaded >= 1
    assert "here they are again" in said.inner_text()
    page.clock.run_for(200)
    page.keyboard.press("Backspace")
    assert page.locator("[data-loaded] li").count() == loaded - 1
    assert "is out again" in said.inner_text()
    page.locator("[data-plan]").focus()
    page.clock.run_for(200)
    page.keyboard.press("Enter")
    points = page.locator("[data-fact=score]").inner_text()
    page.get_by_role("button", name="Hand the round in").press("Enter")
    assert page.locator(".game-result .kpi-fig").inner_text().startswith(points)
    check(page, "result")


def test_the_van_is_routed_by_the_letters_of_its_stops(window, server):
    page = window(PLAYER, language="en").page
    begin(page, server, "route")
    for letter in "abcdefghijkl":
        page.keyboard.press(letter)
        page.clock.run_for(90)
    assert "All stops are in the tour" in page.locator("[data-say]").inner_text()
    page.get_by_role("button", name="L earlier").press("Enter")
    assert "L is now number 11" in page.locator("[data-say]").inner_text()
    page.clock.run_for(90)
    page.locator("[data-town] [data-stop='2']").press("Enter")
    assert "C is out of the tour" in page.locator("[data-say]").inner_text()
    page.clock.run_for(90)
    page.keyboard.press("c")
    points = page.locator("[data-fact=score]").inner_text()
    page.get_by_role("button", name="Hand the round in").press("Enter")
    assert page.locator(".game-result .kpi-fig").inner_text().startswith(points)


def shift_begun_earlier(server):
    """Let the rounds that run have been begun an hour ago: the browser’s clock is not ours."""
    with sqlite3.connect(server.folder / "quayside.db") as centre:
        centre.execute(
            "UPDATE game_round SET started_at = datetime(started_at, '-1 hour') || '.000000' "
            "WHERE state = 'open'"
        )


def test_parcels_are_sorted_by_keys_with_a_pause(window, server):
    page = window(PLAYER, language="en", reduced_motion="reduce").page
    begin(page, server, "sort")
    shift_begun_earlier(server)
    plan = json.loads(page.locator("[data-level]").text_content())["plan"]
    page.get_by_role("button", name="Begin the shift").press("Enter")
    page.clock.run_for(4000)
    page.keyboard.press("p")
    assert "stands still" in page.locator("[data-say]").inner_text()
    page.clock.run_for(60_000)
    page.keyboard.press("p")
    sorted_ = 0
    while page.locator("[data-hand-in] button").is_disabled():
        code, mark = page.evaluate(
            "['code', 'mark'].map((name) => document.querySelector(`[data-${name}]`).textContent)"
        )
        if code:
            page.keyboard.press("4" if mark else str(plan[code[0]]))
            sorted_ += 1
        page.clock.run_for(700)
    assert sorted_ > 40
    points = page.locator("[data-score]").inner_text()
    page.get_by_role("button", name="Hand the round in").press("Enter")
    result = page.locator(".game-result .kpi-fig").inner_text()
    assert result.replace(",", "").startswith(points)
