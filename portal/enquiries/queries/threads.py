"""One message with all that belongs to it, for those who may read it; a stranger learns nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, or_, select

from portal.accounts.access import User
from portal.accounts.rules import plain
from portal.core import scope
from portal.core.db import AnyRow, db
from portal.core.errors import Forbidden, NotFound
from portal.core.i18n import lazy as _l
from portal.enquiries import links
from portal.enquiries.models import Message, MessageEntry, MessageFile
from portal.enquiries.rules import NOT_FOUND, SUPPLIER

_M, _E, _F = Message.__table__, MessageEntry.__table__, MessageFile.__table__


def message_for(user: User, ref: str, *, lock: bool = False) -> AnyRow:
    """Return a message if ``user`` is of the centre and may read it, or of its company.

    ``lock`` holds its row until the transaction ends. Raises NotFound otherwise.
    """
    query = visible_to(user, select(_M).where(_M.c.ref == plain(ref)[:20]))
    found = db.session.execute(query.with_for_update() if lock else query).first()
    if found is None:
        raise NotFound(NOT_FOUND)
    return found


def visible_to(user: User, query: Select[Any]) -> Select[Any]:
    """Limit a query on messages to those that ``user`` may read.

    Raises Forbidden for staff without a right to any, NotFound for members without one.
    """
    if user.is_staff and user.company_id is None:
        return query.where(*_of_staff(user)).execution_options(**scope.CENTRE)
    if user.company_id is None or not user.may("messages.own"):
        raise NotFound(NOT_FOUND)
    own = query.where(_M.c.company_id == user.company_id)
    return own.execution_options(**scope.of(user.company_id))


def _of_staff(user: User) -> list[Any]:
    if user.may("messages.see"):
        return []
    if user.may("suppliers.see"):
        return [_M.c.topic == SUPPLIER]
    raise Forbidden(_l("You do not have the right to read messages."))


def may_answer(user: User, message: Any) -> bool:
    """Return whether ``user`` may answer a message: buyers do so with what suppliers offer."""
    if user.may("messages.answer"):
        return True
    return bool(message.topic == SUPPLIER and user.may("suppliers.answer"))


def message_by_key(ref: str, key: str) -> AnyRow:
    """Return the message whose secret link this is. Raises NotFound otherwise."""
    query = select(_M).where(_M.c.ref == plain(ref)[:20]).execution_options(**scope.CENTRE)
    found = db.session.execute(query).first()
    if found is None or not links.opens(found, key):
        raise NotFound(NOT_FOUND)
    return found


@dataclass(frozen=True)
class Thread:
    """What was said after the first text, oldest first, and the files of each part.

    Keys of ``files`` are ids of entries, None for what came with the first text.
    """

    entries: Sequence[AnyRow]
    files: dict[int | None, list[AnyRow]]


def thread_for_writer(message: Any) -> Thread:
    """Return what the writer of a message sees of it: no notes, and of one that is answered with
    another, that one's answers since then, or public ones.
    """
    own = and_(_E.c.message_id == message.id, _E.c.kind != "note")
    if message.merged_into_id is None:
        return _thread(_F.c.message_id == message.id, own)
    since = or_(_E.c.created_at >= message.merged_at, _E.c.is_public.is_(True))
    theirs = and_(_E.c.message_id == message.merged_into_id, _E.c.kind == "answer", since)
    return _thread(_F.c.message_id == message.id, or_(own, theirs))


def thread_for_staff(message: Any) -> Thread:
    """Return all that was said about a message and those that are answered with it."""
    ids = _with_merged(message)
    return _thread(_F.c.message_id.in_(ids), _E.c.message_id.in_(ids))


def _with_merged(message: Any) -> Any:
    return select(_M.c.id).where(or_(_M.c.id == message.id, _M.c.merged_into_id == message.id))


def _thread(held_by: Any, condition: Any) -> Thread:
    said = select(_E).where(condition).order_by(_E.c.created_at, _E.c.id)
    entries = db.session.execute(said.execution_options(**scope.CENTRE)).all()
    held = select(_F).where(held_by).order_by(_F.c.id)
    files: dict[int | None, list[AnyRow]] = {}
    for file in db.session.execute(held.execution_options(**scope.CENTRE)):
        files.setdefault(file.entry_id, []).append(file)
    return Thread(entries, files)


def file_of(message: Any, ref: str, *, is_staff: bool = False) -> AnyRow:
    """Return a file of a message that was authorised; for staff also of those merged into it.

    Raises NotFound.
    """
    held = _F.c.message_id == message.id
    held = _F.c.message_id.in_(_with_merged(message)) if is_staff else held
    query = select(_F).where(held, _F.c.ref == plain(ref)[:20])
    found = db.session.execute(query.execution_options(**scope.CENTRE)).first()
    if found is None:
        raise NotFound(_l("That file is not there any more."))
    return found


def merged_into(message: Any) -> Sequence[AnyRow]:
    """Return the messages that are answered with this one."""
    query = select(_M).where(_M.c.merged_into_id == message.id).order_by(_M.c.id)
    return db.session.execute(query.execution_options(**scope.CENTRE)).all()


def by_id(message_id: int) -> AnyRow:
    """Return the message that an authorised one names."""
    query = select(_M).where(_M.c.id == message_id).execution_options(**scope.CENTRE)
    return db.session.execute(query).one()
