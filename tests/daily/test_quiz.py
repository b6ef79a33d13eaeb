"""The daily question: whose turn, one answer, nothing forged, nothing shown before."""

import json
import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from portal.club.daily.models import DailyPerson, QuizAnswer, QuizDay, QuizQuestion
from portal.club.daily.queries import quiz as queries
from portal.club.daily.rules import quiz as rules
from portal.club.daily.rules.quiz import Turn
from portal.club.daily.service import questions, quiz
from portal.club.daily.starter import loading
from portal.club.points.queries import balance_for
from portal.core import clock
from portal.core.db import db, write
from portal.core.errors import Refused
from tests.daily.making import at_once, make_manager, make_member, make_question

DAY = date(2026, 11, 22)


@given(size=st.integers(1, 40), secret=st.text(min_size=1, max_size=8))
def test_no_question_comes_again_before_all_have_come(size, secret):
    asked = [Turn(number, f"QQ{number}", 0, None) for number in range(size)]
    seen = []
    for number in range(2 * size):
        found = rules.chosen(asked, DAY + timedelta(days=number), secret)
        asked[found.id] = found._replace(turn=found.turn + 1)
        seen.append(found.id)
    assert set(seen[:size]) == set(seen[size:]) == set(range(size))


def test_a_planned_question_is_kept_for_its_day():
    later = DAY + timedelta(days=3)
    asked = [Turn(1, "A", 0, later), Turn(2, "B", 9, None)]
    assert rules.chosen(asked, DAY, "s").id == 2
    assert rules.chosen(asked, later, "s").id == 1
    assert rules.chosen([], DAY, "s") is None


def test_options_stand_in_another_order_for_each_person():
    orders = {tuple(rules.order_of("salt", person)) for person in range(40)}
    assert len(orders) > 5
    assert all(sorted(order) == [0, 1, 2, 3] for order in orders)


def test_the_questions_to_begin_with_are_whole():
    written = list(loading.all_written())
    assert len(written) >= 60
    assert len({each["slug"] for each in written}) == len(written)
    for each in written:
        row = loading._row(each, clock.now())
        assert rules.missing(row["texts"]) == []
        assert not rules.are_alike(row["texts"]), each["slug"]
        assert each["topic"] in rules.TOPICS
        assert each["link"].startswith("/")
        assert not re.search("[\u4e00-\u9fff]", each["source"])
        assert all(len(text["source"]) <= rules.SOURCE_MAX for text in row["texts"].values())
        lengths = (rules.ASK_MAX, *[rules.OPTION_MAX] * 4, rules.WHY_MAX)
        for text in (each["zh"], each["en"]):
            assert all(len(part) <= most for part, most in zip(text, lengths, strict=True))


def test_a_source_stands_under_the_answer_as_each_language_calls_it(app):
    write(lambda on: loading.load(clock.now(), on=on))
    _person, user = make_member()
    made = QuizQuestion.__table__
    only = update(made).where(made.c.slug != "damp-box").values(state="retired")
    write(lambda on: on.execute(only))
    row = ask()
    told = {tag: queries.asked_for(user, row, tag, is_over=True).source for tag in rules.TONGUES}
    assert told["en"] == row.source
    assert told["zh-Hans"].startswith("课程")
    assert told["zh-Hant"].startswith("課程")
    assert queries.asked_for(user, row, "zh-Hans").source is None


def ask():
    return write(lambda on: quiz.ask(quiz.today(), "secret", on=on))


def answer(user, place, day=None):
    day = day or quiz.today().isoformat()
    return write(lambda on: quiz.answer(user, day, place, on=on))


def right_place(user, row):
    return str(rules.order_of(row.salt, user.person_id).index(row.right))


@pytest.mark.both_databases
def test_a_right_answer_counts_once_however_often_it_comes(app):
    make_question()
    _person, user = make_member()
    place = right_place(user, ask())
    at_once(app, [lambda: answer(user, place)] * 8)
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(QuizAnswer)) == 1
    day = db.session.execute(select(QuizDay.__table__)).one()
    person = db.session.execute(select(DailyPerson.__table__)).one()
    assert (day.answered, day.answered_right) == (1, 1)
    assert (person.quiz_streak, person.quiz_answered, person.quiz_right) == (1, 1, 1)
    assert balance_for(user) == 5
    wrong = answer(user, str((int(place) + 1) % 4))
    assert wrong.is_right
    assert balance_for(user) == 5


@pytest.mark.both_databases
def test_many_who_come_first_get_the_same_question(app):
    for word in ("box", "crate", "drum"):
        make_question(word)
    rows = at_once(app, [ask] * 6)
    assert len({(row.question_id, row.salt) for row in rows}) == 1
    db.session.rollback()
    assert db.session.scalar(select(func.sum(QuizQuestion.turn))) == 1


@pytest.mark.both_databases
def test_shares_and_turns_are_those_of_the_desk(app):
    ref = make_question()
    _person, user = make_member()
    answer(user, right_place(user, ask()))
    manager = make_manager()
    wanted = queries.Wanted("ready", "packing", "PALLET")
    (row,) = queries.questions_for(manager, wanted).items
    assert (row.ref, row.times, row.answered, row.right_ones) == (ref, 1, 1, 1)
    assert queries.plan_for(manager, quiz.today())[0][1].ref == ref


@pytest.mark.parametrize("place", ["4", "-1", "x", "", None, "00", "٣"])
def test_what_is_no_answer_is_refused(app, place):
    make_question()
    _person, user = make_member()
    ask()
    with pytest.raises(Refused):
        answer(user, place)


@pytest.mark.parametrize("days", [-1, 1, 365])
def test_another_day_cannot_be_answered(app, days):
    make_question()
    _person, user = make_member()
    ask()
    with pytest.raises(Refused):
        answer(user, "0", (quiz.today() + timedelta(days=days)).isoformat())


def test_a_question_is_edited_by_one_only_and_asked_only_when_whole(app):
    ref, manager = make_question(ready=False), make_manager()
    row = db.session.execute(select(QuizQuestion.__table__)).one()
    db.session.rollback()
    texts = json.loads(json.dumps(row.texts))
    texts["en"]["why"] = ""
    same = {"topic": "packing", "right": 1, "link": None, "source": "GS1"}
    said = questions.Said(texts=texts, **same)
    write(lambda on: questions.edit(ref, said, manager, base=1, on=on))
    with pytest.raises(Refused):
        write(lambda on: questions.edit(ref, said, manager, base=1, on=on))
    with pytest.raises(Refused):
        write(lambda on: questions.move(ref, "ready", manager, on=on))
    alike = {**texts, "en": {**texts["en"], "options": ["a", "A", "b", "c"]}}
    twice = questions.Said(texts=alike, **same)
    with pytest.raises(Refused):
        write(lambda on: questions.edit(ref, twice, manager, base=2, on=on))


def test_a_day_is_planned_for_one_question_and_not_in_the_past(app):
    first, second, manager = make_question("box"), make_question("drum"), make_manager()
    day = quiz.today() + timedelta(days=2)
    write(lambda on: questions.plan(first, day, manager, on=on))
    for ref, wanted in ((second, day), (second, quiz.today()), (second, date(2020, 1, 1))):
        with pytest.raises(Refused):
            write(lambda on, ref=ref, wanted=wanted: questions.plan(ref, wanted, manager, on=on))
    write(lambda on: questions.move(first, "retired", manager, on=on))
    write(lambda on: questions.plan(second, day, manager, on=on))
