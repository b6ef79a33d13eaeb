"""Two people talk in a room on phones and at a desk; an hour is held before a reader's eyes."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.test_pages import check, check_shape

OWNER, OTHER = "owner@huadong-home.example", "agent@quayside.example"
ROOM = "/club/rooms/on-the-road"
COMING = "/club/rooms/hours/QHDEM00002"
PAGES = (
    "/club/rooms",
    ROOM,
    f"{ROOM}/2",
    "/club/rooms/hours",
    "/club/rooms/hours/QHDEM00001",
    COMING,
)
DESK = (
    "/desk/club/rooms",
    "/desk/club/rooms/rooms/lobby",
    "/desk/club/rooms/hours/new",
    "/desk/club/rooms/hours/QHDEM00002",
)


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
def test_rooms_and_hours_are_whole_on_a_phone(window, language):
    member = window(OWNER, language=language, viewport=PHONE)
    for path in PAGES:
        (check if language == "en" else check_shape)(member.go(path), path)


def test_the_desk_of_rooms_is_whole(window):
    host = window(OTHER)
    for path in DESK:
        check(host.go(path), path)


def test_two_people_talk_each_in_his_own_window(window):
    one, two = window(OWNER, viewport=PHONE), window(OTHER, viewport=PHONE)
    for each in (one, two):
        each.go(ROOM)
        each.is_live()
    pane = one.page.locator("[data-talk]")
    two.page.fill("#text", "三号库门口**不排队**了")
    one.page.wait_for_selector("[data-typing]:not([hidden])")
    two.page.click("form[data-say] .btn--go")
    two.page.wait_for_selector(".bubble--mine strong:has-text('不排队')")
    expect(two.page.locator("#text")).to_have_value("")
    one.page.wait_for_selector(".bubble strong:has-text('不排队')")
    assert "New message from" in one.page.locator("[data-spoken]").inner_text()
    pane.evaluate("pane => { pane.scrollTop = -pane.scrollHeight; }")
    seen = pane.evaluate("pane => pane.querySelector('[data-no]').getBoundingClientRect().top")
    two.page.fill("#text", "风小了，可以盖布")
    two.page.click("form[data-say] .btn--go")
    one.page.wait_for_selector("[data-arrived]:not([hidden])")
    assert "1 new message" in one.page.locator("[data-arrived]").inner_text()
    now = pane.evaluate("pane => pane.querySelector('[data-no]').getBoundingClientRect().top")
    assert abs(now - seen) < 2  # what he reads stays where it is
    one.page.click("[data-to-newest]")
    one.page.wait_for_selector("[data-arrived]", state="hidden")
    assert pane.evaluate("pane => pane.scrollTop") == 0
    two.page.locator(".bubble--mine .bubble-back button").last.click()
    one.page.wait_for_selector("text=Taken back by its author.")


def test_what_cannot_be_sent_is_kept_and_said(window):
    one = window(OWNER, viewport=PHONE)
    one.go("/club/rooms/lobby")
    one.is_live()
    one.page.route("**/club/rooms/lobby", lambda route: route.abort())
    one.page.fill("#text", "网断了也不丢")
    one.page.click("form[data-say] .btn--go")
    one.page.wait_for_selector("[data-fault]:not([hidden])")
    assert one.page.input_value("#text") == "网断了也不丢"
    one.page.unroute("**/club/rooms/lobby")
    one.page.click("form[data-say] .btn--go")
    one.page.wait_for_selector(".bubble--mine:has-text('网断了也不丢')")


def test_a_host_answers_and_a_reader_sees_it_come(window):
    host, reader = window(OTHER), window(OWNER, viewport=PHONE)
    page = host.go("/desk/club/rooms/hours/new")
    page.fill("#title", "临时答疑")
    page.evaluate(
        "() => { const at = new Date(Date.now() + 20 * 60000);"
        " const local = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai',"
        " dateStyle: 'short', timeStyle: 'short' }).format(at);"
        " document.querySelector('#starts').value = local.replace(' ', 'T'); }"
    )
    page.click("main form .btn--go")
    page.wait_for_selector("text=Open the hour")
    ref = page.url.rpartition("/")[2]
    reader.go(f"/club/rooms/hours/{ref}")
    reader.is_live()
    reader.page.fill("#text", "今天还能加单吗？")
    reader.page.click("#ask .btn--go")
    reader.page.wait_for_selector(".ask:has-text('今天还能加单吗')")
    reader.is_live()
    page.click("text=Open the hour")
    page.click("text=Take it up")
    page.fill("#text", "可以，四点前。")
    page.click("#now .btn--go")
    reader.page.wait_for_selector(".ask-answer:has-text('四点前')")
    page.click("text=Close the hour")
    page.wait_for_selector("text=The hour is closed")
