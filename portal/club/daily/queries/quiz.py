"""The daily question as somebody may see it: nothing says which answer is right before he has one.

The desk sees questions whole.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, or_, select

from portal.accounts.access import User
from portal.club.daily.models import QuizAnswer, QuizDay, QuizQuestion
from portal.club.daily.rules import quiz as rules
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.core.pagination import Page, cut, decode_number

_Q, _D, _A = (model.__table__ for model in (QuizQuestion, QuizDay, QuizAnswer))
AHEAD = 14  # days of the plan that the desk shows
SIZE = 30  # questions on a page of the desk
#: Of each question: on how many days it was asked, how many answered, how many rightly.
_COUNTED = (
    select(
        _D.c.question_id,
        func.count().label("times"),
        func.sum(_D.c.answered).label("answered"),
        func.sum(_D.c.answered_right).label("right_ones"),
        func.max(_D.c.day).label("last_on"),
    )
    .group_by(_D.c.question_id)
    .subquery()
)


class Wanted(NamedTuple):
    """Which questions the desk looks for; each of ``words`` stands in the question itself."""

    state: str = ""
    topic: str = ""
    words: str = ""

    def where(self) -> list[Any]:
        """Return what questions must be like."""
        found = [_holds(word) for word in self.words.split()]
        if self.state in rules.STATES:
            found.append(_Q.c.state == self.state)
        if self.topic in rules.TOPICS:
            found.append(_Q.c.topic == self.topic)
        return found


def _holds(word: str) -> Any:
    asked = [_Q.c.texts[tag]["ask"].as_string() for tag in rules.TONGUES]
    return or_(*(text.icontains(word, autoescape=True) for text in asked))


class Option(NamedTuple):
    """An answer as it stands on the page. What is right is None before one has answered."""

    place: int
    text: str
    is_right: bool | None
    is_chosen: bool


class Asked(NamedTuple):
    """The question of a day for one reader, in one language."""

    day: date
    lang: str
    ask: str
    options: list[Option]
    #: All below: None before he has answered, unless the day is over.
    answer: Any
    why: str | None
    link: str | None
    source: str | None
    answered: int
    share: float | None


def day_of(day: date) -> Any:
    """Return the question of a day if it was chosen; None where it was not."""
    return db.session.execute(select(_D).where(_D.c.day == day)).first()


def asked_for(user: User, row: Any, tag: str, *, is_over: bool = False) -> Asked:
    """Return a day's question for a reader; ``is_over``: its answer is no secret any more."""
    mine = (_A.c.person_id == user.person_id, _A.c.day == row.day)
    answer = db.session.execute(select(_A).where(*mine)).first()
    lang, text = rules.best(row.texts, tag)
    is_known = answer is not None or is_over
    return Asked(
        day=row.day,
        lang=lang,
        ask=text["ask"],
        options=_options(user, row, text, answer, is_known=is_known),
        answer=answer,
        why=text["why"] if is_known else None,
        link=row.link if is_known else None,
        source=(text.get("source") or row.source) if is_known else None,
        answered=row.answered,
        share=rules.share(row.answered_right, row.answered) if is_known else None,
    )


def _options(user: User, row: Any, text: Any, answer: Any, *, is_known: bool) -> list[Option]:
    order = rules.order_of(row.salt, user.person_id)
    chosen = None if answer is None else answer.choice
    return [
        Option(
            place, text["options"][kept], kept == row.right if is_known else None, kept == chosen
        )
        for place, kept in enumerate(order)
    ]


def _check_desk(user: User) -> None:
    if not user.may("club.manage"):
        raise NotFound(_l("There is no such question."))


def questions_for(user: User, wanted: Wanted, *, after: str | None = None) -> Page[Any]:
    """Return questions with how often they were asked and answered, right ones too; for the desk.

    The newest first.
    """
    _check_desk(user)
    rows = select(_Q, _COUNTED).outerjoin(_COUNTED, _COUNTED.c.question_id == _Q.c.id)
    rows = rows.where(*wanted.where())
    last = decode_number(after)
    if last is not None:
        rows = rows.where(_Q.c.id < last)
    found = db.session.execute(rows.order_by(_Q.c.id.desc()).limit(SIZE + 1)).all()
    return cut(found, SIZE, lambda row: [row.id])


def number_of(user: User, wanted: Wanted) -> int:
    """Return how many questions are like that; for the desk."""
    _check_desk(user)
    counted = select(func.count(_Q.c.id)).where(*wanted.where())
    return int(db.session.scalar(counted) or 0)


def question_for(user: User, ref: str) -> Any:
    """Return a question, for the desk; raises NotFound for others and for none."""
    _check_desk(user)
    row = db.session.execute(select(_Q).where(_Q.c.ref == ref)).first()
    if row is None:
        raise NotFound(_l("There is no such question."))
    return row


def days_of(user: User, question_id: int) -> Sequence[Any]:
    """Return the days on which a question was asked, the last one first; for the desk."""
    _check_desk(user)
    columns = (_D.c.day, _D.c.answered, _D.c.answered_right)
    mine = select(*columns).where(_D.c.question_id == question_id)
    return db.session.execute(mine.order_by(_D.c.day.desc()).limit(20)).all()


def plan_for(user: User, today: date) -> list[tuple[date, Any]]:
    """Return the days to come with the question that is planned, or None: it is chosen then."""
    _check_desk(user)
    days = [today + timedelta(days=number) for number in range(AHEAD + 1)]
    planned = select(_Q.c.ref, _Q.c.texts, _Q.c.planned_on.label("day"))
    rows = db.session.execute(planned.where(_Q.c.planned_on.in_(days))).all()
    chosen = select(_Q.c.ref, _D.c.texts, _D.c.day).join(_D, _D.c.question_id == _Q.c.id)
    rows = [*rows, *db.session.execute(chosen.where(_D.c.day >= today))]
    by_day = {row.day: row for row in rows}
    return [(day, by_day.get(day)) for day in days]
