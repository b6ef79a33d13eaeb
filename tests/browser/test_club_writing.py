"""Writing in the club: the bar, names, a picture, a draft that is found on another device, a poll."""

import io

from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.dispatcher import OWNER


def photo():
    kept = io.BytesIO()
    Image.new("RGB", (640, 480), (190, 150, 105)).save(kept, "JPEG")
    return {"name": "x.jpg", "mimeType": "image/jpeg", "buffer": kept.getvalue()}


def test_a_text_begun_on_the_phone_is_published_at_the_desk(window):
    page = window(OWNER, viewport=PHONE).go("/club?q=相变板")
    page.click(".topic-title a >> nth=0")
    area = page.locator("#text")
    page.locator("[data-mark=bold]").wait_for()  # shown as soon as the editor hears what is typed
    area.focus()
    page.keyboard.type("Thank you @an")
    page.wait_for_selector("[data-names] [role=option]")
    page.keyboard.press("Enter")
    page.click("[data-mark=bold]")
    page.keyboard.type("useful")
    page.keyboard.press("Control+b")
    page.keyboard.type(" plates")
    assert area.input_value().startswith("Thank you @an")
    assert area.input_value().endswith("**useful** plates")
    page.click("[data-mark=picture]")
    page.set_input_files("#picture", photo())
    page.press("[data-alt]", "Enter")
    assert page.locator("[data-picture-error]").is_visible()  # words are asked for
    page.fill("[data-alt]", "Three boxes")
    with page.expect_response(lambda answer: answer.url.endswith("/club/drafts")):
        page.press("[data-alt]", "Enter")
    assert "![Three boxes](picture:PX" in area.input_value()
    page.click("button[value=preview]")
    page.get_by_alt_text("Three boxes").wait_for()
    address = page.url.split("?")[0].rsplit("/", 1)[-1]

    desk = window(OWNER).go(f"/club/t/{address}#reply")
    desk.click("[data-draft-take]")
    assert "Three boxes" in desk.locator("#text").input_value()
    desk.click("#reply button.btn--go")
    desk.wait_for_selector(".post [alt='Three boxes']")
    desk.goto(desk.url.split("/club/")[0] + "/club/me/drafts")
    assert "Three boxes" not in desk.content()
    with page.expect_response(lambda answer: "/club/drafts?about=" in answer.url):
        page.reload()  # this browser still has it, and learns that it is published
    expect(area).to_have_value("")


def test_a_vote_is_cast_by_keyboard_and_seen_by_others(window):
    one = window("owner@nordwind.example")
    reader = one.go("/club?q=雨雪天")
    reader.click(".topic-title a >> nth=0")
    voters = reader.locator("[data-polls] .label >> nth=0").inner_text()
    one.is_live()
    voter = window(OWNER).go(reader.url.split(reader.url.split("/club/")[0])[1].split("?")[0])
    with reader.expect_response(lambda answer: answer.url.endswith("/polls")):
        voter.focus("[data-polls] input[type=radio] >> nth=0")
        voter.keyboard.press("Space")
        voter.keyboard.press("Enter")
        voter.wait_for_selector("[data-polls] .is-mine")
    figure = reader.locator("[data-polls] .label >> nth=0")
    figure.filter(has_not_text=voters).wait_for()
