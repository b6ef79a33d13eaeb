"""People of the club whom one may name in a text."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select

from portal.accounts.access import User
from portal.accounts.models import Person
from portal.core.db import db
from portal.forum.models import ForumProfile

MOST = 8
_P, _PERSON = ForumProfile.__table__, Person.__table__


def named_like(user: User, begun: str) -> Sequence[Any]:
    """Return people who have written here, whose handle or name begins so: handle, name.

    Whoever never wrote is not shown to others; nor is one shown to himself.
    """
    text = begun.lower().lstrip("@")
    pattern = f"{_plain(text)}%"
    like = (_P.c.handle.like(pattern, escape="!"), _PERSON.c.name.ilike(pattern, escape="!"))
    query = (
        select(_P.c.handle, _PERSON.c.name)
        .join(_PERSON, _PERSON.c.id == _P.c.person_id)
        .where(_P.c.posts_written > 0, _P.c.person_id != user.person_id, or_(*like))
        .order_by(_P.c.posts_written.desc(), _P.c.person_id)
        .limit(MOST)
    )
    return db.session.execute(query).all()


def _plain(text: str) -> str:
    return "".join(f"!{sign}" if sign in "!%_" else sign for sign in text[:30])
