"""A visitor and an agent in two browsers: live queue, drafts, the caller's own clock, axe."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.test_pages import check

AGENT = "agent@quayside.example"
OWNER = "owner@huadong-home.example"
HASTY_MS = 3_100  # what is sent sooner is put aside as spam


def write(page, subject: str) -> None:
    """Fill the visitor's form as a person does, and send it."""
    page.fill("[name=subject]", subject)
    page.fill("[name=text]", "We ship forty pallets a month. What would it cost?")
    page.fill("[name=name]", "Julia Meyer")
    page.fill("[name=email]", "julia@moebel.example")
    page.wait_for_timeout(HASTY_MS)
    page.get_by_role("button", name="Send the message").click()
    expect(page.locator("h1")).to_have_text(subject)


def test_a_question_comes_to_the_desk_by_itself_and_the_answer_to_its_writer(window):
    desk, visitor = window(AGENT), window()
    queue = desk.go("/desk/messages?tab=all")
    desk.is_live()
    asking = visitor.go("/messages/new?topic=quote")
    write(asking, "Forty pallets to Chengdu")
    expect(queue.locator("tbody")).to_contain_text("Forty pallets to Chengdu")
    queue.get_by_role("link", name="Forty pallets to Chengdu").click()
    queue.fill("[name=text]", "A long answer, half written")
    queue.reload()
    expect(queue.locator("#answer textarea")).to_have_value("A long answer, half written")
    expect(queue.locator("#answer .draft-note")).to_be_visible()
    queue.get_by_role("button", name="Answer in private").click()
    expect(queue.locator(".reply")).to_contain_text("A long answer, half written")
    expect(queue.locator("#answer textarea")).to_have_value("")
    asking.reload()
    expect(asking.locator(".reply")).to_contain_text("Customer-service agent")


def test_what_a_visitor_typed_is_there_again_after_he_left(window):
    visitor = window()
    page = visitor.go("/messages/new")
    page.fill("[name=text]", "Words that must not be lost")
    page = visitor.go("/messages")
    page = visitor.go("/messages/new")
    expect(page.locator("[name=text]")).to_have_value("Words that must not be lost")
    write(page, "Kept words")
    page = visitor.go("/messages/new")
    expect(page.locator("[name=text]")).to_have_value("")


def test_an_earlier_answer_is_put_into_the_field(window):
    desk = window(AGENT)
    page = desk.go("/desk/messages?topic=quote")
    page.locator("tbody th a").first.click()
    page.get_by_text("Earlier answers to this topic").click()
    page.fill("#answer textarea", "Hello. ")
    page.get_by_role("link", name="Begin with this").first.click()
    text = page.locator("#answer textarea").input_value()
    assert text.startswith("Hello. ")
    assert len(text) > 40


def test_the_browsers_own_zone_is_chosen_and_the_times_are_moved_into_it(window):
    berlin, shanghai = window(timezone_id="Europe/Berlin"), window(timezone_id="Asia/Shanghai")
    there, here = berlin.go("/messages/call-me"), shanghai.go("/messages/call-me")
    expect(there.locator("[name=timezone]")).to_have_value("Europe/Berlin")
    begin = [int(page.input_value("[name=begin]")[:2]) for page in (there, here)]
    assert (begin[1] - begin[0]) % 24 in (6, 7)


def test_without_a_script_everything_can_be_sent(window):
    visitor = window(java_script_enabled=False)
    page = visitor.go("/messages/new")
    write(page, "No script at all")
    page.fill("[name=text]", "And something more")
    page.get_by_role("button", name="Add it").click()
    expect(page.locator(".talk")).to_contain_text("And something more")


@pytest.mark.parametrize(("theme", "viewport"), [("light", None), ("dark", PHONE)])
@pytest.mark.parametrize(
    ("person", "paths"),
    [
        (None, ("/messages", "/messages/new", "/messages/call-me", "/messages?q=nothing+at+all")),
        (OWNER, ("/portal/messages", "/portal/messages/new")),
        (
            "manager@quayside.example",
            (
                "/desk/messages",
                "/desk/messages?tab=spam",
                "/desk/messages/calls",
                "/desk/messages/closed-days",
            ),
        ),
    ],
    ids=["public", "member", "desk"],
)
def test_pages_are_whole(window, server, person, paths, viewport, theme):
    reader = window(person, **({"viewport": viewport} if viewport else {}))
    reader.context.add_cookies([{"name": "theme", "value": theme, "url": server.url}])
    for path in paths:
        page = reader.go(path)
        check(page, path)
        link = page.locator("main tbody th a, main .asked h2 a").first
        if link.count():
            reader.go(link.get_attribute("href"))
            check(page, link_of(page))


def link_of(page) -> str:
    """Return where a page is, for what is said if it is not whole."""
    return page.url.partition("://")[2].partition("/")[2]
