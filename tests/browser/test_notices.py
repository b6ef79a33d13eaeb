"""Somebody is named, hears of it where she sits, reads it, and stops the mails of it."""

import sqlite3

from itsdangerous import URLSafeSerializer

from portal.notifications.mailing import PURPOSE
from tests.browser.conftest import PHONE
from tests.browser.test_pages import check

ANNA, SHEN = "owner@nordwind.example", "owner@huadong-home.example"
WRITE = "form:has(textarea[name=text])"


def test_whoever_is_named_hears_of_it_reads_it_and_stops_its_mails(window, server):
    anna, shen = window(ANNA), window(SHEN, viewport=PHONE)
    hers = anna.go("/portal/notifications")
    hers.get_by_role("button", name="Let all count as read").click()
    hers.get_by_text("Everything counts as read.").wait_for()
    anna.go("/portal/consignments")
    anna.is_live()
    begun = shen.go("/club").locator("a[href^='/club/t/']").first.get_attribute("href")
    his = shen.go(begun.split("?")[0])
    his.fill(f"{WRITE} textarea", "@annalindqvist, how do you do it?")
    his.locator(f"{WRITE} .btn--go").click()
    hers.wait_for_selector('[data-bell][data-unread="1"]')  # without a reload
    hers.locator("[data-bell]").click()
    hers.wait_for_url("**/portal/notifications")
    check(hers, "notices")
    hers.get_by_role("link", name="named you in").click()
    hers.wait_for_url("**/club/t/*")
    hers.wait_for_selector('[data-bell][data-unread="0"]')
    check(anna.go("/portal/notifications/settings"), "settings")
    assert hers.input_value("#k-mention") == "mail"
    stranger = window(viewport=PHONE).go(stop_path(server))
    check(stranger, "stop")
    stranger.get_by_role("button", name="No more of these mails").click()
    stranger.get_by_text("You get no mails of this kind").wait_for()
    hers.reload()
    assert hers.input_value("#k-mention") == "page"
    check(shen.go("/portal/notifications"), "notices on a phone")
    check(shen.go("/portal/notifications/settings"), "settings on a phone")


def stop_path(server) -> str:
    """Return where a mail's link leads that stops what Anna is told of being named."""
    with sqlite3.connect(server.folder / "quayside.db") as centre:
        (anna,) = centre.execute("SELECT id FROM person WHERE email = ?", (ANNA,)).fetchone()
    signer = URLSafeSerializer(server.environment["SECRET_KEY"], salt=PURPOSE)
    return f"/notice-mail/{signer.dumps([anna, 'mention'])}"
