"""What everybody may read: published messages with their public answers, and nothing else.

No statement here selects an address, a telephone number, a file or an unedited word.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, or_, select

from portal.accounts.rules import plain
from portal.core import pagination
from portal.core.db import AnyRow, db
from portal.core.errors import NotFound
from portal.core.pagination import Page
from portal.enquiries.fulltext import BOARD, EVERYBODY
from portal.enquiries.models import PUBLISHED, Message, MessageEntry
from portal.enquiries.queries import places
from portal.enquiries.rules import NOT_FOUND, State

_M, _E = Message.__table__, MessageEntry.__table__
SHOWN = 20
_COLUMNS = (
    _M.c.id,
    _M.c.ref,
    _M.c.topic,
    _M.c.locale,
    _M.c.public_name.label("name"),
    _M.c.public_subject.label("subject"),
    _M.c.public_text.label("text"),
    _M.c.published_at,
    _M.c.created_at,
    _M.c.answered_at,
)


def published(
    *, topic: str = "", text: str = "", after: str | None = None, limit: int = SHOWN
) -> Page[AnyRow]:
    """Return a page of what is published, the newest first; ``text`` must all be found.

    Raises Invalid for a cursor that is not ours.
    """
    query = _published()
    if topic:
        query = query.where(_M.c.topic == topic)
    if (
        text
        and (hits := BOARD.matching(text, owner=EVERYBODY, on=db.session.connection())) is not None
    ):
        query = query.where(_M.c.id.in_(hits))
    if (last := places.read(after)) is not None:
        query = query.where(_older(*last))
    query = query.order_by(_M.c.published_at.desc(), _M.c.id.desc()).limit(limit + 1)
    rows = db.session.execute(query).all()
    return pagination.cut(rows, limit, lambda row: places.of(row.published_at, row.id))


def _published() -> Select[Any]:
    shown = and_(
        _M.c.state == State.PUBLISHED, _M.c.is_private.is_(False), _M.c.merged_into_id.is_(None)
    )
    return select(*_COLUMNS).where(shown).execution_options(**PUBLISHED)


def _older(at: datetime, id_: int) -> Any:
    return or_(_M.c.published_at < at, and_(_M.c.published_at == at, _M.c.id < id_))


def published_one(ref: str) -> AnyRow:
    """Return one message of the board. Raises NotFound for any other."""
    found = db.session.execute(_published().where(_M.c.ref == plain(ref)[:20])).first()
    if found is None:
        raise NotFound(NOT_FOUND)
    return found


def public_answers(messages: Sequence[Any]) -> dict[int, list[AnyRow]]:
    """Return message id → its public answers, oldest first: text, author_name, author_role."""
    answers: dict[int, list[AnyRow]] = {message.id: [] for message in messages}
    query = (
        select(
            _E.c.message_id,
            _E.c.ref,
            _E.c.text,
            _E.c.author_name,
            _E.c.author_role,
            _E.c.created_at,
        )
        .where(_E.c.message_id.in_(answers), _E.c.kind == "answer", _E.c.is_public.is_(True))
        .order_by(_E.c.id)
        .execution_options(**PUBLISHED)
    )
    for row in db.session.execute(query) if answers else ():
        answers[row.message_id].append(row)
    return answers
