"""Writing, reading, deleting for oneself. Every count is kept under the lock of the talk."""

from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, bindparam, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from portal.accounts.access import User
from portal.accounts.service.companies import new_ref
from portal.club.direct import rules
from portal.club.direct.events import MessagesRead, MessageWritten
from portal.club.direct.models import DirectGone, DirectMessage, DirectSide, DirectTalk
from portal.club.people.queries.standing import may_be_reached
from portal.core import clock, events, markdown
from portal.core.db import is_sqlite
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.forum.queries.blocks import is_blocked
from portal.forum.rules.posts import without_numbers
from portal.forum.service.writing import html_of

_T, _SIDE, _M, _GONE = (
    model.__table__ for model in (DirectTalk, DirectSide, DirectMessage, DirectGone)
)
_SENT = (
    select(_M.c.no, _T.c.ref)
    .join_from(_M, _T, _T.c.id == _M.c.talk_id)
    .where(_M.c.form_name == bindparam("form"))
)


class Sent(NamedTuple):
    """A message that was sent: the reference of its talk, its number there."""

    ref: str
    no: int


def send(
    to_id: int, text: str, by: User, *, trust: int, form_name: str | None, on: Connection
) -> Sent:
    """Write to somebody; the first message of two people begins their talk.

    The same form sent again gives the message that it made. Raises Refused for oneself, whoever
    is blocked, cannot be reached, or is too new to write first; TooMany for too many talks begun
    within a day. Records MessageWritten.
    """
    pair = rules.pair(by.person_id, to_id)
    form = None if form_name is None else f"{by.person_id} {form_name}"
    if form is not None and (known := on.execute(_SENT, {"form": form}).first()) is not None:
        return Sent(known.ref, known.no)
    _check_delivery(by, to_id, on)
    talk = _talk_of(pair, on)
    if talk is None:
        rules.check_begin(trust, _begun_today(by, on), is_staff=by.is_staff)
        talk = _begin(pair, by, on)
    no = int(talk.last_no) + 1
    message_id = _insert(talk.id, no, text, by, form, on)
    on.execute(update(_T).where(_T.c.id == talk.id).values(last_no=no))
    both = update(_SIDE).where(_SIDE.c.talk_id == talk.id)
    on.execute(both.values(last_id=message_id))
    theirs = both.where(_SIDE.c.person_id == to_id)
    on.execute(theirs.values(unread=_SIDE.c.unread + 1))
    told = {"actor_id": by.person_id, "person_id": to_id}
    events.record(MessageWritten(**told, ref=talk.ref, no=no), on=on)
    return Sent(str(talk.ref), no)


def _check_delivery(by: User, to_id: int, on: Connection) -> None:
    if is_blocked(by.person_id, to_id, on=on):
        raise Refused(_l("You have blocked this person. Take that back before you write."))
    if is_blocked(to_id, by.person_id, on=on) or not may_be_reached(to_id, on=on):
        raise rules.undeliverable()


def _talk_of(pair: tuple[int, int], on: Connection) -> Any:
    """Return the talk of two people; whoever writes there at the same moment waits for us."""
    of_both = (_T.c.low_id == pair[0], _T.c.high_id == pair[1])
    return on.execute(select(_T).where(*of_both).with_for_update()).first()


def _begun_today(by: User, on: Connection) -> int:
    since = clock.now() - timedelta(days=1)
    mine = (_T.c.begun_by_id == by.person_id, _T.c.created_at > since)
    return int(on.scalar(select(func.count()).select_from(_T).where(*mine)) or 0)


def _begin(pair: tuple[int, int], by: User, on: Connection) -> Any:
    """Return the talk of two people, made unless the other has made it this moment."""
    row: dict[str, Any] = {"ref": new_ref("DM"), "low_id": pair[0], "high_id": pair[1]}
    row |= {"begun_by_id": by.person_id, "created_at": clock.now(), "last_no": 0}
    made = on.execute(_once(_T, on).values(**row).on_conflict_do_nothing().returning(_T.c.id))
    is_new = made.first() is not None
    talk = _talk_of(pair, on)
    if is_new:
        sides = (pair, pair[::-1])
        rows = [{"talk_id": talk.id, "person_id": a, "other_id": b} for a, b in sides]
        on.execute(insert(_SIDE), rows)
    return talk


def _once(table: Table, on: Connection) -> Any:
    return sqlite_insert(table) if is_sqlite(on) else postgresql_insert(table)


def _insert(talk_id: int, no: int, text: str, by: User, form: str | None, on: Connection) -> int:
    said = without_numbers(markdown.clean(text))
    row: dict[str, Any] = {
        "talk_id": talk_id,
        "no": no,
        "author_id": by.person_id,
        "form_name": form,
    }
    row |= {"text": said, "html": html_of(said), "state": "visible", "created_at": clock.now()}
    return int(on.scalar(insert(_M).values(**row).returning(_M.c.id)) or 0)


def mark(talk_id: int, no: int, by: User, *, on: Connection) -> None:
    """Note that somebody has read a talk up to a number. Records MessagesRead.

    Nothing happens where he had read as far.
    """
    talk = _locked(talk_id, on)
    number = min(no, talk.last_no)
    theirs = (_M.c.talk_id == talk_id, _M.c.author_id != by.person_id, _M.c.no > number)
    left = select(func.count()).select_from(_M).where(*theirs)
    mine = (_SIDE.c.talk_id == talk_id, _SIDE.c.person_id == by.person_id)
    read = update(_SIDE).where(*mine, _SIDE.c.read_no < number)
    changed = read.values(read_no=number, unread=left.scalar_subquery())
    other = on.execute(changed.returning(_SIDE.c.other_id)).first()
    if other is not None:
        told = {"actor_id": by.person_id, "person_id": other.other_id}
        events.record(MessagesRead(**told, ref=talk.ref, no=number), on=on)


def _locked(talk_id: int, on: Connection) -> Any:
    return on.execute(select(_T).where(_T.c.id == talk_id).with_for_update()).one()


def forget(talk_id: int, by: User, *, on: Connection) -> None:
    """Delete a talk for oneself: it comes back with the next message, without the older ones."""
    talk = _locked(talk_id, on)
    mine = (_SIDE.c.talk_id == talk_id, _SIDE.c.person_id == by.person_id)
    gone = {"gone_no": talk.last_no, "read_no": talk.last_no, "unread": 0, "last_id": 0}
    on.execute(update(_SIDE).where(*mine).values(**gone))


def forget_one(message: Any, by: User, *, on: Connection) -> None:
    """Delete one message for oneself; the other keeps it. Records what ``mark`` does."""
    mark(message.talk_id, message.no, by, on=on)
    row = {"message_id": message.id, "person_id": by.person_id}
    on.execute(_once(_GONE, on).values(**row).on_conflict_do_nothing())
