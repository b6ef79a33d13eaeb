"""An applicant becomes a member in the browser, from the first step to the first order."""

import email
import email.policy
import re
import time

import pytest
from playwright.sync_api import expect
from stdnum.cn import uscc

from tests.browser.conftest import PHONE
from tests.browser.test_pages import check as check_now
from tests.factories import PASSWORD, serial

LANGUAGES = ("zh-Hans", "zh-Hant", "en")
MANAGER = "manager@quayside.example"
MAIL_WITHIN_S = 20


def check(page, name: str) -> None:
    """Look at a page once its style sheets are there."""
    page.wait_for_load_state()
    check_now(page, name)


def credit_code() -> str:
    body = f"91330200MA{next(serial):07d}"
    return body + uscc.calc_check_digit(body)


def mail_to(server, address: str, pattern: str) -> str:
    """Return what ``pattern`` finds in the newest mail to an address that has it."""
    deadline = time.monotonic() + MAIL_WITHIN_S
    while True:
        for path in sorted((server.folder / "mail" / "new").glob("*"), reverse=True):
            message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            found = re.search(pattern, message.get_content(), re.M)
            if message["To"] == address and found:
                return found[1]
        assert time.monotonic() < deadline, f"no mail to {address} has {pattern}"
        time.sleep(0.1)


def go_on(page) -> None:
    """Press the yellow key of a step (the first of its kind is for Enter alone)."""
    page.locator('button[name="do"][value="next"]:not(.hide)').click()


def fill_contact(page, address: str) -> None:
    page.fill('[name="contacts-0-name"]', "罗思源")
    page.fill('[name="contacts-0-email"]', address)
    page.fill('[name="contacts-0-phone"]', "13800006021")
    page.check('[name="contacts-0-channel"][value="email"]')


def fill_company(page, name: str) -> None:
    page.fill('[name="name"]', name)
    page.fill('[name="credit_code"]', credit_code())
    page.check('[name="kinds"][value="shipper"]')
    page.select_option('[name="industry"]', "home")
    page.select_option('[name="size"]', "small")
    page.fill('[name="address-address"]', "鄞州大道 88 号")
    page.fill('[name="address-city"]', "宁波")


def fill_cargo(page) -> None:
    page.check('[name="goods"][value="cartons"]')
    page.check('[name="hazard"][value="none"]')
    page.check('[name="temperature"][value="ambient"]')
    page.fill('[name="weight_month"]', "12.5")
    page.check('[name="services"][value="standard"]')
    page.fill('[name="expected"]', "300")


def apply(page, address: str, name: str) -> None:
    """Fill all steps up to the check of all answers."""
    fill_contact(page, address)
    go_on(page)
    page.wait_for_selector('[name="credit_code"]')
    fill_company(page, name)
    go_on(page)
    page.wait_for_selector('[name="weight_month"]')
    fill_cargo(page)
    go_on(page)
    page.wait_for_selector('[name="terms_wanted"]')
    page.select_option('[name="terms_wanted"]', "monthly")
    go_on(page)
    page.wait_for_selector('[name="truthful"]')


def order(page) -> None:
    """Place the first order by the form; the sender is known from the application."""
    for side in ("consignor", "consignee"):
        for field, text in (
            ("name", "翁晓梅"),
            ("phone", "13800006021"),
            ("address", "文一西路 998 号"),
            ("city", "杭州"),
        ):
            page.fill(f'[name="{side}-{field}"]', text)
    page.fill('[name="pieces-0-goods"]', "青瓷茶具")
    page.fill('[name="pieces-0-weight"]', "12.5")
    page.check('input[name="service"][value="standard"]')
    page.locator('button[name="do"][value="order"]:not(.hide)').first.click()
    page.wait_for_selector(".flag--plate")


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_the_first_step_to_the_first_order(window, server, language):
    number = next(serial)
    address, name = f"owner{number}@siyuan.example", f"宁波思源家居{number}有限公司"
    applicant = window(language=language)
    page = applicant.go("/apply")
    page.locator('a[href="/apply/new"]').first.click()
    apply(page, address, name)
    page.check('[name="truthful"]')
    page.locator("main form button.btn--go").click()
    page.wait_for_selector('[name="code"]')
    page.fill('[name="code"]', mail_to(server, address, r"^(\d{6})$"))
    page.locator('button[value="code"]').click()
    page.wait_for_selector(".steps")
    ref = page.url.rpartition("/")[2]

    desk = window(MANAGER, language=language)
    review = desk.go(f"/desk/applications/{ref}")
    review.locator('button[value="take"]').click()
    review.locator(f'a[href="/desk/applications/{ref}/approve"]').click()
    review.locator("main form button.btn--go").click()
    review.wait_for_url(f"**/desk/applications/{ref}")

    link = mail_to(server, address, r"(http://\S+/password/reset/\S+)")
    page = applicant.go(link.partition(str(server.port))[2])
    page.fill('[name="password"]', PASSWORD)
    page.locator("main form button.btn--go").click()
    page.wait_for_url("**/portal**")
    assert page.evaluate("document.documentElement.lang") == language
    applicant.go("/logout").locator("main form button").click()
    page.wait_for_url("**/login**")
    applicant.sign_in(address)
    page = applicant.go("/portal")
    page.locator('main a[href="/portal/consignments/new"]').first.click()
    order(page)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_going_back_and_coming_back_loses_nothing(window, scripts):
    applicant = window(language="zh-Hans", viewport=PHONE, java_script_enabled=scripts)
    page = applicant.go("/apply/new")
    fill_contact(page, f"back{next(serial)}@siyuan.example")
    page.click('button[value="add:contacts"]')
    page.wait_for_selector('[name="contacts-1-name"]')
    page.fill('[name="contacts-1-name"]', "第二人")
    go_on(page)
    page.wait_for_selector(".errors, [name=credit_code]")
    assert page.locator('[name="contacts-1-name"]').input_value() == "第二人"
    page.click('button[value="remove:contacts:1"]')
    expect(page.locator('[name="contacts-1-name"]')).to_have_count(0)
    go_on(page)
    page.wait_for_selector('[name="credit_code"]')
    page.fill('[name="name"]', "半途有限公司")
    page.click('button[value="later"]')
    page.wait_for_selector("main input[readonly]")
    link = page.input_value("main input[readonly]")
    applicant.context.clear_cookies()
    page = applicant.go("/apply/" + link.partition("/apply/")[2])
    page.wait_for_selector('[name="credit_code"]')
    assert page.input_value('[name="name"]') == "半途有限公司"
    page.go_back()
    page.go_forward()
    page.click('button[value="back"]')
    page.wait_for_selector('[name="contacts-0-name"]')
    assert page.input_value('[name="contacts-0-name"]') == "罗思源"


def test_what_is_typed_is_kept_while_one_types(window):
    applicant = window()
    page = applicant.go("/apply/new")
    fill_contact(page, f"typed{next(serial)}@siyuan.example")
    go_on(page)
    page.wait_for_selector('[name="credit_code"]')
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.fill('[name="name"]', "Half a Name Ltd")
    page.goto(page.url)
    assert page.input_value('[name="name"]') == "Half a Name Ltd"


def test_only_the_number_of_the_country_is_asked_for(window):
    applicant = window()
    page = applicant.go("/apply/new")
    fill_contact(page, f"country{next(serial)}@siyuan.example")
    go_on(page)
    page.wait_for_selector('[name="credit_code"]')
    expect(page.locator('[name="registration_no"]')).to_be_hidden()
    page.select_option('[name="country"]', "DE")
    expect(page.locator('[name="registration_no"]')).to_be_visible()
    expect(page.locator('[name="credit_code"]')).to_be_hidden()


@pytest.mark.parametrize("size", [PHONE, None], ids=["phone", "desktop"])
def test_each_step_is_whole(window, size):
    applicant = window(language="zh-Hans", **({"viewport": size} if size else {}))
    page = applicant.go("/apply")
    check(page, "/apply")
    page = applicant.go("/apply/new")
    go_on(page)
    page.wait_for_selector(".errors")
    check(page, "/apply/new with errors")
    fill_contact(page, f"whole{next(serial)}@siyuan.example")
    go_on(page)
    page.wait_for_selector('[name="credit_code"]')
    check(page, "company")
    page.fill('[name="credit_code"]', "91330100MA2KXJ3F7")
    go_on(page)
    page.wait_for_selector(".errors")
    check(page, "company with errors")
    fill_company(page, "完整有限公司")
    go_on(page)
    page.wait_for_selector('[name="weight_month"]')
    check(page, "cargo")
    fill_cargo(page)
    go_on(page)
    page.wait_for_selector('[name="terms_wanted"]')
    check(page, "credit")
    page.select_option('[name="terms_wanted"]', "monthly")
    go_on(page)
    page.wait_for_selector('[name="truthful"]')
    check(page, "check")
    page.check('[name="truthful"]')
    page.locator("main form button.btn--go").click()
    page.wait_for_selector('[name="code"]')
    check(page, "proof")


def test_the_desk_sees_what_comes_without_reloading(window, server):
    desk = window(MANAGER)
    queue = desk.go("/desk/applications")
    desk.is_live()
    number = next(serial)
    address, name = f"live{number}@siyuan.example", f"宁波即时{number}有限公司"
    page = window().go("/apply/new")
    apply(page, address, name)
    page.check('[name="truthful"]')
    page.locator("main form button.btn--go").click()
    page.wait_for_selector('[name="code"]')
    page.fill('[name="code"]', mail_to(server, address, r"^(\d{6})$"))
    page.locator('button[value="code"]').click()
    page.wait_for_selector(".steps")
    expect(queue.locator(f"text={name}")).to_be_visible()
    queue.click(f"text={name}")
    queue.wait_for_selector(".review")
    check(queue, "the desk's page")
