"""Publishing, hiding, putting aside, and merging what says the same."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select, update

from portal.accounts.access import User
from portal.core import clock, scope, working
from portal.core.errors import FieldError, Invalid, Refused
from portal.core.i18n import lazy as _l
from portal.enquiries import fulltext, rules
from portal.enquiries.models import Message
from portal.enquiries.rules import State
from portal.enquiries.service import mails
from portal.enquiries.service.answering import record

_M = Message.__table__
CONTACTS = _l("There is an e-mail address or a telephone number in it. Please take it out.")


@dataclass(frozen=True)
class Shown:
    """What the board is to show of a message; its own words stay as they were written."""

    name: str
    subject: str
    text: str


def publish(
    message: Any, shown: Shown, *, by: User, on: Connection, own: tuple[str, ...] = ()
) -> None:
    """Show a message on the board, or change what the board shows of it.

    ``own`` are the centre's own addresses and numbers. Raises Refused for a private message or
    one that is spam, Invalid where a stranger's address or number would be read.
    Records MessageChanged.
    """
    if message.state != State.PUBLISHED:
        rules.advance(message.state, State.PUBLISHED, is_private=message.is_private)
    _refuse_contacts(shown, own)
    _set(
        message,
        on,
        state=State.PUBLISHED,
        public_name=shown.name,
        public_subject=shown.subject,
        public_text=shown.text,
        published_at=message.published_at or clock.now(),
    )
    action = "edited" if message.state == State.PUBLISHED else "published"
    record(message, action, by=by, on=on)


def _refuse_contacts(shown: Shown, own: tuple[str, ...]) -> None:
    fields = {"public_name": shown.name, "public_subject": shown.subject, "public_text": shown.text}
    wrong = [
        FieldError(field, CONTACTS)
        for field, text in fields.items()
        if rules.has_contacts(text, own)
    ]
    if wrong:
        raise Invalid(CONTACTS, wrong)


def move(message: Any, to: State, *, by: User, on: Connection) -> None:
    """Hide a message, mark it as spam, or take it back from there.

    Spam has no clock; what is none after all has the one that it had, and its writer the mail.
    Raises Refused where it cannot become that. Records MessageChanged.
    """
    rules.advance(message.state, to, is_private=message.is_private)
    if to is State.SPAM:
        _refuse_others(message, _l("Others are merged into this message. Separate them first."), on)
        _set(message, on, state=to, due_at=None)
    elif message.state == State.SPAM:
        _set(message, on, state=to, due_at=_clock(message))
        mails.received(message)
    else:
        _set(message, on, state=to)
    record(message, str(to), by=by, on=on)


def _clock(message: Any) -> Any:
    """Return when an answer is due, if one is still owed."""
    if message.answered_at is not None or message.merged_into_id is not None:
        return None
    return working.due(message.asked_at, working=working.FIRST_ANSWER)


def merge(message: Any, into: Any, *, by: User, on: Connection) -> None:
    """Let ``into`` be answered in place of ``message``; ``unmerge`` takes it back.

    Raises Refused where they are the same, of different companies, or either is merged already.
    Records MessageChanged.
    """
    _refuse_merge(message, into, on)
    _set(message, on, merged_into_id=into.id, merged_at=clock.now(), due_at=None)
    if into.due_at is None and message.due_at is not None and into.answered_at is None:
        _set(into, on, due_at=message.due_at)
    record(message, "merged", by=by, on=on, detail=into.ref)


def _refuse_merge(message: Any, into: Any, on: Connection) -> None:
    if message.id == into.id:
        raise Refused(_l("A message cannot be merged into itself."))
    if message.company_id != into.company_id:
        raise Refused(_l("They were written for different companies."))
    if message.merged_into_id is not None or into.merged_into_id is not None:
        raise Refused(_l("One of them is merged already. Separate it first."))
    if State.SPAM in (message.state, into.state):
        raise Refused(_l("This is marked as spam. Say first that it is none."))
    way = _l("Others are merged into this message. Merge the other way round.")
    _refuse_others(message, way, on)


def _refuse_others(message: Any, sentence: Any, on: Connection) -> None:
    """Refuse what would leave those that are answered with a message without an answer."""
    others = select(_M.c.id).where(_M.c.merged_into_id == message.id).limit(1)
    if on.scalar(others.execution_options(**scope.CENTRE)) is not None:
        raise Refused(sentence)


def unmerge(message: Any, into: Any, *, by: User, on: Connection) -> None:
    """Let a message stand for itself again; if it is unanswered its clock is that of before.

    Raises Refused if it is not merged into ``into``. Records MessageChanged.
    """
    if message.merged_into_id != into.id:
        raise Refused(_l("This message stands for itself already."))
    answered = message.answered_at is not None
    due = None if answered else working.due(message.asked_at, working=working.FIRST_ANSWER)
    _set(message, on, merged_into_id=None, merged_at=None, due_at=due)
    record(message, "unmerged", by=by, on=on, detail=into.ref)


def _set(message: Any, on: Connection, **values: Any) -> None:
    changed = update(_M).where(_M.c.id == message.id).values(**values)
    on.execute(changed.execution_options(**scope.CENTRE))
    fulltext.renew(message.id, on=on)
