"""The demo's games: rounds that people of the club played, honest logs all of them.

Every score is counted by the rules of the games, as that of a round handed in would be.
"""

from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import Connection, insert, select, update

from portal.accounts.access import User
from portal.accounts.models import Membership, Person
from portal.accounts.roles import rights_of
from portal.club.games.models import GameBest, GameRound, GameWeek
from portal.club.games.rules import games, route_levels, sort_levels, truck_levels, weeks
from portal.club.games.rules.chance import Chance
from portal.club.games.rules.moves import Move, digest
from portal.club.games.service import closing
from portal.core import clock
from portal.forum.service import people

PLAYERS, WEEKS = 12, 2
_ROUND, _BEST, _WEEK = (model.__table__ for model in (GameRound, GameBest, GameWeek))


def load(now: datetime, *, on: Connection) -> None:
    """Let people play this week and the last ones; close what is over."""
    players = _players(on)
    chance = Chance(now.year * 400 + now.timetuple().tm_yday)
    week = weeks.week_of(now.astimezone(clock.zone()).date())
    for back in range(WEEKS + 1):
        for game in games.GAMES:
            if back:
                _play(game, week, players, _end(week) - timedelta(days=3), chance, on=on)
                _close(game, week, on)
            else:
                _play(game, week, players[: PLAYERS * 2 // 3], now, chance, on=on)
        week = weeks.before(week)


def _end(week: str) -> datetime:
    return weeks.end_of(week, clock.zone())


def _players(on: Connection) -> list[User]:
    """Return people who are known to the club: colleagues of members, and two of the staff."""
    wanted = (
        select(Person.id, Person.name, Person.email, Membership.role, Membership.company_id)
        .join_from(Membership, Person, Person.id == Membership.person_id)
        .order_by(Membership.role.desc(), Membership.id)
    )
    found: dict[int, User] = {}
    for row in on.execute(wanted):
        if row.id not in found and len(found) < PLAYERS:
            found[row.id] = _user(row, company_id=row.company_id, role=row.role)
    staff = select(Person.id, Person.name, Person.email, Person.staff_role)
    roles = ("moderator", "warehouse")
    for one in on.execute(staff.where(Person.staff_role.in_(roles)).order_by(Person.id)):
        found[one.id] = _user(one, staff_role=one.staff_role)
    for user in found.values():
        people.enter(user, on=on)
    return list(found.values())


def _user(row: Any, **more: Any) -> User:
    rights = rights_of(more.get("role"), more.get("staff_role"))
    return User(person_id=row.id, name=row.name, email=row.email, rights=rights, **more)


def _play(
    game: str, week: str, players: list[User], until: datetime, chance: Chance, *, on: Connection
) -> None:
    seed = games.week_seed(current_app.config["SECRET_KEY"], game, week)
    first = max(until - timedelta(days=3), _end(week) - timedelta(days=7))
    span_s = max(1, int((until - first).total_seconds()) - 1800)
    for user in players:
        if chance.below(100) < 80:
            at = first + timedelta(seconds=chance.below(span_s))
            moves = _log(game, seed, chance, user.person_id % 97)
            _keep(_row(game, week, seed, moves, at), user, on)


def _log(game: str, seed: int, chance: Chance, own_ms: int) -> list[Move]:
    """Return a log of somebody who plays well, or less well."""
    pause = 3000 + own_ms + chance.below(2000)
    if game == "truck":
        way = truck_levels.our_way(seed)[1]
        return truck_levels.log_of(way[: len(way) - chance.below(5)], pause)
    if game == "route":
        tour = list(route_levels.best_of(route_levels.level(seed)))
        for _ in range(chance.below(3)):
            at = chance.below(len(tour) - 1)
            tour[at], tour[at + 1] = tour[at + 1], tour[at]
        return route_levels.log_of(tour, pause)
    return sort_levels.log_of(sort_levels.level(seed), chance, slips=2 + chance.below(20))


def _row(game: str, week: str, seed: int, moves: list[Move], at: datetime) -> dict[str, Any]:
    length = timedelta(milliseconds=moves[-1][0]) + timedelta(seconds=20)
    score, parts = games.check(game, seed, moves, length)
    return {
        "game": game,
        "week": week,
        "seed": seed,
        "state": "scored",
        "score": score,
        "parts": parts,
        "moves": moves,
        "digest": digest(moves),
        "started_at": at,
        "expires_at": at + games.EXPIRES,
        "submitted_at": at + length,
    }


def _keep(row: dict[str, Any], user: User, on: Connection) -> None:
    whose = {"person_id": user.person_id, "company_id": user.company_id}
    ref = f"GR{row['digest'][:8].upper()}"
    made = insert(_ROUND).values(**row, **whose, ref=ref).returning(_ROUND.c.id)
    best = {"game": row["game"], "week": row["week"], "score": row["score"]}
    round_id = on.scalar(made)
    on.execute(insert(_BEST).values(**best, **whose, round_id=round_id, at=row["submitted_at"]))


def _close(game: str, week: str, on: Connection) -> None:
    closing.close(game, week, on=on)
    mine = (_WEEK.c.game == game, _WEEK.c.week == week)
    on.execute(update(_WEEK).where(*mine).values(closed_at=_end(week) + games.EXPIRES))
