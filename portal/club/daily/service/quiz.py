"""The daily question: whose turn it is, and answering it once.

Lock order: how the person stands (``daily_person``), the day, then his account of points.
"""

import secrets
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from portal.accounts.access import User
from portal.club.daily.events import QuizAnswered
from portal.club.daily.models import DailyPerson, QuizAnswer, QuizDay, QuizQuestion
from portal.club.daily.rules import quiz as rules
from portal.club.daily.service import visits
from portal.club.points.service import ledger
from portal.core import clock, events
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l

_Q, _D, _A, _P = (m.__table__ for m in (QuizQuestion, QuizDay, QuizAnswer, DailyPerson))


def today() -> date:
    """Return the day of the question: the centre's, so that all have the same one."""
    return clock.now().astimezone(clock.zone()).date()


def ask(day: date, secret: str, *, on: Connection) -> Any:
    """Return the question of a day, chosen now where it was not; None where there is none."""
    known = on.execute(select(_D).where(_D.c.day == day)).first()
    if known is not None:
        return known
    columns = (_Q.c.id, _Q.c.ref, _Q.c.turn, _Q.c.planned_on)
    ready = on.execute(select(*columns).where(_Q.c.state == "ready").order_by(_Q.c.id))
    chosen = rules.chosen([rules.Turn(*row) for row in ready], day, secret)
    return None if chosen is None else _asked(chosen.id, day, on)


def _asked(question_id: int, day: date, on: Connection) -> Any:
    """Keep the question of a day, whoever was first to choose it."""
    row = on.execute(select(_Q).where(_Q.c.id == question_id)).one()
    same = {name: getattr(row, name) for name in ("texts", "right", "link", "source")}
    values = {"day": day, "question_id": row.id, "salt": secrets.token_hex(16), **same}
    made = visits.new(_D, on).values(**values, answered=0, answered_right=0)
    first = on.execute(made.on_conflict_do_nothing().returning(_D.c.day)).first()
    if first is not None:
        mine = update(_Q).where(_Q.c.id == row.id)
        on.execute(mine.values(turn=row.turn + 1, planned_on=None))
    return on.execute(select(_D).where(_D.c.day == day)).one()


def answer(user: User, day: str, place: object, *, on: Connection) -> Any:
    """Answer the question of today; return the answer's row, the first one for ever.

    ``day`` is the one whose question was read, ``place`` where the chosen option stood. Raises
    Refused for the question of another day, and where nothing was chosen. Records QuizAnswered.
    """
    row, now = visits.locked(user.person_id, on), today()
    if day != now.isoformat():
        raise Refused(_l("That was the question of another day. Here is the one of today."))
    mine = (_A.c.person_id == user.person_id, _A.c.day == now)
    before = on.execute(select(_A).where(*mine)).first()
    if before is not None:
        return before
    asked = on.execute(select(_D).where(_D.c.day == now)).first()
    if asked is None or place not in ("0", "1", "2", "3"):
        raise Refused(_l("Choose one of the four answers."))
    choice = rules.order_of(asked.salt, user.person_id)[int(str(place))]
    return _kept(user, row, asked, choice, on)


def _kept(user: User, row: Any, asked: Any, choice: int, on: Connection) -> Any:
    is_right, at = choice == asked.right, clock.now()
    counted = {"answered": _D.c.answered + 1, "answered_right": _D.c.answered_right + int(is_right)}
    on.execute(update(_D).where(_D.c.day == asked.day).values(**counted))
    on.execute(standing(row, asked.day, is_right))
    whose, cause = (user.person_id, user.company_id), f"quiz:{asked.day.isoformat()}"
    points = ledger.earn("quiz", *whose, cause, at=at, on=on) if is_right else 0
    values = {"day": asked.day, "person_id": user.person_id, "choice": choice, "at": at}
    made = insert(_A).values(**values, is_right=is_right, points=points).returning(_A)
    kept = on.execute(made).one()
    told = {"person_id": user.person_id, "day": asked.day.isoformat(), "is_right": is_right}
    events.record(QuizAnswered(actor_id=user.person_id, company_id=user.company_id, **told), on=on)
    return kept


def standing(row: Any, day: date, is_right: bool) -> Any:
    """Return the change of how somebody stands with an answer of a day."""
    streak = rules.streak(row.quiz_on, row.quiz_streak, day, is_right)
    return (
        update(_P)
        .where(_P.c.person_id == row.person_id)
        .values(
            quiz_on=day,
            quiz_streak=streak,
            quiz_longest=max(row.quiz_longest, streak),
            quiz_answered=row.quiz_answered + 1,
            quiz_right=row.quiz_right + is_right,
        )
    )


def least_turn(on: Connection) -> int:
    """Return with which turn a question joins: it is not asked again and again to catch up."""
    return int(on.scalar(select(func.min(_Q.c.turn)).where(_Q.c.state == "ready")) or 0)


def check_plan(day: date) -> None:
    """Raise Refused for a day that nobody can plan."""
    if not today() < day <= today() + rules.PLANNED_AHEAD:
        raise Refused(_l("Plan a day from tomorrow on, within the next year."))


def is_alive(row: Any) -> bool:
    """Return whether the right answers in a row of somebody can still go on."""
    return row is not None and row.quiz_on is not None and today() - row.quiz_on <= timedelta(1)
