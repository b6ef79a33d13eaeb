"""The pages of today: by form, without answers before one has answered, strangers, the desk."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from portal.club.daily import upkeep
from portal.club.daily.models import QuizDay, QuizQuestion, Raffle
from portal.club.daily.queries import quiz as questions
from portal.club.daily.queries import raffles
from portal.club.daily.rules import quiz as rules
from portal.club.daily.service import quiz
from portal.core.db import db
from tests.consignments.conftest import statements
from tests.daily.making import (
    change,
    end,
    make_member,
    make_question,
    make_raffle,
    row_of,
)
from tests.factories import make_colleague, make_company, make_person

__all__ = ["statements"]


def the_day():
    db.session.rollback()
    return db.session.execute(select(QuizDay.__table__)).one()


def test_checking_in_by_form_twice_counts_once_and_keeps_the_zone(as_user):
    browser = as_user(make_member()[0])
    assert 'name="zone"' in browser.get("/club/today").text
    for zone in ("America/New_York", "Asia/Tokyo"):
        sent = {"zone": zone, "day": "2020-01-01", "at": "2020-01-01T00:00"}
        assert browser.post("/club/today/check-in", sent).status_code == 303
    page = browser.get("/club/today").text
    assert "Checked in today" in page
    assert "America/New_York" in page
    assert 'data-streak="1"' in page


def test_the_answer_is_in_the_page_only_after_answering(as_user):
    make_question("forklift", right=1)
    person, user = make_member()
    browser = as_user(person)
    page = browser.get("/club/today").text
    assert "forklift b" in page
    assert "Because" not in page
    assert "GS1" not in page
    assert "is-right" not in page
    row = the_day()
    assert row.salt not in page
    place = rules.order_of(row.salt, user.person_id).index(1)
    sent = {"day": quiz.today().isoformat(), "place": (place + 1) % 4}
    assert browser.post("/club/today/quiz", sent).status_code == 303
    page = browser.get("/club/today").text
    assert "Not quite." in page
    assert "Because forklift." in page
    assert browser.post("/club/today/quiz", sent | {"place": place}).status_code == 303
    assert "Not quite." in browser.get("/club/today").text


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"day": "tomorrow", "place": "1"},
        {"day": "2099-01-01", "place": "1"},
        {"place": "1"},
        {"day": "x" * 5000, "place": "9" * 5000},
    ],
)
def test_forged_answers_are_refused_in_words(as_user, sent):
    make_question()
    browser = as_user(make_member()[0])
    browser.get("/club/today")
    assert browser.post("/club/today/quiz", sent).status_code == 409


@pytest.mark.parametrize("month", ["2026-13", "9999-01", "0000-00", "abc", "2026-11-01", "-1"])
def test_a_month_that_there_is_not_shows_the_present_one(as_user, month):
    browser = as_user(make_member()[0])
    assert browser.get(f"/club/today?month={month}").status_code == 200


def test_tickets_are_taken_by_form_and_the_odds_are_shown(as_user):
    ref, (person, _user) = make_raffle(), make_member(50)
    browser = as_user(person)
    page = browser.get(f"/club/today/raffles/{ref}").text
    name = re.search(r'name="form_name" value="(\w+)"', page)[1]
    sent = {"form_name": name, "cost": 10, "count": 2}
    for _twice in range(2):
        assert browser.post(f"/club/today/raffles/{ref}", sent).status_code == 303
    odds = browser.get(f"/club/today/raffles/{ref}/odds").text
    assert 'data-tickets="2"' in odds
    assert 'data-own="2"' in odds
    assert "100" in odds
    row = row_of(ref)
    page = browser.get(f"/club/today/raffles/{ref}").text
    assert row.commitment in page
    assert row.seed not in page
    assert browser.get(f"/club/today/raffles/{ref}/tickets.txt").text.startswith("1 P")


@pytest.mark.parametrize(
    "sent",
    [
        {"cost": 10, "count": 1},
        {"form_name": "x", "cost": 10, "count": 1},
        {"form_name": "a" * 32, "cost": "", "count": 1},
        {"form_name": "a" * 32, "cost": 0, "count": 1},
        {"form_name": "a" * 32, "cost": 10, "count": -5},
        {"form_name": "a" * 32, "cost": 10, "count": "1e9"},
        {"form_name": "a" * 32, "cost": 10, "count": 10**30},
    ],
)
def test_forged_forms_take_no_ticket(as_user, sent):
    ref, (person, _user) = make_raffle(), make_member(50)
    assert as_user(person).post(f"/club/today/raffles/{ref}", sent).status_code == 409
    assert row_of(ref).tickets == 0


def test_a_drawn_raffle_shows_all_that_one_needs_and_verifies_by_command(as_user, app):
    ref, (person, _user) = make_raffle(), make_member(50)
    browser = as_user(person)
    sent = {"form_name": "b" * 32, "cost": 10, "count": 2}
    browser.post(f"/club/today/raffles/{ref}", sent)
    end(ref)
    runner = app.test_cli_runner()
    assert runner.invoke(args=["club", "raffle", "verify", ref]).exit_code == 1
    housekeep()
    row, page = row_of(ref), browser.get(f"/club/today/raffles/{ref}").text
    for shown in (row.revealed_seed, row.digest, row.commitment, "is-own"):
        assert shown in page
    assert runner.invoke(args=["club", "raffle", "verify", ref]).exit_code == 0
    change(ref, revealed_seed="0" * 64)
    assert runner.invoke(args=["club", "raffle", "verify", ref]).exit_code == 1


def housekeep():
    assert upkeep.run() == 1


def test_strangers_see_nothing_of_it(as_user, browser):
    ref = make_raffle()
    for path in ("", "/raffles", f"/raffles/{ref}", f"/raffles/{ref}/tickets.txt"):
        assert browser.get(f"/club/today{path}").status_code in (302, 303, 401)
    member = as_user(make_member()[0])
    assert member.get("/club/today/raffles/RFNONE").status_code == 404
    for path in ("", "/questions/new", "/raffles/new", f"/raffles/{ref}"):
        assert member.get(f"/desk/club/quiz{path}").status_code in (403, 404)
    assert member.post(f"/desk/club/quiz/raffles/{ref}/cancel").status_code in (403, 404)


def test_who_only_reads_takes_no_ticket(as_user):
    ref, person = make_raffle(), make_colleague(make_company(), "viewer")
    reply = as_user(person).post(f"/club/today/raffles/{ref}", {"form_name": "c" * 32})
    assert reply.status_code in (403, 404, 409)


@pytest.fixture
def desk(as_user):
    return as_user(make_person(staff_role="manager"))


def words(**other):
    form = {"topic": "packing", "right": "2", "source": "GS1", "link": "/learn"}
    for end_ in ("hans", "hant", "en"):
        form |= {f"ask_{end_}": "How?", f"why_{end_}": "So."}
        form |= {f"option{n}_{end_}": f"answer {n}" for n in range(4)}
    return form | other


def test_a_question_is_written_asked_planned_and_retired_at_the_desk(desk):
    reply = desk.post("/desk/club/quiz/questions/new", words(why_en=""))
    assert reply.status_code == 303
    page = desk.get(reply.location).text
    assert "something is missing" in page
    assert "missing: en" in desk.get("/desk/club/quiz").text
    assert desk.post(f"{reply.location}/state", {"to": "ready"}).status_code == 409
    assert desk.post(reply.location, words(base=1)).status_code == 303
    assert desk.post(reply.location, words(base=1)).status_code == 422
    assert desk.post(f"{reply.location}/state", {"to": "ready"}).status_code == 303
    assert desk.post(f"{reply.location}/plan", {"day": "soon"}).status_code == 422
    assert desk.post(f"{reply.location}/plan", {"day": "2001-01-01"}).status_code == 409
    assert desk.post(f"{reply.location}/state", {"to": "retired"}).status_code == 303
    assert db.session.scalar(select(QuizQuestion.state)) == "retired"


def test_the_desk_turns_the_pages_of_questions_and_raffles(desk, monkeypatch):
    for module in (questions, raffles):
        monkeypatch.setattr(module, "SIZE", 2)
    for word in ("alpha", "beta", "alphabet", "gamma"):
        make_question(word)
        make_raffle()
    seen, path = [], "/desk/club/quiz?q=alp"
    page = desk.get(path).text
    assert "alphabet" in page
    assert "gamma?" not in page
    assert 'rel="next"' in page  # that of the raffles
    path = "/desk/club/quiz?state=ready"
    while path:
        page = desk.get(path).text.partition('id="questions"')[2]
        assert '<span class="count">4</span>' in page
        seen += re.findall(r">en (\w+)\?</a>", page)
        older = re.findall(r'rel="next" href="([^"]*)"', page)
        path = unescape(older[0]) if older else None
    assert seen == ["gamma", "alphabet", "beta", "alpha"]
    assert desk.get("/desk/club/quiz?after=x").status_code == 422


@pytest.mark.parametrize("link", ["https://evil.example", "//evil.example", "/\\evil", "x"])
def test_a_question_leads_to_our_own_pages_only(desk, link):
    assert desk.post("/desk/club/quiz/questions/new", words(link=link)).status_code == 422


def test_a_raffle_is_made_published_and_cancelled_at_the_desk(desk):
    names = {f"{what}_{end_}": "Box" for what in ("title", "prize") for end_ in ("hans", "hant")}
    form = {**names, "title_en": "Box", "prize_en": "A box", "cost": 5, "most": 3, "places": 1}
    times = {"opens": "2099-01-01T08:00", "closes": "2099-02-01T08:00"}
    bad = {**times, "closes": "2098-01-01T08:00"}
    assert desk.post("/desk/club/quiz/raffles/new", form | bad).status_code == 422
    reply = desk.post("/desk/club/quiz/raffles/new", form | times)
    assert reply.status_code == 303
    assert desk.post(f"{reply.location}/publish").status_code == 303
    db.session.rollback()
    assert db.session.scalar(select(Raffle.commitment))
    assert desk.post(reply.location, form | times | {"base": 1}).status_code == 422
    assert desk.post(f"{reply.location}/cancel").status_code == 409
    assert desk.post(f"{reply.location}/cancel", {"reason": "Too early"}).status_code == 303
    assert "Too early" in desk.get(reply.location).text


def test_the_page_of_today_costs_a_bounded_number_of_statements(as_user, statements):
    make_question()
    for _many in range(4):
        make_raffle()
    browser = as_user(make_member()[0])
    browser.get("/club/today")
    with statements() as seen:
        assert browser.get("/club/today").status_code == 200
    assert len(seen) <= 25
