"""A company's own messages, and what is known of recent ones when another comes."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from portal.accounts.access import User
from portal.core import clock, pagination, scope
from portal.core.db import AnyRow, db
from portal.core.pagination import Page
from portal.enquiries.models import Message
from portal.enquiries.queries.threads import visible_to

_M = Message.__table__
SHOWN = 30
KNOWN_FOR = timedelta(days=7)
MOST_KNOWN = 200


def messages_of(user: User, *, after: str | None = None, limit: int = SHOWN) -> Page[AnyRow]:
    """Return the messages of the person's company, the newest first. Raises Invalid."""
    query = visible_to(user, select(_M))
    if (last := pagination.decode_number(after)) is not None:
        query = query.where(_M.c.id < last)
    rows = db.session.execute(query.order_by(_M.c.id.desc()).limit(limit + 1)).all()
    return pagination.cut(rows, limit, lambda row: (row.id,))


def lately(sender: str | None) -> tuple[int, list[tuple[str, list[int]]]]:
    """Return how many came from a sender within the hour, and what came lately from anybody:
    (fingerprint, sketch) of each.
    """
    since = clock.now() - KNOWN_FOR
    query = select(_M.c.fingerprint, _M.c.sketch).where(_M.c.created_at >= since)
    rows = db.session.execute(
        query.order_by(_M.c.created_at.desc()).limit(MOST_KNOWN).execution_options(**scope.CENTRE)
    )
    return _from(sender), [(row.fingerprint, row.sketch) for row in rows]


def _from(sender: str | None) -> int:
    if sender is None:
        return 0
    hour = _M.c.created_at >= clock.now() - timedelta(hours=1)
    counted = select(func.count()).where(hour, _M.c.sender == sender)
    return int(db.session.scalar(counted.execution_options(**scope.CENTRE)) or 0)


def sent_by(form_name: str | None) -> Any:
    """Return the message that was sent by a form, None if it was not sent yet."""
    if form_name is None:
        return None
    query = select(_M).where(_M.c.form_name == form_name)
    return db.session.execute(query.execution_options(**scope.CENTRE)).first()
