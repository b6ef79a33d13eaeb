"""Quizzes: in which order they are asked, and what an attempt is worth. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from portal.core.errors import Refused
from portal.core.i18n import lazy as _l

SINGLE, MULTIPLE = "single", "multiple"
A_DAY = 5  # attempts of one person at one quiz within a day
Question = Mapping[str, Any]
Answers = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Marked:
    """One question as it was answered: the chosen options, and whether exactly these are right."""

    id: str
    chosen: frozenset[str]
    right: frozenset[str]

    @property
    def is_right(self) -> bool:
        """Whether all right options were chosen and no other."""
        return self.chosen == self.right


@dataclass(frozen=True)
class Result:
    """What an attempt is worth."""

    marked: tuple[Marked, ...]
    pass_percent: int

    @property
    def correct(self) -> int:
        """How many questions were answered right."""
        return sum(one.is_right for one in self.marked)

    @property
    def percent(self) -> int:
        """Right answers of a hundred, rounded down: 74.9 does not pass where 75 does."""
        return percent(self.correct, len(self.marked))

    @property
    def passed(self) -> bool:
        """Whether it suffices. A quiz without questions is never passed."""
        return bool(self.marked) and self.percent >= self.pass_percent


def percent(correct: int, asked: int) -> int:
    """Return right answers of a hundred, rounded down."""
    return 100 * correct // asked if asked else 0


def shuffled(questions: Sequence[Question], seed: int) -> list[dict[str, Any]]:
    """Return the questions and their options in the order of an attempt: the same for a seed."""
    order = Random(seed)  # noqa: S311 - an order, no secret
    asked = [{**question, "options": _mixed(question["options"], order)} for question in questions]
    order.shuffle(asked)
    return asked


def _mixed(options: Sequence[str], order: Random) -> list[str]:
    return order.sample(list(options), len(options))


def cleaned(questions: Sequence[Question], given: Answers) -> dict[str, list[str]]:
    """Return what was chosen of what was offered; of a single choice the first."""
    kept: dict[str, list[str]] = {}
    for question in questions:
        chosen = [
            option for option in question["options"] if option in given.get(question["id"], ())
        ]
        if chosen:
            kept[question["id"]] = chosen[:1] if question["kind"] == SINGLE else chosen
    return kept


def unanswered(questions: Sequence[Question], answers: Answers) -> list[str]:
    """Return the ids of the questions without an answer, in order."""
    return [question["id"] for question in questions if not answers.get(question["id"])]


def mark(questions: Sequence[Question], answers: Answers, pass_percent: int) -> Result:
    """Return what the answers are worth; a question without an answer is wrong."""
    marked = tuple(
        Marked(q["id"], frozenset(answers.get(q["id"], ())), frozenset(q["right"]))
        for q in questions
    )
    return Result(marked, pass_percent)


def may_begin(lessons: Sequence[str], done: Sequence[str], tries_today: int) -> None:
    """Raise Refused unless every lesson is done and there are attempts left today."""
    if not set(lessons) <= set(done):
        raise Refused(_l("Read every lesson first, and mark each as done. The quiz opens then."))
    if tries_today >= A_DAY:
        raise Refused(
            _l("You have tried %(most)s times within a day. Come back tomorrow.", most=A_DAY)
        )
