"""Talks of somebody: his list, one of them, what he has not read."""

from types import SimpleNamespace
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, func, select

from portal.accounts.access import User
from portal.accounts.models import Person
from portal.club.direct.models import DirectGone, DirectMessage, DirectSide, DirectTalk
from portal.club.people.queries.standing import is_here, shown_name
from portal.core import markdown, pagination
from portal.core.db import db, reading
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.core.pagination import Page
from portal.core.prepared import Prepared
from portal.forum.models import ForumProfile

LIMIT = 30  # talks on a page
BEGINNING = 120  # characters of the last message in the list
_T, _SIDE, _M, _GONE, _PERSON, _PROFILE = (
    model.__table__
    for model in (DirectTalk, DirectSide, DirectMessage, DirectGone, Person, ForumProfile)
)
_THEIRS = _SIDE.alias("theirs")
_UNREAD = Prepared(
    select(func.coalesce(func.sum(_SIDE.c.unread), 0).label("unread")).where(
        _SIDE.c.person_id == bindparam("person"), _SIDE.c.last_id > 0
    )
)


def unread_for(user: User) -> int:
    """Return how many messages somebody has not read."""
    found = _UNREAD.first(reading(), {"person": user.person_id})
    return int(found.unread)


def _mine(user: User) -> Select[Any]:
    """Return the talks of somebody, each with who the other is."""
    return (
        select(
            _T.c.id,
            *(_T.c[name] for name in ("ref", "last_no", "begun_by_id")),
            *(_SIDE.c[name] for name in ("other_id", "read_no", "unread", "gone_no", "last_id")),
            shown_name().label("other_name"),
            _PERSON.c.staff_role.label("other_staff_role"),
            _PROFILE.c.handle,
            _PROFILE.c.is_listed,
        )
        .join_from(_SIDE, _T, _T.c.id == _SIDE.c.talk_id)
        .join(_PERSON, _PERSON.c.id == _SIDE.c.other_id)
        .outerjoin(_PROFILE, _PROFILE.c.person_id == _SIDE.c.other_id)
        .where(_SIDE.c.person_id == user.person_id)
    )


def talks_for(user: User, *, only_unread: bool = False, after: str | None = None) -> Page[Any]:
    """Return the talks of somebody, the last written first, with how the last message begins.

    A row has ``said`` (None: removed, or deleted by him), ``said_by`` and ``said_at``.
    """
    gone = and_(_GONE.c.message_id == _M.c.id, _GONE.c.person_id == user.person_id)
    kept = and_(_M.c.state == "visible", _GONE.c.message_id.is_(None))
    query = (
        _mine(user)
        .add_columns(_M.c.author_id.label("said_by"), _M.c.created_at.label("said_at"))
        .add_columns(case((kept, _M.c.text)).label("said"))
        .join(_M, _M.c.id == _SIDE.c.last_id)
        .outerjoin(_GONE, gone)
        .order_by(_SIDE.c.last_id.desc())
        .limit(LIMIT + 1)
    )
    if only_unread:
        query = query.where(_SIDE.c.unread > 0)
    if (last := pagination.decode_number(after)) is not None:
        query = query.where(_SIDE.c.last_id < last)
    rows = [_begun(row) for row in db.session.execute(query)]
    return pagination.cut(rows, LIMIT, lambda row: (row.last_id,))


def _begun(row: Any) -> Any:
    said = None if row.said is None else markdown.plain(row.said, BEGINNING)
    return SimpleNamespace(**{**row._mapping, "said": said})


def talk_for(user: User, ref: str) -> Any:
    """Return a talk of somebody, with ``their_no``: how far the other has read it.

    Raises NotFound alike for what is missing and what is not his, whoever he is.
    """
    theirs = and_(_THEIRS.c.talk_id == _T.c.id, _THEIRS.c.person_id == _SIDE.c.other_id)
    query = (
        _mine(user)
        .add_columns(_THEIRS.c.read_no.label("their_no"), is_here().label("is_here"))
        .join(_THEIRS, theirs)
        .where(_T.c.ref == ref)
    )
    found = db.session.execute(query).first()
    if found is None:
        raise NotFound(_l("There is no such conversation."))
    return found


def talk_with(user: User, person_id: int) -> str | None:
    """Return the reference of the talk of two people; None where they have none."""
    mine = (_SIDE.c.person_id == user.person_id, _SIDE.c.other_id == person_id)
    query = select(_T.c.ref).join_from(_SIDE, _T, _T.c.id == _SIDE.c.talk_id).where(*mine)
    return db.session.scalar(query)
