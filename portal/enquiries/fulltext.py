"""What of a message can be searched for: all of it at the desk, what is published on the board."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, select

from portal.core import scope, search
from portal.core.fulltext import FullText
from portal.enquiries.models import Message, MessageEntry
from portal.enquiries.rules import State

DESK = FullText("message_words")
BOARD = FullText("board_words")
EVERYBODY = 0  # owner of all of them
_M, _E = Message.__table__, MessageEntry.__table__


def renew(message_id: int, *, on: Connection) -> None:
    """Make a message findable by what it, its answers and additions say now."""
    message = on.execute(select(_M).where(_M.c.id == message_id).execution_options(**scope.CENTRE))
    said = on.execute(
        select(_E.c.text, _E.c.is_public)
        .where(_E.c.message_id == message_id)
        .order_by(_E.c.id)
        .execution_options(**scope.CENTRE)
    ).all()
    row = message.one()
    DESK.change(row.id, EVERYBODY, _desk_words(row, (each.text for each in said)), on=on)
    public = (each.text for each in said if each.is_public)
    BOARD.change(row.id, EVERYBODY, _board_words(row, public), on=on)


def _desk_words(row: Any, said: Iterable[str]) -> str:
    phone = row.phone or ""
    heads = (row.ref, row.name, row.company_name, row.email, phone, phone[-4:])
    return search.document(*heads, row.subject, row.text, row.public_subject, *said)


def _board_words(row: Any, said: Iterable[str]) -> str:
    if row.state != State.PUBLISHED:
        return ""
    return search.document(row.public_subject, row.public_text, *said)
