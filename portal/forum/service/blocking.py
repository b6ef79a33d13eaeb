"""Hearing nothing from somebody. It is nobody else's business: no event, and he is not told."""

from sqlalchemy import Connection, delete, insert

from portal.accounts.access import User
from portal.core import clock
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.forum.models import ForumBlock
from portal.forum.queries.blocks import is_blocked

_B = ForumBlock.__table__


def block(user: User, person_id: int, *, on: Connection) -> None:
    """Let ``user`` hear nothing from a person any more: no messages, no notices, posts folded.

    Raises Refused for oneself.
    """
    if user.person_id == person_id:
        raise Refused(_l("You cannot block yourself."))
    if user.person_id is not None and not is_blocked(user.person_id, person_id, on=on):
        row = {"person_id": user.person_id, "blocked_id": person_id, "at": clock.now()}
        on.execute(insert(_B).values(**row))


def unblock(user: User, person_id: int, *, on: Connection) -> None:
    """Let ``user`` hear from a person again."""
    mine = (_B.c.person_id == user.person_id, _B.c.blocked_id == person_id)
    on.execute(delete(_B).where(*mine))
