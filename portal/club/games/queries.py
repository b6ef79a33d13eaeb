"""Rounds and boards, as somebody may see them.

Who has left the boards (a setting of the points) is on none, for nobody but himself.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, exists, func, or_, select

from portal.accounts.access import User
from portal.accounts.models import Company
from portal.club.games.models import GameBest, GameRound, GameWeek
from portal.club.games.rules import games, weeks
from portal.club.points.models import PointAccount
from portal.core import clock
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.forum.models import ForumProfile

SHOWN, WEEKS_SHOWN, OWN_SHOWN = 20, 26, 10
_R, _B, _W, _P, _A, _C = (
    model.__table__
    for model in (GameRound, GameBest, GameWeek, ForumProfile, PointAccount, Company)
)
_NO_ROUND = _l("There is no such round, or it is not yours.")


class Own(NamedTuple):
    """How somebody stands in a game."""

    week_best: int | None
    place: int | None
    ever_best: int | None
    running: Any
    left_today: int
    last: Sequence[Any]


def this_week() -> str:
    """Return the present week."""
    return weeks.week_of(clock.now().astimezone(clock.zone()).date())


def round_for(user: User, ref: str) -> Any:
    """Return somebody’s own round. Raises NotFound."""
    mine = select(_R).where(_R.c.ref == ref, _R.c.person_id == user.person_id)
    found = db.session.execute(mine).first()
    if found is None:
        raise NotFound(_NO_ROUND)
    return found


def _hidden() -> Any:
    return exists().where(_A.c.person_id == _B.c.person_id, _A.c.is_hidden)


def people_for(user: User, game: str, week: str, most: int = SHOWN) -> list[dict[str, Any]]:
    """Return the board of people: place, handle, company, score, is_own; the best first."""
    found = db.session.execute(_ranked(user, game, week).limit(most)).all()
    return [_person(row, place, user) for place, row in enumerate(found, 1)]


def _ranked(user: User, game: str, week: str) -> Select[Any]:
    shown = or_(~_hidden(), _B.c.person_id == user.person_id)
    return (
        select(_B.c.person_id, _B.c.score, _B.c.at, _P.c.handle, _C.c.name.label("company"))
        .join_from(_B, _P, _P.c.person_id == _B.c.person_id)
        .outerjoin(_C, _C.c.id == _B.c.company_id)
        .where(_B.c.game == game, _B.c.week == week, shown)
        .order_by(_B.c.score.desc(), _B.c.at, _B.c.id)
    )


def _person(row: Any, place: int, user: User) -> dict[str, Any]:
    return {
        "place": place,
        "handle": row.handle,
        "company": row.company,
        "score": row.score,
        "at": row.at,
        "is_own": row.person_id == user.person_id,
    }


def companies_for(user: User, game: str, week: str, most: int = SHOWN) -> list[dict[str, Any]]:
    """Return the board of companies: the sum of their best people, the best first."""
    nth = func.row_number().over(
        partition_by=_B.c.company_id, order_by=(_B.c.score.desc(), _B.c.at)
    )
    ranked = (
        select(_B.c.company_id, _B.c.score, nth.label("nth"))
        .where(_B.c.game == game, _B.c.week == week, _B.c.company_id.is_not(None), ~_hidden())
        .subquery()
    )
    total, people = func.sum(ranked.c.score).label("score"), func.count().label("people")
    board = (
        select(ranked.c.company_id, total, people, _C.c.name.label("company"))
        .join_from(ranked, _C, _C.c.id == ranked.c.company_id)
        .where(ranked.c.nth <= games.TEAM)
        .group_by(ranked.c.company_id, _C.c.name)
        .order_by(total.desc(), _C.c.name)
        .limit(most)
    )
    return [
        {
            "place": place,
            "company": row.company,
            "people": row.people,
            "score": int(row.score),
            "is_own": row.company_id == user.company_id,
        }
        for place, row in enumerate(db.session.execute(board), 1)
    ]


def own_for(user: User, game: str, week: str) -> Own:
    """Return how somebody stands in a game in a week, and what he played last."""
    at = clock.now()
    mine = (_B.c.person_id == user.person_id, _B.c.game == game)
    best = db.session.execute(select(_B.c.score, _B.c.at).where(*mine, _B.c.week == week)).first()
    ever = db.session.scalar(select(func.max(_B.c.score)).where(*mine))
    return Own(
        week_best=best.score if best else None,
        place=_place(game, week, best) if best and not _is_hidden(user) else None,
        ever_best=ever,
        running=running_for(user, game, at),
        left_today=max(0, games.A_DAY - _begun(user, game, at)),
        last=_last(user, game),
    )


def _begun(user: User, game: str, at: datetime) -> int:
    """Return how many rounds somebody has begun on the centre’s day of ``at``."""
    mine = (_R.c.person_id == user.person_id, _R.c.game == game)
    today = _R.c.started_at >= weeks.day_of(at, clock.zone())
    return db.session.scalar(select(func.count()).where(*mine, today)) or 0


def running_for(user: User, game: str, at: datetime) -> Any:
    """Return the round that somebody is playing; None where there is none."""
    mine = (_R.c.person_id == user.person_id, _R.c.game == game, _R.c.state == "open")
    return db.session.execute(select(_R).where(*mine, _R.c.expires_at > at)).first()


def _place(game: str, week: str, best: Any) -> int:
    here = (_B.c.game == game, _B.c.week == week, ~_hidden())
    is_same_earlier = (_B.c.score == best.score) & (_B.c.at < best.at)
    better = select(func.count()).where(*here, or_(_B.c.score > best.score, is_same_earlier))
    return int(db.session.scalar(better) or 0) + 1


def _is_hidden(user: User) -> bool:
    asked = select(_A.c.is_hidden).where(_A.c.person_id == user.person_id)
    return bool(db.session.scalar(asked))


def _last(user: User, game: str) -> Sequence[Any]:
    ended = (_R.c.person_id == user.person_id, _R.c.game == game, _R.c.state != "open")
    wanted = select(_R.c.ref, _R.c.week, _R.c.state, _R.c.score, _R.c.started_at).where(*ended)
    return db.session.execute(wanted.order_by(_R.c.started_at.desc()).limit(OWN_SHOWN)).all()


def winners_for(user: User, week: str) -> dict[str, list[dict[str, Any]]]:
    """Return game → who came first in a week that is over: handle, company, score, points.

    Who has left the boards since is not named.
    """
    rows = db.session.execute(select(_W).where(_W.c.week == week)).all()
    ids = {each["person_id"] for row in rows for each in row.winners}
    names = _names(user, ids)
    return {
        row.game: [
            {**each, "handle": names[each["person_id"]], "place": place}
            for place, each in enumerate(row.winners, 1)
            if each["person_id"] in names
        ]
        for row in rows
    }


def _names(user: User, ids: set[int]) -> dict[int, str]:
    hidden = exists().where(_A.c.person_id == _P.c.person_id, _A.c.is_hidden)
    shown = or_(~hidden, _P.c.person_id == user.person_id)
    wanted = select(_P.c.person_id, _P.c.handle).where(_P.c.person_id.in_(ids), shown)
    return {row.person_id: row.handle for row in db.session.execute(wanted)}


def ended_weeks(game: str) -> Sequence[Any]:
    """Return the weeks of a game that are over: week, players; the last one first.

    Also one whose first places wait for rounds that were begun in it.
    """
    wanted = select(_B.c.week, func.count().label("players")).group_by(_B.c.week)
    wanted = wanted.where(_B.c.game == game, _B.c.week < this_week())
    return db.session.execute(wanted.order_by(_B.c.week.desc()).limit(WEEKS_SHOWN)).all()
