"""Quizzes, numbers of certificates, lifecycles and contacts, without a database."""

import pytest

from portal.core.errors import Forbidden, Refused
from portal.learning.rules import certificates, quiz
from portal.learning.rules import content as contents
from portal.learning.rules import questions as asked
from portal.learning.rules.content import Content
from portal.learning.rules.lifecycle import MOVES, Standing, State, advance
from portal.learning.starter.answered import all_answered
from portal.learning.starter.reading import all_written
from tests.learning.made import content, question

QUESTIONS = [question(n) for n in range(1, 5)]
ANYBODY = {"by": 1, "may": lambda _right: True}


def test_the_same_seed_gives_the_same_order_and_others_another():
    orders = [str([q["id"] for q in quiz.shuffled(QUESTIONS, seed)]) for seed in range(20)]
    assert orders[3] == str([q["id"] for q in quiz.shuffled(QUESTIONS, 3)])
    assert len(set(orders)) > 5


def test_options_are_shuffled_and_none_is_lost():
    many = [question(1, options=["a", "b", "c", "d"])]
    found = {tuple(quiz.shuffled(many, seed)[0]["options"]) for seed in range(30)}
    assert len(found) > 5
    assert {frozenset(each) for each in found} == {frozenset("abcd")}


@pytest.mark.parametrize(
    ("right", "percent", "passes"), [(4, 100, True), (3, 75, True), (2, 50, False), (0, 0, False)]
)
def test_three_of_four_pass_at_seventy_five(right, percent, passes):
    given = {f"q{n}": ["a" if n <= right else "b"] for n in range(1, 5)}
    result = quiz.mark(QUESTIONS, given, 75)
    assert (result.correct, result.percent, result.passed) == (right, percent, passes)


def test_a_share_is_rounded_down():
    assert quiz.percent(2, 3) == 66
    assert not quiz.mark([question(n) for n in (1, 2, 3)], {"q1": ["a"], "q2": ["a"]}, 67).passed


@pytest.mark.parametrize(
    ("chosen", "is_right"),
    [(["a", "b"], True), (["a"], False), (["a", "b", "c"], False), ([], False)],
)
def test_several_right_answers_count_only_all_together(chosen, is_right):
    several = question(1, kind="multiple", options=["a", "b", "c"], right=["a", "b"])
    assert quiz.mark([several], {"q1": chosen}, 75).marked[0].is_right is is_right


def test_a_quiz_without_questions_is_never_passed():
    assert not quiz.mark([], {}, 1).passed


def test_what_was_not_offered_is_not_kept():
    assert quiz.cleaned(QUESTIONS, {"q1": ["a", "b", "x"], "q9": ["a"], "q2": []}) == {"q1": ["a"]}
    assert quiz.unanswered(QUESTIONS, {"q1": ["a"]}) == ["q2", "q3", "q4"]


def test_the_quiz_opens_after_every_lesson_and_five_times_a_day():
    quiz.may_begin(["p1", "p2"], ["p2", "p1", "old"], 4)
    with pytest.raises(Refused, match="every lesson"):
        quiz.may_begin(["p1", "p2"], ["p1"], 0)
    with pytest.raises(Refused, match="5 times"):
        quiz.may_begin(["p1"], ["p1"], 5)


def test_a_number_is_read_however_people_type_it():
    number = certificates.new_number()
    assert certificates.parsed(certificates.spaced(number).lower()) == number
    assert certificates.parsed(f" {number[:6]}-{number[6:]} ") == number


def test_every_single_wrong_sign_of_a_number_is_noticed():
    number = certificates.new_number()
    for at in range(2, len(number)):
        for sign in certificates.LETTERS:
            typed = number[:at] + sign + number[at + 1 :]
            assert certificates.parsed(typed) == (number if typed == number else None)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "QC",
        "QC7K2M9T4F",
        "x" * 500,
        "QC\0000000000",
        "QC٣٣٣٣٣٣٣٣٣",
        "<script>QC",
    ],
)
def test_what_is_no_number_is_none(typed):
    assert certificates.parsed(typed) is None


@pytest.mark.parametrize("verb", MOVES)
@pytest.mark.parametrize("state", State)
def test_each_verb_starts_only_from_its_states(verb, state):
    at = Standing(state, is_shown=True, writers=frozenset())
    if state in MOVES[verb].sources:
        assert advance(at, verb, **ANYBODY) is MOVES[verb].target
    else:
        with pytest.raises(Refused):
            advance(at, verb, **ANYBODY)


def test_nobody_publishes_what_he_wrote_at_and_nobody_without_the_right():
    at = Standing(State.IN_REVIEW, is_shown=False, writers=frozenset({1, 2}))
    for writer in (1, 2):
        with pytest.raises(Refused, match="yourself"):
            advance(at, "publish", by=writer, may=lambda _right: True)
    with pytest.raises(Forbidden):
        advance(at, "publish", by=3, may=lambda right: right == "pages.edit")
    assert advance(at, "publish", by=3, may=lambda _right: True) is State.PUBLISHED


def test_a_course_lacks_what_it_lacks():
    assert contents.check_ready("course", content()) == []
    fields = {each.field for each in contents.check_ready("course", Content({}, [], []))}
    assert fields == {"parts", "questions"}
    assert contents.check_ready("book", content(questions=0)) == []
    half = content()
    half.parts[0]["texts"]["en"]["body"] = " "
    assert contents.complete_in("course", half) == ["zh-Hans", "zh-Hant"]


@pytest.mark.parametrize(
    "wrong",
    [{"right": []}, {"right": ["z"]}, {"options": ["a"]}, {"right": ["a", "b"]}, {"kind": "essay"}],
)
def test_a_question_without_sense_keeps_a_course_from_review(wrong):
    made = content()
    made.questions[0] = question(1, **wrong)
    assert contents.check_ready("course", made)


def test_reading_takes_as_long_as_people_take():
    assert contents.minutes("") == 1
    assert contents.minutes("货" * 1200) == 3
    assert contents.minutes("word " * 690) == 3


def test_contacts_do_not_stay_in_public_words_but_standards_and_un_numbers_do():
    kept = "UN 3481 and GB/T 6543-2008, 18 V × 4 Ah, 2026-11-22, 1200 x 1000 mm"
    assert asked.contact_free(kept) == kept
    found = asked.contact_free("Write to julia@moebel.example or call +49 40 123456789")
    assert "julia" not in found
    assert "123456" not in found
    assert asked.has_contacts("call 138 0000 8000")
    assert not asked.has_contacts(kept)


@pytest.mark.parametrize("current", asked.State)
@pytest.mark.parametrize("wanted", asked.State)
def test_questions_move_as_the_table_says_and_private_ones_stay_private(current, wanted):
    if wanted in asked.MOVES[current]:
        assert asked.advance(current, wanted, may_publish=True) is wanted
    else:
        with pytest.raises(Refused):
            asked.advance(current, wanted, may_publish=True)
    with pytest.raises(Refused):
        asked.advance(current, asked.State.PUBLISHED, may_publish=False)


def test_what_comes_with_the_portal_is_complete_in_three_languages():
    works = all_written()
    assert sum(work.kind == "course" for work in works) == 3
    assert sum(work.kind == "book" for work in works) == 2
    for work in works:
        assert contents.complete_in(work.kind, work.content) == ["zh-Hans", "zh-Hant", "en"]
        assert contents.check_ready(work.kind, work.content) == []
        assert len(work.content.parts) >= 4
        assert len(work.content.questions) == (8 if work.kind == "course" else 0)
    assert len(all_answered()) == 8
    assert not any(asked.has_contacts(each.text + each.answer) for each in all_answered())
