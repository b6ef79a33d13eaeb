"""Somebody's own notices; nobody asks for another's."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import and_, bindparam, or_, select

from portal.accounts.access import User
from portal.core import pagination
from portal.core.db import db, reading
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.core.pagination import Page
from portal.core.prepared import Prepared
from portal.notifications import people, visible
from portal.notifications.models import Notice, NoticeReader
from portal.notifications.visible import Seen

LIMIT = 30
ROUNDS = 4  # of so many, where most are about what may not be shown any more
_N, _R = Notice.__table__, NoticeReader.__table__
_UNREAD = Prepared(select(_R.c.unread).where(_R.c.person_id == bindparam("person")))


def unread_of(person_id: int) -> int:
    """Return how many notices somebody has not read, as it is kept for him."""
    row = _UNREAD.first(reading(), {"person": person_id})
    return 0 if row is None else int(row.unread)


def notices_for(user: User, *, only_unread: bool, after: str | None = None) -> Page[Seen]:
    """Return what somebody may be shown of his notices, the latest first."""
    on = db.session.connection()
    who = people.listener(user.person_id, on=on)
    place = pagination.decode(after, str, int)
    found: list[Seen] = []
    for _round in range(ROUNDS):
        rows = _rows(user.person_id, only_unread, place)
        found += visible.seen(who, rows[:LIMIT], on=on)
        place = _key(rows[LIMIT - 1]) if len(rows) > LIMIT else None
        if place is None or len(found) >= LIMIT:
            break
    if len(found) > LIMIT:
        return pagination.cut(found, LIMIT, lambda each: _key(each.notice))
    return Page(found, None if place is None else pagination.encode(place))


def _rows(person_id: int, only_unread: bool, place: list[Any] | None) -> Sequence[Any]:
    query = select(_N).where(_N.c.person_id == person_id)
    if only_unread:
        query = query.where(_N.c.read_at.is_(None))
    if place is not None:
        query = query.where(_behind(*place))
    order = (_N.c.at.desc(), _N.c.id.desc())
    return db.session.execute(query.order_by(*order).limit(LIMIT + 1)).all()


def _key(row: Any) -> list[Any]:
    return [row.at.isoformat(), row.id]


def _behind(at: str, id_: int) -> Any:
    try:
        when = datetime.fromisoformat(at).astimezone(UTC)
    except ValueError:
        raise pagination.not_ours() from None
    return or_(_N.c.at < when, and_(_N.c.at == when, _N.c.id < id_))


def notice_for(user: User, notice_id: int) -> Seen:
    """Return one notice of somebody's own that he may be shown; raises NotFound otherwise."""
    mine = (_N.c.id == notice_id, _N.c.person_id == user.person_id)
    rows = db.session.execute(select(_N).where(*mine)).all()
    on = db.session.connection()
    shown = visible.seen(people.listener(user.person_id, on=on), rows, on=on) if rows else []
    if not shown:
        raise NotFound(_l("What this notice was about is not shown any more."))
    return shown[0]


def person_of(person_id: int) -> Any:
    """Return who gets the mails that a link stops; None where there is nobody."""
    on = db.session.connection()
    return people.listeners([person_id], on=on).get(person_id)
