"""Hostile input: bombs, deceiving signs, hostile links, forged fields. Neutral, bounded, explained."""

import re
import sys

import pytest
from sqlalchemy import func, select, update

from portal.core.db import db, write
from portal.forum.models import ForumDraft, ForumHeld, ForumPost, ForumProfile, ForumTopic
from portal.forum.rules import posts as rules
from portal.forum.rules import trust
from portal.forum.service import holding, writing
from portal.forum.service.writing import Written
from tests.factories import make_colleague, make_company, user_of
from tests.forum.making import make_member, make_reply, make_space, make_topic, topic_now

SIZE = 1500  # characters; the largest text has 20 000
BOMBS = {
    "quotations": "> ",
    "lists": "- ",
    "numbered": "1. ",
    "brackets": "[",
    "links": "[a](",
    "pictures": "![",
    "emphasis": "*a ",
    "stars": "*",
    "mixed": "**a *b ",
    "underlines": "_a__b",
    "crossed": "*a_ ",
    "backticks": "`a",
    "fences": "```\n",
    "rows": "|\n",
    "cells": "|a",
    "entities": "&",
    "tags": "<a ",
    "addresses": "<http://a>",
    "references": "[a]: x\n[a]",
    "mentions": "@a ",
    "marks": "a\u0301",
    "lines": "\n",
}


def calls(text):
    """Return how many functions are called to make HTML of a text, and how long that is."""
    count = 0

    def counted(_frame, event, _more):
        nonlocal count
        count += event == "call"

    sys.setprofile(counted)
    try:
        html = writing.html_of(rules.without_numbers(text))
    finally:
        sys.setprofile(None)
    return count, len(html)


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_a_bomb_costs_no_more_than_its_length(bomb):
    lead = "a|b\n-|-\n" if bomb == "|\n" else ""
    calls(f"{lead}{bomb}")  # what is made once is made now
    short = (lead + bomb * SIZE)[:SIZE]
    long = (lead + bomb * SIZE)[: 2 * SIZE]
    (few, small), (many, large) = calls(short), calls(long)
    assert many <= 2.6 * few + 500
    assert large <= 2.6 * small + 500
    assert large <= 20 * len(long)


def test_depth_has_an_end():
    for bomb in ("> ", "- ", "1. "):
        html = writing.html_of(bomb * 6000 + "x")
        assert len(re.findall(r"<(?:blockquote|ul|ol|li)\b", html)) <= 50


@pytest.mark.parametrize("sign", ["W", "字", "-", "&amp;", "https://e.x/"])
def test_a_line_may_end_inside_a_word_without_end(sign):
    html = writing.html_of(sign * (10_000 // len(sign)))
    runs = re.split(r"<wbr>|<[^>]*>|\s", html)
    assert max(len(each.replace("&amp;", "&")) for each in runs) <= 200


LINKS = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "&#106;avascript:alert(1)",
    "&#x6A&#x61vascript:alert(1)",
    "javascript&colon;alert(1)",
    "\u0001javascript:alert(1)",
    "%6Aavascript:alert(1)",
    "vbscript:msgbox(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD4=",
    "file:///etc/passwd",
    "blob:https://e.x/1",
    "view-source:https://e.x",
    "intent://e.x#Intent;end",
)


@pytest.mark.parametrize("address", LINKS)
def test_no_link_leads_into_the_page_or_the_disk(address):
    for text in (
        f"[a]({address})",
        f"[a](<{address}>)",
        f"<{address}>",
        f"![a]({address})",
        f"[a]\n\n[a]: {address}",
        f'[a](https://e.x "{address}")',
    ):
        for found in re.findall(r'(?:href|src)="([^"]*)"', writing.html_of(text)):
            scheme = re.match(
                r"[a-z][a-z0-9+.-]*(?=:)", re.sub(r"[\s\x00-\x1f]", "", found.lower())
            )
            assert scheme is None or scheme[0] in ("http", "https", "mailto", "tel")


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "<iframe src=//e.x></iframe>",
        "<a href='javascript:1' onclick=1>x</a>",
        "<style>*{display:none}</style>",
        "<form action=//e.x><input name=password>",
        "<math><mtext></p><img src=x onerror=1>",
        "<!--><script>1</script>-->",
        "<details open ontoggle=alert(1)>",
    ],
)
def test_html_is_shown_as_text(html):
    made = writing.html_of(f"{html}\n\na {html} `{html}`\n\n> {html}")
    tags = set(re.findall(r"<(\w+)", made))
    assert tags <= {"p", "code", "blockquote"}
    assert not re.search(r"<[^>]*\bon\w+=", made)


@pytest.mark.parametrize(
    "name",
    [
        chr(0x410) + "dmin",
        "adm1n",
        "ad\u200bmin",
        "ADMIN",
        "\uff41dmin",
        "\u00e1dmin",
        "adm\u0131n",
        "a.d.m.i.n",
    ],
)
def test_names_that_look_alike_are_one(name):
    assert trust.skeleton(name) == trust.skeleton("admin")


@pytest.fixture
def member(as_user):
    person = make_colleague(make_company(), "operations")
    browser = as_user(person)
    browser.get("/club")
    write(lambda on: on.execute(update(ForumProfile.__table__).values(trust=1)))
    return browser


def count(table):
    db.session.commit()
    return db.session.scalar(select(func.count()).select_from(table.__table__))


def test_signs_that_deceive_are_not_kept(member):
    space = make_space()
    said = {
        "title": "Preis\u202eliste\u200b \u2066neu\u2069",
        "text": "\u202eabc\u2069 d\ufeffe\u0000f",
        "tags": "kühl\u200bung",
        "form_name": "d",
    }
    made = member.post(f"/club/s/{space.slug}/new", data=said)
    assert made.status_code == 303
    db.session.commit()
    topic = db.session.execute(select(ForumTopic.__table__)).one()
    assert (topic.title, topic.tags) == ("Preisliste neu", ["kühlung"])
    assert db.session.scalar(select(ForumPost.text)) == "abc def"
    page = member.get(made.location).get_data(as_text=True)
    assert not re.search("[\u200b\u202a-\u202e\u2066-\u2069]", page)


def test_a_text_of_a_megabyte_is_refused_and_comes_back(member):
    topic = make_topic(make_space(), make_member())
    long = "[[" * 500_000
    for act in ("", "preview"):
        answer = member.post(f"/club/t/{topic.ref}", data={"text": long, "act": act})
        assert answer.status_code in (200, 422)
        assert long in answer.get_data(as_text=True)
    assert topic_now(topic).last_no == 1


def test_the_name_of_somebody_elses_form_is_no_name(app):
    one, two = make_member(), make_member()
    topic = make_topic(make_space(), one, form_name="mine")
    post = make_reply(topic, two, "eigener Text", form_name="mine")
    assert (post.no, post.text, post.form_name) == (2, "eigener Text", None)
    space = make_space()
    for user in (one, two):
        text = Written(text=f"von {user.person_id}", form_name="held")
        write(lambda on, t=text, u=user: holding.hold(space, None, t, u, title="Erstes", on=on))
    assert count(ForumHeld) == 2


@pytest.mark.parametrize(
    "forged",
    [
        {"form_name": "x" * 65},
        {"reply_to": "999999999999999999999"},
        {"reply_to": "-1"},
        {"reply_to": "1; drop table"},
        {"base": "7", "person_id": "1", "state": "visible", "author_id": "1"},
    ],
    ids=["long name", "no such post", "below one", "no number", "others"],
)
def test_forged_fields_change_nothing_else(member, forged):
    topic = make_topic(make_space(), make_member())
    answer = member.post(f"/club/t/{topic.ref}", data={"text": "Antwort"} | forged)
    assert answer.status_code in (303, 422)
    db.session.commit()
    post = db.session.execute(select(ForumPost.__table__).where(ForumPost.no == 2)).first()
    if answer.status_code == 303:
        assert (post.reply_to, post.author_id == topic.author_id) == (None, False)
    else:
        assert post is None
        assert "Antwort" in answer.get_data(as_text=True)


@pytest.mark.parametrize("number", ["-1", "0", "99", "99999999999999999999999", "1e9", "%00", "٣"])
def test_numbers_that_nobody_means_do_no_harm(member, number):
    topic = make_topic(make_space(), make_member())
    for way in (f"?post={number}", f"?page={number}", f"?quote={number}", f"?draft={number}"):
        assert member.get(f"/club/t/{topic.ref}{way}").status_code in (200, 302, 404)
    for way in ("edit", "history"):
        assert member.get(f"/club/t/{topic.ref}/{number}/{way}").status_code in (404, 409)


def test_what_is_typed_with_empty_signs_in_it_is_kept(member):
    sent = {"about": "begin:packing", "text": "a\x00b\u202ec"}
    kept = member.post("/club/drafts", data=sent).get_json()["draft"]
    assert kept["said"]["text"] == "abc"
    assert member.get("/club/people?q=%00%25_!").get_json() == {"people": []}
    assert count(ForumDraft) == 1


def test_of_two_who_edit_at_once_nobody_loses_his_text(as_user):
    company = make_company()
    person = make_colleague(company, "operations")
    browser = as_user(person)
    browser.get("/club")
    trusted = update(ForumProfile.__table__).values(trust=1)
    write(lambda on: on.execute(trusted))
    topic = make_topic(make_space(), user_of(person, company, "operations"), text="Anfang")
    way = f"/club/t/{topic.ref}/1/edit"
    assert browser.post(way, data={"text": "Erste Fassung", "base": "1"}).status_code == 303
    second = browser.post(way, data={"text": "Zweite Fassung", "base": "1"})
    assert "<ins>+Erste Fassung</ins>" in second.get_data(as_text=True)  # seen, and gone on from
    base = second.get_data(as_text=True).split('name="base"')[1].split(">")[0]
    assert 'value="2"' in base
    assert second.status_code == 422
    assert "Zweite Fassung" in second.get_data(as_text=True)
    assert "Zweite Fassung" in browser.get("/club/me/drafts").get_data(as_text=True)
    assert db.session.scalar(select(ForumPost.text)) == "Erste Fassung"
    for base in ("0", "-3", "x", "", "99999999999999999999"):
        assert browser.post(way, data={"text": "Dritte", "base": base}).status_code == 422
