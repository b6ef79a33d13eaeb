"""Answering messages, and what the centre's people do about them among themselves."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from portal.accounts.access import User
from portal.accounts.roles import ROLE_NAMES
from portal.core import clock, counters, events, scope, working
from portal.core.db import AnyRow
from portal.core.errors import Invalid, Refused
from portal.core.i18n import lazy as _l
from portal.enquiries import fulltext, rules
from portal.enquiries.events import MessageAnswered, MessageChanged
from portal.enquiries.models import AnswerTime, Message, MessageEntry
from portal.enquiries.rules import State
from portal.enquiries.service import mails

_M, _E = Message.__table__, MessageEntry.__table__


def answer(
    message: Any,
    text: str,
    *,
    is_public: bool,
    by: User,
    on: Connection,
    at: datetime | None = None,
) -> None:
    """Answer a message: its writer, and those of messages merged into it, get a mail.

    Raises Refused for spam, for one that is answered with another, and for a public answer to
    what is not published. Records MessageAnswered.
    """
    _refuse_answer(message, is_public)
    at = at or clock.now()
    _say(message, "answer", text, is_public=is_public, by=by, on=on, at=at)
    minutes = _count(message, at, on)
    owner = message.assigned_id or by.person_id
    on.execute(
        _change(message, due_at=None, answered_at=message.answered_at or at, assigned_id=owner)
    )
    others = _merged(message, on)
    for other in others:
        on.execute(_change(other, answered_at=other.answered_at or at))
    fulltext.renew(message.id, on=on)
    answered = MessageAnswered(
        actor_id=by.person_id,
        company_id=message.company_id,
        ref=message.ref,
        topic=message.topic,
        is_public=is_public,
        minutes=minutes,
    )
    events.record(answered, on=on)
    for reader in (message, *others):
        mails.answered(message, text, by.name, ROLE_NAMES.get(by.staff_role or ""), to=reader)


def _refuse_answer(message: Any, is_public: bool) -> None:
    if message.state == State.SPAM:
        raise Refused(_l("This is marked as spam. Say first that it is none."))
    if message.merged_into_id is not None:
        raise Refused(_l("This message is answered together with another one. Answer that one."))
    if is_public and message.state != State.PUBLISHED:
        raise Refused(_l("Publish the message before you answer it in public."))


def _count(message: Any, at: datetime, on: Connection) -> int | None:
    """Count how long the first answer took; return the working minutes, None if not the first."""
    if message.answered_at is not None:
        return None
    minutes = int(working.elapsed(message.created_at, at).total_seconds() // 60)
    day = at.astimezone(clock.zone()).date()
    row = {"on": day, "minutes": rules.bucket(minutes), "count": 1}
    counters.add(AnswerTime.__table__, [row], on=on)
    return minutes


def _merged(message: Any, on: Connection) -> list[AnyRow]:
    merged = select(_M).where(_M.c.merged_into_id == message.id).order_by(_M.c.id)
    return list(on.execute(merged.execution_options(**scope.CENTRE)))


def note(message: Any, text: str, *, by: User, on: Connection) -> None:
    """Keep a note that only the centre's people read. Records MessageChanged."""
    _say(message, "note", text, is_public=False, by=by, on=on, at=clock.now())
    fulltext.renew(message.id, on=on)
    record(message, "noted", by=by, on=on)


def settle(message: Any, *, by: User, on: Connection) -> None:
    """Stop the clock of a message that needs no answer.

    Raises Refused where none is owed. Records MessageChanged.
    """
    if message.due_at is None:
        raise Refused(_l("No answer is owed to this message."))
    on.execute(_change(message, due_at=None))
    record(message, "settled", by=by, on=on)


def assign(message: Any, to: Any, *, by: User, on: Connection) -> None:
    """Give a message to somebody of the centre (a row with id and name), None: to nobody.

    Records MessageChanged.
    """
    on.execute(_change(message, assigned_id=to.id if to else None))
    if to is None:
        record(message, "given_back", by=by, on=on)
    elif to.id == by.person_id:
        record(message, "taken", by=by, on=on)
    else:
        record(message, "assigned", by=by, on=on, detail=to.name)


def turn_into_application(message: Any, *, by: User, on: Connection) -> None:
    """Note that an application for membership was begun from a message.

    Raises Refused for spam and for messages of members. Records MessageChanged.
    """
    if message.state == State.SPAM or message.company_id is not None:
        raise Refused(_l("No application can be made of this message."))
    record(message, "applied", by=by, on=on)


def record(message: Any, action: str, *, by: User, on: Connection, detail: Any = None) -> None:
    """Record MessageChanged: its history is made of these."""
    changed = MessageChanged(
        actor_id=by.person_id,
        company_id=message.company_id,
        ref=message.ref,
        topic=message.topic,
        action=action,
        detail=detail,
    )
    events.record(changed, on=on)


def _say(
    message: Any,
    kind: str,
    text: str,
    *,
    is_public: bool,
    by: User,
    on: Connection,
    at: datetime,
) -> None:
    if not text.strip():
        raise Invalid(_l("Write the text first."))
    entry = {
        "ref": rules.new_ref("ME"),
        "message_id": message.id,
        "company_id": message.company_id,
        "kind": kind,
        "is_public": is_public,
        "text": text.strip(),
        "person_id": by.person_id,
        "author_name": by.name,
        "author_role": by.staff_role,
        "created_at": at,
    }
    on.execute(insert(_E).values(**entry))


def _change(message: Any, **values: Any) -> Any:
    changed = update(_M).where(_M.c.id == message.id).values(**values)
    return changed.execution_options(**scope.CENTRE)
