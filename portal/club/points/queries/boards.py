"""Boards: places of people and companies in a period, from counters that are kept."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, text, tuple_

from portal.accounts.access import User
from portal.accounts.models import Company, Person
from portal.club.points import rules
from portal.club.points.models import PointStanding
from portal.core import clock
from portal.core.db import db
from portal.core.pagination import Page, cut, decode
from portal.forum.models import ForumProfile

_S, _PERSON, _COMPANY, _PROFILE = (
    model.__table__ for model in (PointStanding, Person, Company, ForumProfile)
)
SIZE = 25  # places on a page
KINDS = ("person", "company")
LENGTHS = ("month", "year", "all")
#: As the index says it, so that both databases use it.
_SHOWN = text("is_shown AND points > 0")
#: Places behind this one are not counted: the page says “behind”.
COUNTED = 2000


@dataclass(frozen=True)
class Board:
    """A page of a board: rows with ``place``; the reader's own row where he has one."""

    page: Page[Any]
    first: int  # place of the first row
    own: Any
    own_place: int | None  # None: he is on no place, or behind COUNTED


def period_of(length: str) -> str:
    """Return the present period of a length: ``2026-11``, ``2026``, ``all``."""
    periods = rules.periods_of(clock.now(), clock.zone())
    return periods[LENGTHS.index(length)] if length in LENGTHS else periods[0]


def board_for(user: User, kind: str, period: str, *, after: str | None = None) -> Board:
    """Return a page of a board, and the reader's own place on it (his company's)."""
    cursor = decode(after, int, int, int)
    wanted = _named(kind).where(_S.c.period == period, _S.c.kind == kind, _SHOWN)
    first = 1
    if cursor is not None:
        first, points, subject = cursor
        wanted = wanted.where(tuple_(_S.c.points, _S.c.subject_id) < (points, subject))
    ordered = wanted.order_by(_S.c.points.desc(), _S.c.subject_id.desc()).limit(SIZE + 1)
    rows = db.session.execute(ordered).all()
    page = cut(rows, SIZE, lambda row: [first + SIZE, row.points, row.subject_id])
    own = _own(user, kind, period)
    return Board(page, first, own, None if own is None else _place(own, kind, period))


def _named(kind: str) -> Any:
    if kind == "company":
        chosen = select(_S.c.subject_id, _S.c.points, _COMPANY.c.name)
        return chosen.join(_COMPANY, _COMPANY.c.id == _S.c.subject_id)
    chosen = select(_S.c.subject_id, _S.c.points, _PERSON.c.name, _PROFILE.c.handle)
    return chosen.join(_PERSON, _PERSON.c.id == _S.c.subject_id).outerjoin(
        _PROFILE, _PROFILE.c.person_id == _S.c.subject_id
    )


def _own(user: User, kind: str, period: str) -> Any:
    subject = user.person_id if kind == "person" else user.company_id
    mine = (_S.c.period == period, _S.c.kind == kind, _S.c.subject_id == subject, _SHOWN)
    return db.session.execute(select(_S.c.subject_id, _S.c.points).where(*mine)).first()


def _place(own: Any, kind: str, period: str) -> int | None:
    """Return the place of a row: one more than there are before it; None behind COUNTED."""
    before = (
        select(_S.c.subject_id)
        .where(_S.c.period == period, _S.c.kind == kind, _SHOWN)
        .where(tuple_(_S.c.points, _S.c.subject_id) > (own.points, own.subject_id))
        .limit(COUNTED)
    )
    number = int(db.session.scalar(select(func.count()).select_from(before.subquery())) or 0)
    return None if number == COUNTED else number + 1
