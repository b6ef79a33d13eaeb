"""Answers to visitors that are kept: never out of date, never somebody else's."""

import re
from datetime import timedelta

import pytest

from portal.consignments.models import Consignment
from portal.core import clock, kept, limits, scope
from portal.core.db import db, transaction
from tests.factories import make_colleague, make_company, make_consignment, make_key, push
from tests.tracking.test_number import SECRETS, on_its_way

pytestmark = pytest.mark.both_databases
WAYS = ("/track/{}", "/api/v1/track/{}")
NONCE = re.compile(r"nonce-([\w-]+)'")


@pytest.fixture(autouse=True)
def answers(app):
    """Return the kept answers, of which there are none yet."""
    answers = app.extensions["kept answers"]
    for key in list(answers._kept):
        answers._forget(key)
    return answers


@pytest.fixture
def renders(app, monkeypatch):
    """Note each answer that Flask made, rather than one that was kept."""
    made = []
    inner = app.extensions["kept answers"]._inner

    def note(environ, start):
        made.append(environ["PATH_INFO"])
        return inner(environ, start)

    monkeypatch.setattr(app.extensions["kept answers"], "_inner", note)
    return made


def status_in(reply):
    """Return the status that an answer shows."""
    if reply.is_json:
        return reply.json["status"]
    return re.search('data-status="([^"]+)"', reply.text)[1]


@pytest.mark.parametrize("way", WAYS)
def test_the_same_answer_is_made_once(browser, renders, way):
    path = way.format(on_its_way())
    first, second = browser.get(path), browser.get(path)
    assert len(renders) == 1
    kept_headers, made_headers = dict(second.headers), dict(first.headers)
    for each in (kept_headers, made_headers):
        each["Content-Security-Policy"] = NONCE.sub("nonce'", each["Content-Security-Policy"])
    assert kept_headers == made_headers


@pytest.mark.parametrize("way", WAYS)
def test_a_look_up_after_an_answered_push_shows_what_was_pushed(browser, way):
    no = make_consignment().no
    for code in ("picked_up", "hub_arrived", "hub_departed", "hub_arrived"):
        browser.get(way.format(no))
        push(no, code)
        assert status_in(browser.get(way.format(no))) == code


@pytest.mark.parametrize("way", WAYS)
def test_what_another_process_has_written_is_shown_at_once(browser, way):
    no = make_consignment().no
    browser.get(way.format(no))
    table = Consignment.__table__
    change = table.update().where(table.c.no == no).values(consignee_city="Ürümqi")
    with db.engine.begin() as elsewhere:
        elsewhere.execute(change.execution_options(**scope.CENTRE))
    push(no, "picked_up")
    push(no, "dest_city")
    assert "Ürümqi" in browser.get(way.format(no)).get_data(as_text=True)


def test_an_expectation_that_has_passed_is_shown_no_longer(browser, monkeypatch):
    no = on_its_way()
    table, soon = Consignment.__table__, clock.now() + timedelta(minutes=1)
    values = {f"delivery_estimated{end}": soon for end in ("_from", "", "_to")}
    with transaction():
        change = table.update().where(table.c.no == no).values(**values)
        db.session.execute(change.execution_options(**scope.CENTRE))
    before = browser.get(f"/api/v1/track/{no}").json["promise"]["delivery"]
    monkeypatch.setattr(clock, "now", lambda: soon + timedelta(seconds=1))
    after = browser.get(f"/api/v1/track/{no}").json["promise"]["delivery"]
    assert (before["estimated"] is not None, after["estimated"]) == (True, None)


def test_scripts_get_a_nonce_of_their_own_each_time(browser):
    no = on_its_way()
    pages = [browser.get(f"/track/{no}") for _ in range(3)]
    nonces = [NONCE.search(page.headers["Content-Security-Policy"])[1] for page in pages]
    assert len(set(nonces)) == 3
    for page, nonce in zip(pages, nonces, strict=True):
        assert set(re.findall(r'nonce="([^"]+)"', page.text)) == {nonce}


def test_what_proof_or_key_opens_is_given_to_nobody_else(app, browser, with_key):
    no = on_its_way()
    proven = browser.post(f"/track/{no}", {"tail": "6021"})
    assert proven.status_code == 303
    assert "周*" in browser.get(f"/track/{no}").text
    assert "周*" in browser.get(f"/api/v1/track/{no}?tail=6021").text
    company = make_company()
    key = make_key(make_colleague(company), company)
    with_key(key).get(f"/api/v1/track/{no}")
    stranger = type(browser)(app)
    for way in WAYS:
        shown = stranger.get(way.format(no)).text
        assert [word for word in (*SECRETS, "周*") if word in shown] == []
    assert "周*" in browser.get(f"/track/{no}").text


def test_a_frame_of_somebody_signed_in_is_shown_to_nobody_else(app, browser, as_user):
    no, colleague = on_its_way(), make_colleague()
    mine = as_user(colleague)
    for _ in range(2):
        assert colleague.name in mine.get(f"/track/{no}").text
        assert colleague.name not in browser.get(f"/track/{no}").text


def test_everybody_reads_it_in_the_language_and_looks_that_were_chosen(app, browser):
    no = on_its_way()

    def shown(headers=None, **cookies):
        visitor = type(browser)(app)
        for name, value in cookies.items():
            visitor.client.set_cookie(name, value)
        return visitor.get(f"/track/{no}", headers=headers or {}).text

    for _ in range(2):
        assert 'lang="en"' in shown()
        assert 'lang="zh-Hant"' in shown({"Accept-Language": "zh-TW,en;q=0.5"})
        assert 'lang="zh-Hans"' in shown(lang="zh-Hans")
        assert 'data-theme="dark"' in shown(theme="dark")
        assert 'data-theme="dark"' not in shown()


@pytest.mark.parametrize("cookie", ["session", "remember_token", "anything"])
def test_who_brings_any_other_cookie_is_answered_anew(browser, renders, cookie):
    no = on_its_way()
    browser.client.set_cookie(cookie, "x")
    browser.get(f"/track/{no}")
    browser.get(f"/track/{no}")
    assert len(renders) == 2


@pytest.mark.parametrize("way", WAYS)
def test_kept_answers_are_counted_like_others(app, browser, monkeypatch, way):
    monkeypatch.setitem(app.config, "RATE_LIMITS", {"lookup": "3/minute"})
    monkeypatch.setitem(app.extensions, "limits", limits.InProcess())
    path = way.format(on_its_way())
    assert [browser.get(path).status_code for _ in range(5)] == [200, 200, 200, 429, 429]


def test_what_is_none_or_a_draft_is_not_kept(browser, renders, answers):
    no = on_its_way()
    browser.get(f"/track/{no}")
    table = Consignment.__table__
    with transaction():
        change = table.update().where(table.c.no == no).values(status="draft")
        db.session.execute(change.execution_options(**scope.CENTRE))
    assert browser.get(f"/track/{no}").status_code == 404
    assert browser.get(f"/api/v1/track/{no}").status_code == 404
    assert len(answers._kept) == 1


def test_answers_take_no_more_memory_than_they_may(browser, answers, monkeypatch):
    monkeypatch.setattr(kept, "MOST_BYTES", 40_000)
    for _ in range(8):
        browser.get(f"/track/{make_consignment().no}")
    assert 0 < answers._size <= 40_000
    assert answers._size == sum(each.size for each in answers._kept.values())


def test_an_answer_is_made_anew_after_a_while(browser, renders, monkeypatch):
    no = on_its_way()
    browser.get(f"/track/{no}")
    monkeypatch.setattr(kept, "KEPT_S", 0.0)
    browser.get(f"/track/{no}")
    assert len(renders) == 2
