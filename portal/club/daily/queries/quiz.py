"""The daily question as somebody may see it: nothing says which answer is right before he has one.

The desk sees questions whole.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, select

from portal.accounts.access import User
from portal.club.daily.models import QuizAnswer, QuizDay, QuizQuestion
from portal.club.daily.rules import quiz as rules
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l

_Q, _D, _A = (model.__table__ for model in (QuizQuestion, QuizDay, QuizAnswer))
AHEAD = 14  # days of the plan that the desk shows


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
        source=row.source if is_known else None,
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


def questions_for(user: User, *, state: str = "", topic: str = "", words: str = "") -> list[Any]:
    """Return questions with how often they were asked and answered, right ones too; for the desk.

    The newest change first.
    """
    _check_desk(user)
    counted = (
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
    wanted = select(_Q, counted).outerjoin(counted, counted.c.question_id == _Q.c.id)
    if state in rules.STATES:
        wanted = wanted.where(_Q.c.state == state)
    if topic in rules.TOPICS:
        wanted = wanted.where(_Q.c.topic == topic)
    found = db.session.execute(wanted.order_by(_Q.c.changed_at.desc(), _Q.c.id.desc())).all()
    return [row for row in found if _holds(row, words)]


def _holds(row: Any, words: str) -> bool:
    sought = words.casefold().split()
    text = " ".join(each.get("ask", "") for each in row.texts.values()).casefold()
    return all(word in text for word in sought)


def counts_for(user: User) -> dict[str, int]:
    """Return state → number of questions; for the desk."""
    _check_desk(user)
    rows = db.session.execute(select(_Q.c.state, func.count()).group_by(_Q.c.state))
    return {row[0]: row[1] for row in rows}


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
