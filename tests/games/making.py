"""People who play, and rounds with one call."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from portal.accounts.access import User
from portal.club.games.models import GameRound
from portal.club.games.service import rounds
from portal.core import clock
from portal.core.db import db, write
from portal.forum.service import people
from tests.factories import make_colleague, make_company, user_of
from tests.games import logs

SECRET = "test"


def make_player(company: Any = None, role: str = "operations") -> User:
    """Make a colleague who has entered the club."""
    company = company or make_company()
    user = user_of(make_colleague(company, role), company, role)
    db.session.commit()
    write(lambda on: people.enter(user, on=on))
    return user


def begin(user: User, game: str = "route") -> Any:
    """Begin a round that was begun long enough ago to have been played."""
    row = write(lambda on: rounds.begin(user, game, SECRET, on=on))
    return earlier(row)


def earlier(row: Any, minutes: int = 10) -> Any:
    """Let a round have been begun earlier."""
    table = GameRound.__table__
    at = clock.now() - timedelta(minutes=minutes)
    change = update(table).where(table.c.id == row.id).values(started_at=at)
    write(lambda on: on.execute(change))
    return now(row)


def now(row: Any) -> Any:
    """Return a round as it stands now."""
    table = GameRound.__table__
    db.session.rollback()
    found = db.session.execute(select(table).where(table.c.id == row.id)).one()
    db.session.rollback()
    return found


def hand_in(user: User, row: Any, moves: Any, **other: Any) -> Any:
    """Hand a log in."""
    sent = {"round": row.ref, "moves": moves} | other
    return write(lambda on: rounds.hand_in(user, row.ref, sent, on=on))


def played(user: User, game: str = "route", variant: int = 0) -> Any:
    """Return a round that was played honestly."""
    row = begin(user, game)
    return hand_in(user, row, logs.honest(game, row.seed, variant))
