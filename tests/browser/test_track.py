"""Somebody outside follows one consignment: by number, with a proof, by a link."""

from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.dispatcher import OWNER, PARTY


def place_of(text: str) -> dict[str, object]:
    return {"place": {"text": text}}


def make_link(member, no: str, precision: str) -> str:
    """Make a share link on the member's page and return its address."""
    page = member.go(f"/portal/consignments/{no}/links")
    page.check(f'input[name="precision"][value="{precision}"]')
    page.locator('form[aria-labelledby="new-link"] button').click()
    return page.input_value("#fresh-link")


def test_a_number_alone_shows_step_and_city_and_a_proof_the_rest_live(window, dispatcher):
    no = dispatcher.consignment_in("hub_arrived")
    dispatcher.push(no, "hub_departed", **place_of("Gate seven"))
    visitor = window(viewport=PHONE)
    page = visitor.go("/track")
    page.fill("#no", no.lower())
    page.locator("form[role=search] button").last.click()
    page.wait_for_url(f"**/track/{no}")
    page.wait_for_selector('.flag--plate[data-status="hub_departed"]')
    assert "Gate seven" not in page.content()
    assert PARTY["address"] not in page.content()
    page.fill("#tail", "0000")
    page.press("#tail", "Enter")
    page.wait_for_selector(".errors")
    expect(page.locator(".errors")).to_be_focused()
    page.fill("#tail", "6021")
    page.press("#tail", "Enter")
    visitor.is_live()
    page.wait_for_selector("text=Gate seven")
    dispatcher.push(no, "in_transit", **place_of("North gate 7"))
    page.wait_for_selector('.flag--plate[data-status="in_transit"]')
    page.wait_for_selector("text=North gate 7")


def test_a_link_of_cities_shows_no_places_and_ends_when_revoked(window, dispatcher):
    no = dispatcher.consignment_in("hub_arrived")
    dispatcher.push(no, "hub_departed", **place_of("Secret dock 9"))
    member, visitor = window(OWNER), window()
    address = make_link(member, no, "city").removeprefix(visitor.server.url)
    page = visitor.go(address)
    visitor.is_live()
    assert "Secret dock 9" not in page.content()
    dispatcher.push(no, "in_transit", **place_of("Secret dock 10"))
    page.wait_for_selector('.flag--plate[data-status="in_transit"]')
    assert "Secret dock 10" not in page.content()
    other = member.go(f"/portal/consignments/{no}/links")
    other.locator("form[action*='revoke'] button").click()
    page.wait_for_selector('[data-lamp][data-live="off"]')
    page.reload()
    assert page.locator("h1").inner_text() == "This link does not open anything"


def test_a_link_of_everything_shows_places_live(window, dispatcher):
    no = dispatcher.consignment_in("hub_arrived")
    address = make_link(window(OWNER), no, "full")
    visitor = window()
    page = visitor.go(address.removeprefix(visitor.server.url))
    visitor.is_live()
    dispatcher.push(no, "hub_departed", **place_of("North gate 7"))
    page.wait_for_selector("text=North gate 7")


def test_several_numbers_are_looked_up_at_once(window, dispatcher):
    one, two = dispatcher.consignment_in("picked_up"), dispatcher.consignment_in("hub_arrived")
    page = window().go("/track")
    page.fill("#no", f"{one}\n{two}\nQS9999999999ZZ")
    page.locator("form[role=search] button").last.click()
    expect(page.locator("tbody tr")).to_have_count(3)
    expect(page.locator("tbody tr", has_text=one).locator(".flag")).to_have_count(1)
    expect(page.locator("tbody tr .flag")).to_have_count(2)


def test_wrong_and_unknown_numbers_get_the_same_answer(window):
    visitor = window()
    answers = {
        visitor.go(f"/track/{no}").locator("main h1").inner_text()
        for no in ("QS123", "QS9999999999ZZ", "%3Cb%3E")
    }
    assert answers == {"There is no consignment with that number."}


def test_tracking_works_without_scripts(window, dispatcher):
    no = dispatcher.consignment_in("hub_arrived")
    page = window(java_script_enabled=False).go(f"/track/{no}")
    page.fill("#tail", PARTY["postcode"])
    page.press("#tail", "Enter")
    page.wait_for_selector("#way")
