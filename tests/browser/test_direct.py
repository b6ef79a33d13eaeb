"""Two people on phones find each other, write, report and block; their pages are looked over."""

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_pages import COLOURS, check

LIANG, SHEN = "owner@pearl-tech.example", "owner@huadong-home.example"
WORD = ".talk-list .bubble"


def open_talk(window, name):
    page = window.go("/club/messages")
    page.locator(".direct-name", has_text=name).click()
    page.wait_for_url("**/club/messages/DM*")
    window.is_live()
    return page


def say(page, text):
    page.fill("#text", text)
    page.locator("form[data-say] button").click()


def test_two_people_on_phones_write_report_and_block(window):
    liang, shen = window(LIANG, viewport=PHONE), window(SHEN, viewport=PHONE)
    hers, his = open_talk(shen, "梁志豪"), open_talk(liang, "沈雅琴")
    say(his, "Dock **seven**, please")
    said = hers.locator(WORD, has_text="Dock seven, please")
    said.wait_for()  # without a reload
    his.locator(".bubble--mine", has_text="Dock seven").get_by_text("read", exact=False).wait_for()
    say(hers, "Seven it is")
    his.locator(WORD, has_text="Seven it is").wait_for()
    assert his.input_value("#text") == ""
    said.locator(".label a").click()
    hers.select_option("#reason", "rude")
    hers.get_by_role("button", name="Report this").click()
    hers.get_by_text("A moderator is going to look at it.").first.wait_for()
    hers.get_by_role("link", name="In the conversation").click()
    hers.get_by_text("Block, delete").click()
    hers.get_by_role("button", name="Block this person").click()
    hers.get_by_text("neither of you can write here").wait_for()
    say(his, "Are you still there?")
    his.get_by_text("This message cannot be delivered.").wait_for()
    assert his.input_value("#text") == "Are you still there?"  # nothing is lost
    desk = window("moderator@quayside.example")
    queue = desk.go("/desk/review")
    assert "Dock" not in queue.locator("section[aria-labelledby=direct]").inner_text()
    queue.locator("section[aria-labelledby=direct] a").first.click()
    check(queue, "report")
    queue.get_by_text("Dock seven").wait_for()
    queue.fill("#answer", "Nothing rude in it")
    queue.get_by_role("button", name="Disagree").click()
    queue.get_by_text("Decided.").wait_for()
    hers.reload()
    hers.get_by_text("Nothing rude in it").wait_for()
    hers.get_by_text("Block, delete").click()
    hers.get_by_role("button", name="Hear from this person again").click()
    hers.get_by_text("You hear from this person again.").wait_for()
    say(his, "Hello again")
    hers.locator(WORD, has_text="Hello again").wait_for()


def test_somebody_leaves_the_directory_and_is_found_no_more(window):
    anna, shen = window("owner@nordwind.example", viewport=PHONE), window(SHEN, viewport=PHONE)
    page = shen.go("/club/members?offers=customs&region=europe")
    page.get_by_role("link", name="Anna Lindqvist").click()
    page.get_by_role("link", name="Write a message").wait_for()
    check(page, "profile")
    mine = anna.go("/club/members/me")
    mine.fill("#about", "Ask me about crating.")
    mine.get_by_role("button", name="Preview").click()
    mine.locator("aside").get_by_text("Ask me about crating.").wait_for()
    mine.uncheck("#is_shown")
    mine.get_by_role("button", name="Save").click()
    mine.get_by_text("Now nobody sees it.").wait_for()
    assert shen.go("/club/members?q=crating").get_by_text("Nobody fits").count() == 1


def test_pages_of_messages_and_members_are_whole(window, server):
    for theme in ("light", "dark"):
        shen = window(SHEN, viewport=PHONE if theme == "light" else DESKTOP)
        shen.context.add_cookies([{"name": "theme", "value": theme, "url": server.url}])
        only = COLOURS if theme == "dark" else ()
        for path in (
            "/club/messages",
            "/club/members",
            "/club/members/me",
            "/club/members/company",
        ):
            check(shen.go(path), path, only=only)
        page = open_talk(shen, "梁志豪")
        check(page, "talk", only=only)
        page.locator(f"{WORD} .label a").first.click()
        check(page, "message", only=only)
