"""A dispatcher at the board, with the mouse, with the keyboard alone, and on a phone."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.dispatcher import DISPATCHER, OWNER

NOBODY = "QS9999999999ZZ"
AT_ONCE = 20


def counts(page) -> dict[str, int]:
    """Return queue → the count above the board."""
    found = page.locator("#counts [data-count]").evaluate_all(
        "parts => parts.map(part => [part.dataset.count, part.textContent])"
    )
    return {queue: int(re.sub(r"\D", "", text)) for queue, text in found}


def wait_for_counts(page, expected: dict[str, int]) -> None:
    """Wait until the counts above the board and at its queues are these."""
    for queue, count in expected.items():
        for place in ("#counts", f"#queue-{queue}"):
            expect(page.locator(f"{place} [data-count={queue}]")).to_have_text(str(count))


def wait_for_chosen(page, count: int) -> None:
    expect(page.locator("[data-chosen]")).to_have_text(str(count))


def outcomes(page) -> dict[str, str]:
    """Return number → what became of it, as the answer on the page says."""
    page.wait_for_selector("[data-answer] [data-outcome]")
    found = page.locator("[data-answer] [data-outcome]").evaluate_all(
        "rows => rows.map(row => [row.dataset.no, row.dataset.outcome])"
    )
    return dict(found)


def scan(page, text: str) -> None:
    """Type into the scan field as a scanner does: without waiting for anything."""
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def test_a_push_from_the_board_changes_the_owners_list(window, dispatcher):
    no = dispatcher.consignment_in("picked_up", city="Boardtown")
    owner, desk = window(OWNER), window(DISPATCHER)
    rows = owner.go(f"/portal/consignments?q={no}")
    owner.is_live()
    rows.evaluate("window.notReloaded = true")
    board = desk.go("/desk/board?city=Boardtown")
    desk.is_live()
    before = counts(board)
    board.locator(f'.job[data-no="{no}"]').click(position={"x": 8, "y": 60})
    wait_for_chosen(board, 1)
    board.select_option("#code", "hub_departed")
    board.click("[data-push-key]")
    rows.wait_for_selector(f'tr[data-no="{no}"] .flag[data-status="hub_departed"]')
    assert rows.evaluate("window.notReloaded")
    assert outcomes(board) == {no: "accepted"}
    wait_for_counts(board, {"hub": before["hub"] - 1, "way": before["way"] + 1})


def test_what_others_push_changes_cards_and_counts(window, dispatcher):
    no = dispatcher.consignment_in("hub_arrived", city="Watchtown")
    desk = window(DISPATCHER)
    board = desk.go("/desk/board?city=Watchtown")
    desk.is_live()
    before = counts(board)
    dispatcher.push(no, "hub_departed")
    board.wait_for_selector(f'.job--moved[data-no="{no}"] .flag[data-status="hub_departed"]')
    wait_for_counts(board, {"hub": before["hub"] - 1, "way": before["way"] + 1})
    assert board.locator('[data-queue="hub"] [data-sort]').is_visible()


def test_twenty_are_pushed_and_withdrawn_without_a_mouse(window, dispatcher):
    numbers = [dispatcher.consignment_in("hub_arrived") for _ in range(AT_ONCE - 2)]
    again = dispatcher.consignment_in("hub_departed")
    wrong = dispatcher.order()
    owner, desk = window(OWNER), window(DISPATCHER)
    page = owner.go(f"/portal/consignments/{numbers[0]}")
    owner.is_live()
    board = desk.go("/desk/board")
    desk.is_live()
    board.keyboard.press("/")
    for text in [*numbers, again, wrong, NOBODY]:
        scan(board, text)
    board.wait_for_selector(f'.scan-miss[data-unknown="{NOBODY}"]')
    wait_for_chosen(board, AT_ONCE)
    scan(board, "9")
    assert board.input_value("#code") == "delivered"
    scan(board, "4")
    assert board.input_value("#code") == "hub_departed"
    board.keyboard.press("Control+Enter")
    answer = outcomes(board)
    assert {answer[no] for no in numbers} == {"accepted"}
    assert answer[wrong] == "refused"
    assert "refused" in answer[again] or answer[again] in ("accepted", "duplicate")
    why = board.locator(f'[data-outcome="refused"][data-no="{wrong}"] td').last.inner_text()
    assert len(why) > 10
    page.wait_for_selector('.flag--plate[data-status="hub_departed"]')
    expect(board.locator("[data-push]")).not_to_have_attribute("aria-busy", "true")
    expect(board.locator("[data-scan]")).to_be_focused()
    board.keyboard.press("Escape")
    board.keyboard.press("z")
    board.wait_for_selector(f'[data-outcome="withdrawn"][data-no="{numbers[-1]}"]')
    page.wait_for_selector('.flag--plate[data-status="hub_arrived"]')
    page.wait_for_selector("[data-event] s")


def test_pasted_numbers_answer_each_for_itself(window, dispatcher):
    good, wrong = dispatcher.consignment_in("in_transit"), dispatcher.order()
    desk = window(DISPATCHER)
    board = desk.go("/desk/board")
    desk.is_live()
    board.focus("details.paste summary")
    board.keyboard.press("Enter")
    board.focus("#numbers")
    board.keyboard.insert_text(f"{good.lower()}, {wrong}\n{NOBODY}")
    board.focus("#code")
    board.select_option("#code", "dest_city")
    board.keyboard.press("Control+Enter")
    assert outcomes(board) == {good: "accepted", wrong: "refused", NOBODY: "unknown"}


def test_a_push_sent_twice_is_recorded_once(window, dispatcher):
    no = dispatcher.consignment_in("in_transit")
    desk = window(DISPATCHER)
    board = desk.go("/desk/board")
    desk.is_live()
    board.keyboard.press("/")
    scan(board, no)
    scan(board, "6")
    key = board.input_value("#push [name=key]")
    board.keyboard.press("Control+Enter")
    assert outcomes(board) == {no: "accepted"}
    expect(board.locator("#push [name=key]")).not_to_have_value(key)
    board.evaluate(f"document.querySelector('#push [name=key]').value = '{key}'")
    scan(board, no)
    board.keyboard.press("Control+Enter")
    board.wait_for_selector(f'[data-outcome="duplicate"][data-no="{no}"]')


def test_a_lost_connection_keeps_what_was_chosen(window, dispatcher):
    no = dispatcher.consignment_in("in_transit")
    desk = window(DISPATCHER)
    board = desk.go("/desk/board")
    desk.is_live()
    board.keyboard.press("/")
    scan(board, no)
    board.wait_for_selector(f'.job[data-no="{no}"] input:checked')
    scan(board, "6")
    desk.context.set_offline(True)
    board.keyboard.press("Control+Enter")
    board.wait_for_selector("#toasts .toast")
    assert board.locator(f'.job[data-no="{no}"] input:checked').count() >= 1
    desk.context.set_offline(False)
    desk.is_live()
    board.keyboard.press("Control+Enter")
    assert outcomes(board) == {no: "accepted"}


@pytest.mark.parametrize("path", ["/desk/board", "/desk/consignments/{no}"])
def test_board_and_consignment_fit_a_phone(window, dispatcher, path):
    no = dispatcher.consignment_in("hub_arrived")
    desk = window(DISPATCHER, viewport=PHONE, has_touch=True, is_mobile=True)
    page = desk.go(path.format(no=no))
    desk.is_live()
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def test_a_status_is_pushed_on_a_phone(window, dispatcher):
    no = dispatcher.consignment_in("hub_arrived")
    desk = window(DISPATCHER, viewport=PHONE, has_touch=True, is_mobile=True)
    board = desk.go("/desk/board")
    desk.is_live()
    board.fill("[data-scan]", no)
    board.press("[data-scan]", "Enter")
    board.wait_for_selector(f'.job[data-no="{no}"] input:checked')
    board.select_option("#code", "hub_departed")
    board.tap("[data-push-key]")
    assert outcomes(board) == {no: "accepted"}


def test_the_board_pushes_without_scripts(window, dispatcher):
    no = dispatcher.consignment_in("hub_arrived", city="Plaintown")
    desk = window(DISPATCHER, java_script_enabled=False)
    board = desk.go("/desk/board?city=Plaintown")
    board.check(f'.job[data-no="{no}"] input')
    board.select_option("#code", "hub_departed")
    board.click("[data-push-key]")
    board.wait_for_selector(f'[data-outcome="accepted"][data-no="{no}"]')
    board.click("[data-undo] button")
    board.wait_for_selector(f'[data-outcome="withdrawn"][data-no="{no}"]')
