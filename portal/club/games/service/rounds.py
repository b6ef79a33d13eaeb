"""Rounds that count: begun here, handed in once, counted again from their moves."""

from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from portal.accounts.access import User
from portal.accounts.service.companies import new_ref
from portal.club.games.events import RoundScored
from portal.club.games.models import GameBest, GameRound
from portal.club.games.rules import games, weeks
from portal.club.games.rules.moves import Forged, digest
from portal.core import clock, events
from portal.core.db import apart
from portal.core.errors import NotFound, Refused
from portal.core.i18n import lazy as _l
from portal.forum.models import ForumProfile

_R, _B, _P = GameRound.__table__, GameBest.__table__, ForumProfile.__table__


def begin(user: User, game: str, secret: str, *, on: Connection) -> Any:
    """Return the round that somebody is playing, begun now where there is none.

    Raises Refused once the rounds of a day are used up.
    """
    games.get_game(game)
    at = clock.now()
    on.execute(select(_P.c.person_id).where(_P.c.person_id == user.person_id).with_for_update())
    mine = (_R.c.person_id == user.person_id, _R.c.game == game)
    is_open = (*mine, _R.c.state == "open")
    on.execute(update(_R).where(*is_open, _R.c.expires_at <= at).values(state="given_up"))
    running = on.execute(select(_R).where(*is_open)).first()
    if running is not None:
        return running
    if _begun_today(user.person_id, game, at, on) >= games.A_DAY:
        raise Refused(
            _l(
                "You have begun your %(most)s rounds of today. Practice levels are always open.",
                most=games.A_DAY,
            )
        )
    return on.execute(insert(_R).values(**_new(user, game, secret, at)).returning(_R)).one()


def _new(user: User, game: str, secret: str, at: datetime) -> dict[str, Any]:
    week = weeks.week_of(at.astimezone(clock.zone()).date())
    return {
        "ref": new_ref("GR"),
        "person_id": user.person_id,
        "company_id": user.company_id,
        "game": game,
        "week": week,
        "seed": games.week_seed(secret, game, week),
        "state": "open",
        "started_at": at,
        "expires_at": at + games.EXPIRES,
    }


def _begun_today(person_id: int, game: str, at: datetime, on: Connection) -> int:
    mine = (_R.c.person_id == person_id, _R.c.game == game)
    today = _R.c.started_at >= weeks.day_of(at, clock.zone())
    return int(on.execute(select(func.count()).where(*mine, today)).scalar_one())


def give_up(user: User, ref: str, *, on: Connection) -> Any:
    """End a round without a score; return it. Raises NotFound, Refused when it is over."""
    row = _locked(user, ref, on)
    if row.state != "open":
        raise Refused(_l("This round is over."))
    return _ended(row, {"state": "given_up"}, on)


def hand_in(user: User, ref: str, sent: Any, *, on: Connection) -> Any:
    """Count a round from its log; return its row, the same one when the same log comes again.

    A log that cannot come from playing ends the round without a score. Raises NotFound where the
    round is another person’s, Refused where it is over. Records RoundScored.
    """
    row, at = _locked(user, ref, on), clock.now()
    if row.state in ("scored", "refused") and _is_same(row, sent):
        return row
    if row.state != "open":
        raise Refused(_l("This round was handed in before, or given up. It cannot be again."))
    if row.expires_at <= at:
        raise Refused(_l("The time of this round is over. Please begin another one."))
    try:
        score, parts = games.check(row.game, row.seed, _moves(row, sent), at - row.started_at)
        return _scored(row, sent["moves"], (score, parts), at, on=on)
    except Forged as fault:
        return _ended(row, {"state": "refused", "parts": {"code": fault.code}}, on)


def _locked(user: User, ref: str, on: Connection) -> Any:
    mine = select(_R).where(_R.c.ref == ref, _R.c.person_id == user.person_id)
    row = on.execute(mine.with_for_update()).first()
    if row is None:
        raise NotFound(_l("There is no such round, or it is not yours."))
    return row


def _moves(row: Any, sent: Any) -> Any:
    if not isinstance(sent, dict):
        raise Forged("shape")
    if sent.get("round") != row.ref:
        raise Forged("foreign")
    return sent.get("moves")


def _is_same(row: Any, sent: Any) -> bool:
    """Return whether this is what was handed in; of a refused round nothing is kept to compare."""
    if row.state == "refused":
        return True
    return isinstance(sent, dict) and orjson.dumps(sent.get("moves")) == orjson.dumps(row.moves)


def _ended(row: Any, values: dict[str, Any], on: Connection) -> Any:
    mine = update(_R).where(_R.c.id == row.id)
    return on.execute(mine.values(submitted_at=clock.now(), **values).returning(_R)).one()


def _scored(
    row: Any, moves: list[Any], found: tuple[int, dict[str, int]], at: datetime, *, on: Connection
) -> Any:
    """Keep a score. Raises Forged (again) where the same log was counted before."""
    score, parts = found
    values = {"score": score, "parts": parts, "moves": moves, "digest": digest(moves)}
    try:
        with apart(on):
            done = _ended(row, {"state": "scored", **values}, on)
    except IntegrityError:
        raise Forged("again") from None
    _keep_best(done, at, on)
    events.record(
        RoundScored(
            actor_id=row.person_id,
            company_id=row.company_id,
            ref=row.ref,
            game=row.game,
            week=row.week,
            score=score,
        ),
        on=on,
    )
    return done


def _keep_best(row: Any, at: datetime, on: Connection) -> None:
    mine = (_B.c.game == row.game, _B.c.week == row.week, _B.c.person_id == row.person_id)
    best = on.execute(select(_B.c.id, _B.c.score).where(*mine)).first()
    values = {"score": row.score, "round_id": row.id, "at": at, "company_id": row.company_id}
    if best is None:
        whose = {"game": row.game, "week": row.week, "person_id": row.person_id}
        on.execute(insert(_B).values(**whose, **values))
    elif row.score > best.score:
        on.execute(update(_B).where(_B.c.id == best.id).values(**values))
