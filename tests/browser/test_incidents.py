"""Incidents with mouse and keyboard: the queue, one of them, and the owner who watches."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.dispatcher import DISPATCHER, OWNER
from tests.browser.test_pages import check

QUEUE = "/desk/incidents"


def row(page, no: str):
    """Return the row of the queue that is about a consignment."""
    return page.locator(f'[data-row]:has(a[href$="{no}"])')


def test_an_incident_comes_by_itself_and_its_owner_reads_what_we_say(window, dispatcher):
    no = dispatcher.consignment_in("picked_up")
    desk, owner = window(DISPATCHER), window(OWNER)
    queue = desk.go(f"{QUEUE}?no={no}")
    desk.is_live()
    mine = owner.go(f"/portal/consignments/{no}")
    owner.is_live()
    dispatcher.push(no, "incident", reason="damaged")
    expect(row(queue, no)).to_have_count(1)
    expect(mine.locator(".notice--bad")).to_contain_text("Look at the photos")
    row(queue, no).locator("[data-open]").click()
    queue.fill("#note", "We repack it.")
    queue.check("input[name=visible]")
    queue.click("button[value=noted]")
    expect(mine.locator(".notice--bad")).to_contain_text("We repack it.")
    queue.select_option("#reason_resolved", "repacked")
    queue.click("button[value=resolved]")
    expect(queue.locator("main")).to_contain_text("Repacked or replaced")
    expect(mine.locator(".notice--bad")).to_have_count(0)
    queue.get_by_role("button", name="Undo").click()
    expect(mine.locator(".notice--bad")).to_have_count(1)


def test_the_queue_is_worked_on_by_keyboard(window, dispatcher):
    no = dispatcher.consignment_in("picked_up")
    dispatcher.push(no, "incident", reason="shortage")
    queue = window(DISPATCHER).go(f"{QUEUE}?no={no}")
    expect(queue.locator("[data-keys]")).to_be_visible()
    queue.keyboard.press("j")
    expect(row(queue, no).locator("[data-open]")).to_be_focused()
    queue.keyboard.press("x")
    expect(row(queue, no).locator("input[name=ref]")).to_be_checked()
    queue.keyboard.press("a")
    expect(row(queue, no)).to_contain_text("Acknowledged")
    expect(queue.locator("[data-keys]")).to_be_visible()
    queue.keyboard.press("j")
    queue.keyboard.press("w")
    expect(row(queue, no)).to_contain_text("Being worked on")
    expect(queue.locator("[data-keys]")).to_be_visible()
    queue.keyboard.press("j")
    queue.keyboard.press("Enter")
    expect(queue.locator("h1")).to_have_text("Pieces missing")


def test_letters_that_are_typed_do_nothing(window, dispatcher):
    no = dispatcher.consignment_in("picked_up")
    dispatcher.push(no, "incident", reason="damaged")
    queue = window(DISPATCHER).go(f"{QUEUE}?no={no}")
    queue.focus("#no")
    queue.keyboard.type("aw")
    expect(row(queue, no)).to_contain_text("Open")


@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desk", "phone"])
def test_one_incident_is_whole(window, dispatcher, viewport):
    no = dispatcher.consignment_in("picked_up")
    dispatcher.push(no, "incident", reason="damaged")
    reader = window(DISPATCHER, **({"viewport": viewport} if viewport else {}))
    page = reader.go(f"{QUEUE}?no={no}")
    check(page, "queue")
    row(page, no).locator("[data-open]").click()
    expect(page.locator("h1")).to_have_text("Damage")
    page.wait_for_load_state("networkidle")  # style sheets too: what axe sees has its colours
    check(page, "incident")
