"""Taking a quiz: begin, keep what was answered, hand in."""

import secrets
from typing import Any

from sqlalchemy import Connection, insert, select, update

from portal.core import clock, events
from portal.core.db import AnyRow
from portal.core.errors import FieldError, Invalid, Refused
from portal.core.i18n import lazy as _l
from portal.learning.events import QuizTaken
from portal.learning.models import Attempt, WorkVersion
from portal.learning.rules import quiz
from portal.learning.rules.certificates import LETTERS

_A, _V = Attempt.__table__, WorkVersion.__table__
SEEDS = 2**31 - 1


def begin(person_id: int, work_id: int, version_id: int, *, on: Connection) -> str:
    """Return the reference of the open attempt of a person, a new one where there is none."""
    own = (_A.c.person_id == person_id, _A.c.work_id == work_id, _A.c.ended_at.is_(None))
    if (known := on.scalar(select(_A.c.ref).where(*own))) is not None:
        return str(known)
    ref = "QA" + "".join(secrets.choice(LETTERS) for _ in range(8))
    begun = insert(_A).values(
        ref=ref,
        person_id=person_id,
        work_id=work_id,
        version_id=version_id,
        seed=secrets.randbelow(SEEDS),
        answers={},
        started_at=clock.now(),
    )
    on.execute(begun)
    return ref


def keep(attempt: AnyRow, given: quiz.Answers, *, on: Connection) -> None:
    """Keep what was answered so far. Raises Refused once it was handed in."""
    _refuse_ended(attempt)
    answers = quiz.cleaned(_version(attempt, on).questions, given)
    on.execute(update(_A).where(_A.c.id == attempt.id).values(answers=answers))


def hand_in(
    attempt: AnyRow, given: quiz.Answers, *, kind: str, slug: str, on: Connection
) -> quiz.Result:
    """Mark an attempt and keep it for good. Records QuizTaken.

    Raises Invalid, naming each, while questions are unanswered; Refused once it was handed in.
    """
    _refuse_ended(attempt)
    version = _version(attempt, on)
    answers = quiz.cleaned(version.questions, given)
    if missing := quiz.unanswered(version.questions, answers):
        sentence = _l("Answer this question too.")
        raise Invalid(sentence, [FieldError(id_, sentence) for id_ in missing])
    result = quiz.mark(version.questions, answers, version.settings["pass_percent"])
    ended = {
        "answers": answers,
        "correct": result.correct,
        "asked": len(result.marked),
        "passed": result.passed,
        "ended_at": clock.now(),
    }
    open_still = update(_A).where(_A.c.id == attempt.id, _A.c.ended_at.is_(None))
    if not on.execute(open_still.values(ended)).rowcount:
        raise Refused(_ENDED)
    taken = QuizTaken(
        actor_id=attempt.person_id,
        kind=kind,
        slug=slug,
        ref=attempt.ref,
        percent=result.percent,
        passed=result.passed,
    )
    events.record(taken, on=on)
    return result


_ENDED = _l("This attempt was handed in already. Its result stands below.")


def _refuse_ended(attempt: AnyRow) -> None:
    if attempt.ended_at is not None:
        raise Refused(_ENDED)


def _version(attempt: AnyRow, on: Connection) -> Any:
    return on.execute(select(_V).where(_V.c.id == attempt.version_id)).one()
