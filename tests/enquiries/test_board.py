"""The board: search in Chinese and English, pages, and nothing private by any public way."""

import re

import pytest

from portal.core.db import db as database
from portal.core.db import transaction
from portal.enquiries.queries import threads
from portal.enquiries.service import answering, moderating
from portal.enquiries.service.moderating import Shown
from tests.enquiries.made import make_agent, make_message
from tests.factories import make_colleague, make_company, make_key, user_of

pytestmark = pytest.mark.both_databases

EMAIL, PHONE, FILE = "julia.private@moebel.example", "+4940998877", "secret-list.pdf"


def publish(message, subject, text, answer=None):
    by = user_of(make_agent())
    with transaction():
        on = database.session.connection()
        moderating.publish(message, Shown("Julia M.", subject, text), by=by, on=on)
    with transaction():
        if answer:
            row = threads.by_id(message.id)
            on = database.session.connection()
            answering.answer(row, answer, is_public=True, by=by, on=on)


@pytest.fixture
def board():
    publish(make_message(), "冷藏车到拉萨", "请问冷藏车多久一班？", "每周二发车。")
    publish(
        make_message(topic="delivery"),
        "Delivery on Sundays",
        "Do you deliver on Sundays?",
        "Yes, in the morning.",
    )
    publish(
        make_message(topic="warehousing", locale="zh-Hant"), "咖啡生豆", "可以和香料放在一起嗎？"
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"冷藏车到拉萨", "Delivery on Sundays", "咖啡生豆"}),
        ("?q=冷藏", {"冷藏车到拉萨"}),
        ("?q=冷藏車", {"冷藏车到拉萨"}),
        ("?q=周二", {"冷藏车到拉萨"}),
        ("?q=sunday", {"Delivery on Sundays"}),
        ("?q=MORNING", {"Delivery on Sundays"}),
        ("?topic=delivery", {"Delivery on Sundays"}),
        ("?topic=delivery&q=咖啡", set()),
        ("?q=furniture", set()),  # its own words, which were edited away
        ("?q=julia", set()),
        ("?q=%00'\"*", {"冷藏车到拉萨", "Delivery on Sundays", "咖啡生豆"}),
        ("?topic=nonsense", {"冷藏车到拉萨", "Delivery on Sundays", "咖啡生豆"}),
    ],
)
def test_search_and_topic(browser, board, query, found):
    page = browser.get(f"/messages{query}").text
    heads = set(re.findall(r'<h2><a href="/messages/\w+">([^<]+)</a></h2>', page))
    assert heads == found


def test_pages_follow_each_other_without_gaps(browser):
    for number in range(23):
        publish(make_message(), f"Subject {number}", "Words")
    first = browser.get("/messages").text
    link = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    second = browser.get(link).text
    heads = re.findall(r"Subject \d+(?=</a>)", first + second)
    assert sorted(heads) == sorted(f"Subject {number}" for number in range(23))
    assert browser.get("/messages?after=nonsense").status_code == 422


def test_programs_read_the_same(browser, board):
    page = browser.get("/api/v1/messages?q=sunday").json
    (item,) = page["items"]
    assert item["subject"] == "Delivery on Sundays"
    assert item["answers"][0]["role"] == "Customer-service agent"
    assert page["next"] is None


def test_no_public_way_shows_an_address_a_number_or_a_file(browser, as_user, app):
    message = make_message(email=EMAIL, phone=PHONE, name="Julia Geheim")
    hidden = make_message(email=EMAIL, phone=PHONE, subject="Never published")
    publish(message, "A subject", "A text", "An answer")
    member = as_user(make_colleague())
    paths = [
        rule.rule.replace("<ref>", message.ref).replace("<key>", "guess").replace("<file>", "x")
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(("/messages", "/api/v1/messages", "/portal/messages"))
        and "GET" in rule.methods
    ]
    assert len(paths) > 8
    others = [
        "/",
        "/contact",
        "/sitemap.xml",
        "/api/v1/messages?tab=all",
        "/messages?q=julia",
        "/messages?q=geheim",
    ]
    for path in [*paths, *others]:
        for asker in (browser, member):
            text = asker.get(path).get_data(as_text=True)
            for secret in (EMAIL, PHONE, PHONE[3:], FILE, "Geheim", hidden.ref, "Never published"):
                assert secret not in text.replace("q=geheim", ""), (path, secret)


def test_a_program_leaves_a_message_and_gets_the_secret_link(browser):
    words = {
        "name": "ERP",
        "email": "erp@firm.example",
        "subject": "Price",
        "text": "What does it cost?",
        "topic": "quote",
    }
    reply = browser.post("/api/v1/messages", json=words)
    assert reply.status_code == 201, reply.text
    assert browser.get(reply.json["link"].removeprefix("http://localhost")).status_code == 200
    again = browser.post("/api/v1/messages", json=words, headers={"Idempotency-Key": "k1"})
    twice = browser.post("/api/v1/messages", json=words, headers={"Idempotency-Key": "k1"})
    assert again.json == twice.json


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "", "phone": ""}, "email"),
        ({"email": "nonsense"}, "email"),
        ({"phone": "12"}, "phone"),
        ({"name": ""}, "name"),
        ({"topic": "nonsense"}, "topic"),
        ({"text": " \u200b"}, "text"),
        ({"subject": "x" * 121}, "subject"),
        ({"extra": 1}, "extra"),
    ],
)
def test_a_program_is_told_which_field_is_wrong(browser, change, field):
    words = {
        "name": "ERP",
        "email": "erp@firm.example",
        "subject": "Price",
        "text": "What?",
        "topic": "quote",
    }
    reply = browser.post("/api/v1/messages", json=words | change)
    assert reply.status_code == 422
    assert field in [error["field"] for error in reply.json["errors"]]


def test_keys_of_members_and_staff_see_theirs_and_the_queue(with_key):
    company = make_company()
    person = make_colleague(company)
    own, other = make_message(company, person), make_message()
    member = with_key(make_key(person, company))
    sent = member.post(
        "/api/v1/messages", {"subject": "By key", "text": "Hello", "topic": "general"}
    )
    assert sent.status_code == 201
    listed = [item["ref"] for item in member.get("/api/v1/messages?own=1").json["items"]]
    assert listed == [sent.json["ref"], own.ref]
    queue = with_key(make_key(make_agent())).get("/api/v1/messages").json["items"]
    assert {own.ref, other.ref, sent.json["ref"]} == {item["ref"] for item in queue}
    assert queue[0]["email"]
