"""A topic of the club in several browsers: posts arrive, change in place, disturb nobody; keys; axe."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.test_pages import check, check_shape

OWNER, OTHER, MODERATOR = (
    "owner@huadong-home.example",
    "owner@pearl-tech.example",
    "moderator@quayside.example",
)
TITLE = "冷链小件怎样选箱型"


def topic_of(page) -> str:
    """Open the topic that is told in the demo; return its address."""
    page.get_by_role("link", name=TITLE).first.click()
    expect(page.locator("h1")).to_contain_text(TITLE)
    return "/club/t/" + page.url.split("/club/t/")[1].split("?")[0]


@pytest.fixture
def readers(window):
    """Return two members who have the topic open, and its address."""
    one, other = window(OWNER), window(OTHER)
    first = one.go("/club")
    way = topic_of(first)
    one.is_live()
    second = other.go(way)
    other.is_live()
    return first, second, way


def test_posts_and_typing_arrive_and_nobody_is_disturbed(readers, window):
    reader, writer, way = readers
    reader.fill("#reply textarea", "Half a thought of mine")
    scrolled = reader.evaluate("scrollY")
    writer.locator("#reply textarea").press_sequentially("We use eight litres")
    expect(reader.locator("[data-typing]")).to_be_visible()
    before = reader.locator("[data-post]").count()
    writer.get_by_role("button", name="Publish").click()
    expect(reader.locator("[data-post]")).to_have_count(before + 1)
    expect(reader.locator("[data-post]").last).to_contain_text("We use eight litres")
    expect(reader.locator("[data-typing]")).to_be_hidden()
    expect(reader.locator("#reply textarea")).to_have_value("Half a thought of mine")
    assert reader.evaluate("scrollY") == scrolled
    reader.locator("[data-post]").last.scroll_into_view_if_needed()
    expect(reader.locator("[data-new]")).to_be_hidden()
    own = writer.locator("[data-post]").last
    own.get_by_role("link", name="Edit").click()
    writer.fill("#text", "We use ten litres now")
    writer.get_by_role("button", name="Save").click()
    expect(reader.locator("[data-post]").last).to_contain_text("We use ten litres now")
    reader.locator("[data-post]").last.get_by_role("button", name="Useful").click()
    expect(writer.locator("[data-post]").last.locator(".post-foot")).to_contain_text("Useful 1")
    page = window(MODERATOR).go(way)
    page.locator("[data-post]").last.get_by_role("link", name="Hide").click()
    page.fill("#hide-reason", "Advertising")
    page.get_by_role("dialog").get_by_role("button", name="Hide").click()
    expect(reader.locator("[data-post]").last).to_contain_text("This post is not shown.")
    expect(reader.locator("[data-post]").last).not_to_contain_text("ten litres")


def test_the_topic_by_keyboard(window):
    member = window(OWNER)
    page = member.go("/club")
    member.go(topic_of(page) + "?post=1#p1")  # wherever the reader had stopped
    expect(page.locator("[data-keys-help]")).to_be_visible()  # shown as soon as keys act
    page.locator("#p1").focus()
    page.keyboard.press("j")
    expect(page.locator("#p2")).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator("#p1")).to_be_focused()
    page.keyboard.press("q")
    expect(page.locator("#reply textarea")).to_be_focused()
    assert "#1" in page.input_value("#reply textarea")
    page.keyboard.type("jk?")
    assert page.input_value("#reply textarea").endswith("jk?")
    page.locator("#p1").focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Next post")
    page.get_by_label("Act on single keys").uncheck()
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    page.locator("#p1").focus()
    page.keyboard.press("j")
    expect(page.locator("#p1")).to_be_focused()
    page.locator("#p2").get_by_role("link", name="Report this").click()
    expect(page.get_by_role("dialog")).to_contain_text("What is wrong with it")
    page.keyboard.press("Escape")
    assert member.faults == []


def test_a_topic_and_the_search_on_a_phone_and_without_scripts(window):
    for language in ("zh-Hans", "zh-Hant", "en"):
        member = window(OWNER, language=language, viewport=PHONE)
        page = member.go("/club/search?q=冷链")
        expect(page.locator(".found mark").first).to_be_visible()
        look = check if language == "zh-Hans" else check_shape
        look(page, "/club/search")
        page.locator(".found h2 a").first.click()
        expect(page.locator("[data-topic]")).to_be_visible()
        look(page, "a topic")
    plain = window()
    plain.sign_in(OWNER)
    bare = window(java_script_enabled=False)
    bare.context.add_cookies(plain.context.cookies())
    page = bare.go("/club")
    topic_of(page)
    page.locator("#p2").get_by_role("link", name="Report this").click()
    page.select_option("#report-reason", "elsewhere")
    page.get_by_role("button", name="Report this").click()
    expect(page.locator(".notice--good")).to_be_visible()
