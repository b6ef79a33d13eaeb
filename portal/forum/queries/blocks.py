"""Whom somebody does not want to hear."""

from sqlalchemy import Connection, bindparam, select

from portal.accounts.access import User
from portal.core.db import reading
from portal.core.prepared import Prepared
from portal.forum.models import ForumBlock

_B = ForumBlock.__table__
_BLOCKED = Prepared(select(_B.c.blocked_id).where(_B.c.person_id == bindparam("person")))
_BLOCKING = Prepared(select(_B.c.person_id).where(_B.c.blocked_id == bindparam("person")))


def blocked_by(user: User) -> frozenset[int]:
    """Return the ids of the people whom somebody has blocked."""
    return frozenset(row.blocked_id for row in _BLOCKED.all(reading(), {"person": user.person_id}))


def apart_from(user: User) -> frozenset[int]:
    """Return the ids of the people who have blocked somebody, and of those whom he has blocked."""
    mine = {"person": user.person_id}
    return blocked_by(user) | {row.person_id for row in _BLOCKING.all(reading(), mine)}


def is_blocked(by_id: int, person_id: int, *, on: Connection) -> bool:
    """Return whether ``by_id`` has blocked ``person_id``."""
    mine = (_B.c.person_id == by_id, _B.c.blocked_id == person_id)
    return on.scalar(select(_B.c.person_id).where(*mine)) is not None
