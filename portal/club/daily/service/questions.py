"""Questions at the desk: written, planned for a day, retired."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, insert, select, update

from portal.accounts.access import User
from portal.accounts.service.companies import new_ref
from portal.club.daily.events import QuestionChanged
from portal.club.daily.models import QuizQuestion
from portal.club.daily.rules import quiz as rules
from portal.club.daily.service import quiz
from portal.core import clock, events
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l

_Q = QuizQuestion.__table__


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a question says, checked in shape."""

    topic: str
    texts: dict[str, Any]
    right: int
    link: str | None
    source: str


def make(said: Said, by: User | None, *, slug: str | None = None, on: Connection) -> str:
    """Write a question, a draft; return its reference. Records QuestionChanged."""
    _check(said)
    ref = new_ref("QQ")
    row = {**said.__dict__, "ref": ref, "slug": slug, "state": "draft", "turn": 0, "version": 1}
    made_by = None if by is None else by.person_id
    on.execute(insert(_Q).values(**row, made_by_id=made_by, changed_at=clock.now()))
    _tell(ref, "draft", 1, by, on)
    return ref


def edit(ref: str, said: Said, by: User, *, base: int, on: Connection) -> None:
    """Let a question say something else from its next day on. Records QuestionChanged.

    Raises Refused where somebody edited it meanwhile, or one that is asked would lack a language.
    """
    _check(said)
    row = _locked(ref, on)
    if row.version != base:
        raise Refused(_l("Somebody has edited this question meanwhile. Look at it and edit again."))
    if row.state == "ready" and rules.missing(said.texts):
        raise Refused(_l("This question is asked: it must be whole in all three languages."))
    _change(row, by, on, **said.__dict__)


def move(ref: str, to: str, by: User, *, on: Connection) -> None:
    """Let a question be asked, or retire it. Raises Refused where it is not whole."""
    row = _locked(ref, on)
    if to not in ("ready", "retired"):
        raise Refused(_l("Choose what is to be done."))
    if row.state == to:
        return
    if to == "retired":
        _change(row, by, on, state=to, planned_on=None)
        return
    if rules.missing(row.texts):
        raise Refused(_l("It can be asked once it is whole in all three languages."))
    _change(row, by, on, state=to, turn=max(row.turn, quiz.least_turn(on)))


def plan(ref: str, day: date | None, by: User, *, on: Connection) -> None:
    """Keep a question for a day, or for none. Raises Refused where the day has one already."""
    row = _locked(ref, on)
    if day is not None:
        quiz.check_plan(day)
        if row.state != "ready":
            raise Refused(_l("Only a question that is ready can be planned."))
        if on.scalar(select(_Q.c.id).where(_Q.c.planned_on == day, _Q.c.id != row.id)):
            raise Refused(_l("Another question is planned for that day."))
    _change(row, by, on, planned_on=day)


def _check(said: Said) -> None:
    if rules.are_alike(said.texts):
        raise Refused(_l("Two of the answers say the same. Each must be another one."))


def _locked(ref: str, on: Connection) -> Any:
    return on.execute(select(_Q).where(_Q.c.ref == ref).with_for_update()).one()


def _change(row: Any, by: User, on: Connection, **values: Any) -> None:
    version = row.version + 1
    mine = update(_Q).where(_Q.c.id == row.id)
    on.execute(mine.values(**values, version=version, changed_at=clock.now()))
    _tell(row.ref, values.get("state", row.state), version, by, on)


def _tell(ref: str, state: str, version: int, by: User | None, on: Connection) -> None:
    actor = None if by is None else by.person_id
    told = QuestionChanged(actor_id=actor, company_id=None, ref=ref, state=state, version=version)
    events.record(told, on=on)
