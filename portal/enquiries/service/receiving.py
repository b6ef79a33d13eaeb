"""Taking in messages and what their writers add."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from portal.core import clock, events, scope, spam, working
from portal.core.db import AnyRow
from portal.core.errors import Refused
from portal.core.files import Stored
from portal.core.i18n import lazy as _l
from portal.core.spam import Verdict
from portal.enquiries import fulltext, rules
from portal.enquiries.events import MessageAdded, MessageReceived
from portal.enquiries.models import Message, MessageEntry, MessageFile
from portal.enquiries.rules import State
from portal.enquiries.service import mails

_M, _E, _F = Message.__table__, MessageEntry.__table__, MessageFile.__table__
WANTED = Verdict(0)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What somebody wrote, checked."""

    name: str
    company_name: str | None
    email: str | None
    phone: str | None  # E.164
    topic: str
    subject: str
    text: str
    is_private: bool
    locale: str


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Who sent it, and by which form; a visitor has no company and is no person here."""

    company_id: int | None = None
    person_id: int | None = None
    sender: str | None = None
    form_name: str | None = None
    verdict: Verdict = WANTED


@dataclass(frozen=True)
class Named:
    """A kept file and how its sender calls it."""

    stored: Stored
    name: str


def receive(
    draft: Draft,
    origin: Origin,
    files: Sequence[Named] = (),
    *,
    on: Connection,
    at: datetime | None = None,
) -> AnyRow:
    """Keep a message and return its row; what looks unwanted is put aside as spam.

    The same form sent again is the same message; other words in it are added to that.
    Records MessageReceived. Its writer gets a mail with the secret link.
    """
    if (known := _sent_before(origin.form_name, on)) is not None:
        return _again(known, draft, files, on)
    row = on.execute(
        insert(_M).values(**_columns(draft, origin, at or clock.now())).returning(_M)
    ).one()
    _keep(row, None, files, on)
    fulltext.renew(row.id, on=on)
    _record(row, on)
    if row.state != State.SPAM:
        mails.received(row)
    return row


def _columns(draft: Draft, origin: Origin, at: datetime) -> dict[str, Any]:
    is_spam = origin.verdict.is_spam
    return {
        **draft.__dict__,
        "ref": rules.new_ref("MS"),
        "salt": secrets.token_hex(8),
        "company_id": origin.company_id,
        "person_id": origin.person_id,
        "state": State.SPAM if is_spam else State.PENDING,
        "asked_at": at,
        "due_at": None if is_spam else working.due(at, working=working.FIRST_ANSWER),
        "spam_score": origin.verdict.score,
        "spam_reasons": list(origin.verdict.reasons),
        "fingerprint": spam.fingerprint(draft.text),
        "sketch": spam.sketch(draft.text),
        "sender": origin.sender,
        "form_name": origin.form_name,
        "created_at": at,
    }


def _record(message: AnyRow, on: Connection) -> None:
    received = MessageReceived(
        actor_id=message.person_id,
        company_id=message.company_id,
        ref=message.ref,
        topic=message.topic,
        state=message.state,
        is_private=message.is_private,
    )
    events.record(received, on=on)


def _sent_before(form_name: str | None, on: Connection) -> AnyRow | None:
    if form_name is None:
        return None
    sent = select(_M).where(_M.c.form_name == form_name)
    return on.execute(sent.execution_options(**scope.CENTRE)).first()


def _again(message: AnyRow, draft: Draft, files: Sequence[Named], on: Connection) -> AnyRow:
    words = spam.fingerprint(draft.text)
    said = select(_E.c.text).where(_E.c.message_id == message.id, _E.c.kind == "added")
    known = on.scalars(said.execution_options(**scope.CENTRE)).all()
    if words != message.fingerprint and words not in map(spam.fingerprint, known):
        add(message, draft.text, files, on=on)
    return message


def add(
    message: Any,
    text: str,
    files: Sequence[Named] = (),
    *,
    on: Connection,
    by: Any = None,
    form_name: str | None = None,
    at: datetime | None = None,
) -> None:
    """Keep what its writer adds to a message; the centre owes an answer again.

    ``by`` is the member who adds (a User), None for a visitor. The same form sent again adds
    nothing. Records MessageAdded.
    Raises Refused beyond MAX_ENTRIES.
    """
    if form_name and _was_added(form_name, on):
        return
    _refuse_too_many(message, on)
    at = at or clock.now()
    entry = on.execute(
        insert(_E)
        .values(
            ref=rules.new_ref("ME"),
            message_id=message.id,
            company_id=message.company_id,
            kind="added",
            is_public=False,
            text=text,
            person_id=by.person_id if by else None,
            author_name=by.name if by else message.name,
            author_role=None,
            form_name=form_name,
            created_at=at,
        )
        .returning(_E.c.id)
    ).scalar_one()
    _keep(message, entry, files, on)
    _ask_again(message, at, on)
    fulltext.renew(message.id, on=on)
    added = MessageAdded(
        actor_id=by.person_id if by else None,
        company_id=message.company_id,
        ref=message.ref,
        topic=message.topic,
    )
    events.record(added, on=on)


def _was_added(form_name: str, on: Connection) -> bool:
    added = select(_E.c.id).where(_E.c.form_name == form_name)
    return on.scalar(added.execution_options(**scope.CENTRE)) is not None


def _refuse_too_many(message: Any, on: Connection) -> None:
    held = select(func.count()).where(_E.c.message_id == message.id)
    if (on.scalar(held.execution_options(**scope.CENTRE)) or 0) >= rules.MAX_ENTRIES:
        raise Refused(_l("There is no more room in this message. Please write a new one."))


def _ask_again(message: Any, at: datetime, on: Connection) -> None:
    """Start the clock of the message that is answered, unless it runs; spam has none."""
    target = message.merged_into_id or message.id
    due = working.due(at, working=working.FIRST_ANSWER)
    again = update(_M).where(_M.c.id == target, _M.c.due_at.is_(None), _M.c.state != State.SPAM)
    on.execute(again.values(asked_at=at, due_at=due).execution_options(**scope.CENTRE))


def _keep(message: Any, entry_id: int | None, files: Sequence[Named], on: Connection) -> None:
    rows = [
        {
            "ref": rules.new_ref("MF"),
            "message_id": message.id,
            "entry_id": entry_id,
            "company_id": message.company_id,
            "name": each.name,
            "file_key": each.stored.key,
            "media_type": each.stored.media_type,
            "size": each.stored.size,
            "sha256": each.stored.sha256,
            "created_at": clock.now(),
        }
        for each in files
    ]
    if rows:
        on.execute(insert(_F), rows)
