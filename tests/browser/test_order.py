"""A member orders by the form, with errors first, finds it, amends it and cancels it."""

import pytest
from playwright.sync_api import expect

from tests.browser.dispatcher import OWNER

#: Field → what a member types.
CONSIGNEE = {
    "name": "欧阳霁月",
    "phone": "13800006021",
    "address": "文一西路 998 号",
    "city": "杭州",
    "postcode": "311121",
}
CONSIGNOR = CONSIGNEE | {"name": "华东家居 三仓"}
SENT = [True, False]
WAYS = ["with scripts", "without scripts"]


@pytest.fixture(params=SENT, ids=WAYS)
def member(request, window):
    """Return a member's window, with and without scripts."""
    return window(OWNER, java_script_enabled=request.param)


def fill_in(page, side: str, values: dict[str, str]) -> None:
    for name, text in values.items():
        page.fill(f'[name="{side}-{name}"]', text)


def send(page, do: str) -> None:
    """Press the key that people see (the first of its kind is for Enter alone)."""
    page.locator(f'button[name="do"][value="{do}"]:not(.hide)').first.click()


def order(page) -> str:
    """Fill in the form, place the order and return its number."""
    fill_in(page, "consignor", CONSIGNOR)
    fill_in(page, "consignee", CONSIGNEE)
    page.fill('[name="pieces-0-goods"]', "青瓷茶具")
    page.fill('[name="pieces-0-weight"]', "12.5")
    page.check('input[name="service"][value="standard"]')
    send(page, "order")
    page.wait_for_selector(".flag--plate")
    return page.url.rsplit("/", 1)[-1]


def test_errors_come_first_lead_to_their_fields_and_lose_nothing(member):
    page = member.go("/portal/consignments/new")
    fill_in(page, "consignor", CONSIGNOR)
    fill_in(page, "consignee", CONSIGNEE | {"phone": "12", "city": ""})
    page.fill('[name="pieces-0-goods"]', "青瓷茶具")
    send(page, "order")
    summary = page.locator(".errors")
    summary.wait_for()
    page.wait_for_load_state()
    targets = summary.locator("a").evaluate_all("links => links.map(a => a.getAttribute('href'))")
    assert len(targets) >= 2
    for target in targets:
        assert page.locator(target).count() == 1, target
    assert page.input_value('[name="consignee-phone"]') == "12"
    assert page.input_value('[name="consignee-address"]') == CONSIGNEE["address"]
    assert page.input_value('[name="pieces-0-goods"]') == "青瓷茶具"
    assert page.locator('[name="consignee-phone"]').get_attribute("aria-invalid") == "true"


def test_the_summary_of_errors_has_the_focus(window):
    page = window(OWNER).go("/portal/consignments/new")
    send(page, "order")
    expect(page.locator(".errors")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.querySelector(':target') !== null")


def test_a_member_orders_finds_amends_and_cancels(member):
    no = order(member.go("/portal/consignments/new"))
    found = member.go("/portal/consignments?q=霁月")
    assert found.locator(f'tr[data-no="{no}"]').count() == 1
    page = member.go(f"/portal/consignments/{no}/amend")
    page.fill('[name="consignee-address"]', "解放路 18 号")
    send(page, "save")
    page.wait_for_selector("text=解放路 18 号")
    page.click("#cancel")
    page.locator("button.btn--bad:visible").click()
    page.wait_for_selector('.flag--plate[data-status="cancelled"]')


def test_pieces_are_added_and_taken_away(member):
    page = member.go("/portal/consignments/new")
    page.fill('[name="pieces-0-goods"]', "青瓷茶具")
    send(page, "add")
    page.wait_for_selector('[name="pieces-1-goods"]')
    page.fill('[name="pieces-1-goods"]', "龙井")
    page.locator("[data-piece-remove]:visible").first.click()
    expect(page.locator("[data-piece]")).to_have_count(1)
    assert page.input_value('[name^="pieces-"][name$="-goods"]') == "龙井"


def test_the_address_book_fills_the_fields(member):
    page = member.go("/portal/consignments/new")
    entry = page.locator('[name="consignee-book"] option').nth(1)
    page.select_option('[name="consignee-book"]', entry.get_attribute("value"))
    key = page.locator('button[value="use:consignee"]:visible')
    if key.count():
        key.click()
    expected = page.locator('[name="consignee-book"] option').nth(1).get_attribute("data-name")
    assert page.input_value('[name="consignee-name"]') == expected


def test_the_summary_follows_what_is_typed(window):
    page = window(OWNER).go("/portal/consignments/new")
    page.fill('[name="pieces-0-goods"]', "青瓷茶具")
    page.fill('[name="pieces-0-weight"]', "12.5")
    page.wait_for_selector("[data-summary] >> text=12.5 kg")


def test_an_order_sent_twice_is_one_consignment(window):
    member = window(OWNER)
    page = member.go("/portal/consignments/new")
    fill_in(page, "consignor", CONSIGNOR)
    fill_in(page, "consignee", CONSIGNEE | {"name": "一次即可"})
    page.fill('[name="pieces-0-goods"]', "青瓷茶具")
    page.fill('[name="pieces-0-weight"]', "1")
    page.check('input[name="service"][value="standard"]')
    page.locator('button[name="do"][value="order"]').dblclick()
    page.wait_for_selector(".flag--plate")
    found = member.go("/portal/consignments?q=一次即可")
    assert found.locator("tr[data-no]").count() == 1
