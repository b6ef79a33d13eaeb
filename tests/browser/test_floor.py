"""The floor on a handheld: scans, cues, and a network that comes and goes."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.floor import GTIN, SUPERVISOR, WORKER, make_house, scan
from tests.browser.test_pages import check

HOME = "/desk/warehouse/floor"
PLACE, OTHER = "L-TST-B07-14-3", "L-TST-B07-13-3"


@pytest.fixture(scope="module")
def house(server):
    """Return the ids of a stocked warehouse."""
    return make_house(server)


@pytest.fixture
def handheld(window, house):
    """Return a window of the worker, at work in the test house, with its sounds noted."""
    reader = window(WORKER, viewport=PHONE, has_touch=True)
    page = reader.go(f"{HOME}/choose")
    page.get_by_role("button", name="TST").click()
    expect(page.locator("[data-floor-task]")).to_have_text("Floor TST")
    page.goto(reader.server.url + f"{HOME}/look")
    expect(page.locator("[data-floor-bar][data-ready]")).to_be_attached()
    return reader


def cues(page):
    """Return the cues that were given on this page so far."""
    return page.evaluate("window.floor.cues.played")


def waiting(page):
    """Return how many commands wait."""
    return page.evaluate("window.floor.queue.waiting")


def pushed(reader) -> list[str]:
    """Return the keys of the commands that reach the server from now on."""
    keys: list[str] = []
    reader.page.on(
        "request",
        lambda request: (
            keys.append(request.post_data_json["key"])
            if request.method == "POST" and "/find" in request.url
            else None
        ),
    )
    return keys


def test_a_scan_is_answered_with_a_sound_and_the_next_screen(handheld):
    page = handheld.page
    expect(page.locator("[data-scan-field]")).to_be_focused()
    scan(page, PLACE)
    expect(page.locator(".floor-where")).to_contain_text("B07-14-3")
    expect(page.locator("[data-said]")).to_contain_text("Looked up L-TST-B07-14-3.")
    assert page.url.endswith(f"look?code={PLACE}")
    assert cues(page)[-1] == "good"
    expect(page.locator("[data-scan-field]")).to_be_focused()
    expect(page.locator(".floor-last")).to_contain_text("Looked up L-TST-B07-14-3.")


def test_nothing_is_read_sounds_bad_and_says_what_to_do(handheld):
    page = handheld.page
    scan(page, "(01)06901234567890")
    said = page.locator("[data-said]")
    expect(said).to_have_text("The scanner misread this code. Scan it again.")
    expect(said).to_have_class("floor-say floor-say--bad")
    assert cues(page) == ["bad"]


def test_scans_faster_than_the_answers_are_carried_out_in_order(handheld):
    page = handheld.page
    keys = pushed(handheld)
    for code in (PLACE, GTIN, OTHER):
        scan(page, code)
    expect(page.locator(".floor-where")).to_contain_text("B07-13-3")
    assert len(keys) == 3
    expect(page.locator(".floor-last li").nth(1)).to_contain_text(GTIN)


def test_a_double_scan_counts_once_and_says_so(handheld):
    page = handheld.page
    keys = pushed(handheld)
    scan(page, PLACE)
    scan(page, PLACE)
    expect(page.locator("[data-announce]")).not_to_be_empty()
    expect(page.locator("[data-floor][aria-busy]")).to_have_count(0)
    assert len(keys) == 1
    assert "warn" in cues(page)


def test_a_scan_into_another_field_reaches_the_scan_field(handheld):
    page = handheld.page
    page.evaluate(
        """() => {
          const field = document.createElement("input");
          field.id = "count"; field.value = "12";
          document.querySelector("[data-floor]").append(field);
          field.focus();
        }"""
    )
    page.keyboard.type(PLACE[:3])
    page.wait_for_timeout(80)  # a busy moment within the code does not cut it
    scan(page, PLACE[3:])
    expect(page.locator(".floor-where")).to_contain_text("B07-14-3")


def test_a_scan_where_the_screen_asks_for_something_else_is_refused_aloud(handheld):
    page = handheld.page
    keys = pushed(handheld)
    page.evaluate("document.querySelector('form[data-scan]').removeAttribute('data-scan')")
    page.evaluate("document.querySelector('[data-floor]').tabIndex = -1")
    page.evaluate(
        """() => {
          const field = document.createElement("input");
          field.id = "count"; field.value = "12";
          document.querySelector("[data-floor]").append(field);
          field.focus();
        }"""
    )
    scan(page, PLACE)
    expect(page.locator("[data-said]")).to_contain_text("That scan was not taken")
    expect(page.locator("#count")).to_have_value("12")
    assert keys == []
    assert cues(page) == ["bad"]


def test_what_a_person_types_into_a_field_stays_there(handheld):
    page = handheld.page
    keys = pushed(handheld)
    page.evaluate(
        """() => {
          const field = document.createElement("input");
          field.id = "reason";
          document.querySelector("[data-floor]").append(field);
          field.focus();
        }"""
    )
    page.keyboard.type("damaged", delay=90)
    page.keyboard.press("Enter")
    expect(page.locator("#reason")).to_have_value("damaged")
    assert keys == []


def test_what_is_scanned_off_line_waits_and_is_sent_in_order(handheld):
    page = handheld.page
    scan(page, PLACE)
    expect(page.locator(".floor-where")).to_contain_text("B07-14-3")
    handheld.context.set_offline(True)
    keys = pushed(handheld)
    scan(page, GTIN)
    expect(page.locator("[data-kept]")).to_contain_text("Waiting: 1.")
    scan(page, OTHER)
    expect(page.locator("[data-net]")).to_have_text("2 waiting")
    assert cues(page)[-1] == "warn"
    page.reload()  # nothing is lost
    expect(page.locator("[data-floor-bar][data-ready]")).to_be_attached()
    expect(page.locator("[data-net]")).to_have_text("2 waiting")
    handheld.context.set_offline(False)
    expect(page.locator("[data-said]")).to_contain_text("has been sent")
    expect(page.locator("[data-kept]")).to_be_hidden()
    assert waiting(page) == 0
    expect(page.locator(".floor-last li").nth(0)).to_contain_text(OTHER)
    expect(page.locator(".floor-last li").nth(1)).to_contain_text(GTIN)
    assert len(set(keys)) == 2


def test_a_command_whose_answer_was_lost_is_done_once(handheld):
    page = handheld.page
    seen: list[str] = []

    def lose(route):
        seen.append(route.request.post_data_json["key"])
        if len(seen) == 1:
            route.fetch()  # the centre did it, nobody heard
            route.abort()
        else:
            route.continue_()

    handheld.context.route("**/floor/find", lose)
    scan(page, PLACE)
    expect(page.locator("[data-said]")).to_contain_text("has been sent", timeout=15_000)
    assert seen[0] == seen[1]
    expect(page.locator(".floor-last li").filter(has_text=PLACE)).to_have_count(1)
    handheld.context.unroute("**/floor/find")


def test_the_first_one_refused_stops_the_rest_until_somebody_decides(handheld):
    page = handheld.page
    handheld.context.set_offline(True)
    scan(page, "(01)06901234567890")
    expect(page.locator("[data-net]")).to_have_text("1 waiting")
    scan(page, PLACE)
    expect(page.locator("[data-net]")).to_have_text("2 waiting")
    handheld.context.set_offline(False)
    kept = page.locator("[data-kept]")
    expect(kept).to_contain_text("The scanner misread this code.")
    assert waiting(page) == 2
    assert cues(page)[-1] == "bad"
    page.reload()
    expect(kept).to_contain_text("The scanner misread this code.")
    kept.get_by_role("button", name="Leave it out").click()
    expect(page.locator("[data-said]")).to_contain_text("has been sent")
    expect(page.locator(".floor-last li").first).to_contain_text(PLACE)


def test_what_somebody_left_is_not_sent_by_the_next(handheld, server):
    page = handheld.page
    handheld.context.set_offline(True)
    scan(page, PLACE)
    expect(page.locator("[data-net]")).to_have_text("1 waiting")
    handheld.context.clear_cookies()
    handheld.context.set_offline(False)
    expect(page.locator("[data-kept]").get_by_role("link", name="Sign in")).to_be_visible()
    handheld.speak("en").sign_in(SUPERVISOR)
    keys = pushed(handheld)
    handheld.go(HOME)
    expect(page.locator("[data-floor-bar][data-ready]")).to_be_attached()
    expect(page.locator("[data-kept]")).to_contain_text("Somebody else left 1 steps")
    assert keys == []


def test_quiet_is_kept_on_the_device(handheld):
    page = handheld.page
    page.locator("[data-quiet-key]").click()
    page.reload()
    expect(page.locator("[data-quiet-key]")).to_have_attribute("aria-pressed", "true")


def test_every_target_is_big_enough_for_gloves(handheld):
    page = handheld.page
    scan(page, PLACE)
    expect(page.locator(".floor-where")).to_contain_text("B07-14-3")
    for path in (HOME, f"{HOME}/choose", None):
        if path:
            handheld.go(path)
        small = page.evaluate(
            """() => [...document.querySelectorAll("main a, main button, main input:not([type=hidden]), .floor-tools button")]
              .filter((each) => each.offsetParent)
              .map((each) => [each.getBoundingClientRect(), each.textContent || each.id])
              .filter(([box]) => box.height < 48 || box.width < 48).map(([, name]) => name)"""
        )
        assert small == []
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_without_javascript_the_same_form_works(window, house):
    reader = window(WORKER, viewport=PHONE, java_script_enabled=False)
    page = reader.go(f"{HOME}/choose")
    page.get_by_role("button", name="TST").click()
    page = reader.go(f"{HOME}/look")
    page.fill("#scan", GTIN)
    page.press("#scan", "Enter")
    expect(page.locator(".floor-where")).to_contain_text("TST-LC45")
    expect(page.locator("[data-flash]")).to_contain_text(f"Looked up {GTIN}.")


def test_the_screens_and_the_board_are_whole(window, house):
    for viewport in (PHONE, DESKTOP):
        reader = window(SUPERVISOR, viewport=viewport)
        for path in (HOME, f"{HOME}/look?code={PLACE}", "/desk/warehouse", "/desk/warehouse/tasks"):
            page = reader.go(path)
            page.wait_for_load_state(
                "networkidle"
            )  # style sheets too: what axe sees has its colours
            check(page, path)


def test_the_board_hears_who_is_given_what(window, house, handheld):
    leader = window(SUPERVISOR)
    board = leader.go("/desk/warehouse?warehouse=TST")
    leader.is_live()
    page = handheld.page
    scan(page, OTHER)
    expect(page.locator(".floor-where")).to_contain_text("B07-13-3")
    give(handheld, "CT-TEST")
    people = board.locator("#people")
    expect(people).to_contain_text("B07-13-3", timeout=15_000)
    expect(people).to_contain_text("CT-TEST")


def give(reader, ref: str) -> None:
    """Take a task as the home's key does."""
    status = reader.page.evaluate(
        """async (ref) => {
          const body = JSON.stringify({ key: "take-" + Date.now(), kind: "count", ref, to: "/desk/warehouse/floor" });
          const token = document.querySelector("meta[name=csrf-token]").content;
          const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token };
          return (await fetch("/desk/warehouse/floor/take", { method: "POST", headers, body })).status;
        }""",
        ref,
    )
    assert status == 200
