"""Writing pages at the desk, in a browser: preview, a draft that survives, the way to readers."""

import pytest

from tests.browser.conftest import PHONE
from tests.browser.test_pages import check, check_shape

MARKETING, MANAGER = "marketing@quayside.example", "manager@quayside.example"
BODY = "textarea[name$='-en-body']"
#: Paths at the desk of pages; one page is drafted anew and has two versions.
PATHS = ("/desk/pages", "/desk/pages/new?kind=notice", "/desk/pages/new?kind=article")


def begin(writer, slug: str, kind: str = "news"):
    """Begin a page with one block of text and return the browser's page."""
    page = writer.go(f"/desk/pages/new?kind={kind}")
    page.click("button[value='add:text']")
    page.fill("#en-title", f"About {slug}")
    page.fill("#en-summary", "In two sentences. Here is the second.")
    page.fill("#slug", slug)
    page.fill(BODY, "Some **bold** words")
    return page


def save(page) -> None:
    page.click(".editor-foot button[value='save']")
    page.wait_for_url("**/desk/pages/*tab=*")


def kept_soon(page) -> None:
    """Wait until the browser holds a copy; the policy of our pages forbids to wait by script."""
    for _try in range(40):
        if page.evaluate("Object.keys(localStorage).some((key) => key.startsWith('draft page:'))"):
            return
        page.wait_for_timeout(50)
    raise AssertionError("The browser keeps no copy.")


def rewritten(writer) -> str:
    """Return the address of the page of the demo that has a newer draft."""
    page = writer.go("/desk/pages?kind=page&state=draft")
    return str(page.locator("tbody th a").first.get_attribute("href"))


def test_the_preview_follows_what_is_written(window):
    page = begin(window(MARKETING, language="en"), "preview")
    preview = page.locator("[data-preview]")
    preview.locator("strong", has_text="bold").wait_for()
    page.fill(BODY, "<script>window.harmed = 1</script> ~~gone~~")
    preview.locator("s", has_text="gone").wait_for()
    assert page.evaluate("window.harmed") is None
    assert preview.locator("script").count() == 0


def test_what_was_typed_comes_back_after_a_lost_session(window):
    writer = window(MARKETING, language="en")
    page = begin(writer, "survivor")
    writer.context.clear_cookies()
    page.click(".editor-foot button[value='save']")
    page.wait_for_load_state()
    writer.speak("en").sign_in(MARKETING)
    page = writer.go("/desk/pages/new?kind=news")
    page.click("[data-kept-restore]")
    page.wait_for_selector(BODY)
    assert page.input_value(BODY) == "Some **bold** words"
    assert page.input_value("#en-title") == "About survivor"
    save(page)
    assert "saved" not in page.url
    assert not page.locator("[data-kept-offer]").is_visible()
    page = writer.go("/desk/pages/new?kind=news")
    assert not page.locator("[data-kept-offer]").is_visible()


def test_a_draft_that_was_not_saved_is_offered_and_can_be_thrown_away(window):
    writer = window(MARKETING, language="en")
    page = writer.go(rewritten(writer))
    page.fill("#en-summary", "Never saved.")
    kept_soon(page)
    page = writer.go(page.url.removeprefix(writer.server.url))
    page.click("[data-kept-drop]")
    assert page.input_value("#en-summary") != "Never saved."
    page = writer.go(page.url.removeprefix(writer.server.url))
    assert not page.locator("[data-kept-offer]").is_visible()


def test_a_page_goes_from_its_writer_over_its_editor_to_readers(window):
    page = begin(window(MARKETING, language="en"), "journey")
    save(page)
    page.click("text=Send to review")
    page.wait_for_selector(".tag--now")
    editor = window(MANAGER, language="en")
    desk = editor.go("/desk/pages?state=in_review")
    desk.click("text=About journey")
    desk.click("text=Publish now")
    desk.wait_for_selector(".tag--good >> text=Published")
    reader = window(language="en").go("/news/journey")
    assert reader.locator("h1").inner_text() == "About journey"
    assert reader.locator("strong", has_text="bold").count() == 1


def test_on_a_phone_one_language_is_written_at_a_time(window):
    page = window(MARKETING, language="en", viewport=PHONE).go("/desk/pages/new")
    page.click("[name=tab][value='zh-Hant']")
    assert page.locator("#zh-Hant-title").is_visible()
    assert not page.locator("#en-title").is_visible()


def test_blocks_move_by_their_keys_without_a_save(window):
    page = begin(window(MARKETING, language="en"), "moving")
    page.click("button[value='add:heading']")
    page.wait_for_selector("input[name=block][value$=':heading']", state="attached")
    page.locator("button[value^='up:']").last.click()
    page.wait_for_load_state()
    kinds = [
        each.get_attribute("value").split(":")[1]
        for each in page.locator("input[name=block]").all()
    ]
    assert kinds == ["heading", "text"]
    assert page.input_value(BODY) == "Some **bold** words"


@pytest.mark.parametrize(("viewport", "theme"), [(PHONE, "light"), (None, "dark")])
def test_the_desk_of_pages_is_whole(window, server, viewport, theme):
    options = {"viewport": viewport} if viewport else {}
    writer = window(MARKETING, language="zh-Hans", **options)
    writer.context.add_cookies([{"name": "theme", "value": theme, "url": server.url}])
    edited = rewritten(writer)
    for path in (*PATHS, edited, f"{edited}/versions", f"{edited}/versions/2"):
        check(writer.go(path), path)


def test_the_desk_of_pages_is_whole_in_english_on_a_phone(window):
    writer = window(MARKETING, language="en", viewport=PHONE)
    edited = rewritten(writer)
    for path in (*PATHS, edited, f"{edited}/versions", f"{edited}/versions/2"):
        check_shape(writer.go(path), path)
