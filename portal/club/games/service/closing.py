"""The end of a week: its first places are kept and earn points, exactly once.

A week is closed once no round that was begun in it can be handed in any more.
"""

from typing import Any

from sqlalchemy import Connection, exists, func, insert, select

from portal.club.games.events import WeekClosed
from portal.club.games.models import GameBest, GameWeek
from portal.club.games.rules import games, weeks
from portal.club.points.models import PointAccount
from portal.club.points.service import ledger
from portal.core import clock, events
from portal.core.db import db, end_reading, write

_B, _W, _A = GameBest.__table__, GameWeek.__table__, PointAccount.__table__


def run() -> int:
    """Close the weeks that are over; return how many."""
    present = weeks.week_of(clock.now().astimezone(clock.zone()).date())
    closed = exists().where(_W.c.game == _B.c.game, _W.c.week == _B.c.week)
    wanted = select(_B.c.game, _B.c.week).where(_B.c.week < present, ~closed).distinct()
    found = db.session.execute(wanted.order_by(_B.c.week, _B.c.game)).all()
    end_reading()
    return sum(_closed(row.game, row.week) for row in found)


def _closed(game: str, week: str) -> bool:
    return write(lambda on: close(game, week, on=on))


def close(game: str, week: str, *, on: Connection) -> bool:
    """Keep how a week of a game ended; return False where it is not over, or closed before.

    Who has left the boards takes no place. Records WeekClosed.
    """
    if clock.now() < weeks.end_of(week, clock.zone()) + games.EXPIRES:
        return False
    if on.execute(select(_W.c.id).where(_W.c.game == game, _W.c.week == week)).first():
        return False
    players = on.execute(
        select(func.count()).where(_B.c.game == game, _B.c.week == week)
    ).scalar_one()
    first = _first(game, week, on)
    given = _rewarded(first, int(players), on)
    winners = [
        {"person_id": row.person_id, "score": row.score, "points": given[row.person_id]}
        for row in first
    ]
    row = {"game": game, "week": week, "players": players, "winners": winners}
    on.execute(insert(_W).values(**row, closed_at=clock.now()))
    told = WeekClosed(actor_id=None, company_id=None, game=game, week=week, winners=winners)
    events.record(told, on=on)
    return True


def _first(game: str, week: str, on: Connection) -> list[Any]:
    hidden = exists().where(_A.c.person_id == _B.c.person_id, _A.c.is_hidden)
    best = select(_B).where(_B.c.game == game, _B.c.week == week, _B.c.score > 0, ~hidden)
    ranked = best.order_by(_B.c.score.desc(), _B.c.at, _B.c.id).limit(len(games.PRIZES))
    return list(on.execute(ranked))


def _rewarded(first: list[Any], players: int, on: Connection) -> dict[int, int]:
    """Give the points of the first places; return person → points, as the ledger left them.

    Accounts are locked in the order of the people.
    """
    if players < games.LEAST:
        return dict.fromkeys((row.person_id for row in first), 0)
    places = zip(first, games.PRIZES, strict=False)
    in_order = sorted(places, key=lambda place: place[0].person_id)
    return {row.person_id: _earn(row, points, on) for row, points in in_order}


def _earn(best: Any, points: int, on: Connection) -> int:
    cause = f"game:{best.game}:{best.week}"
    person_id, company_id = best.person_id, best.company_id
    return ledger.earn("game", person_id, company_id, cause, points=points, at=best.at, on=on)
