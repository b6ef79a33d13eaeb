"""Requests to be called back, and the tries to reach who asked."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, update

from portal.accounts.access import User
from portal.core import clock, events, scope, working
from portal.core.db import AnyRow
from portal.core.errors import Invalid, Refused
from portal.core.i18n import lazy as _l
from portal.enquiries import rules
from portal.enquiries.events import CallBackChanged, CallBackRequested
from portal.enquiries.models import CallAttempt, CallBack
from portal.enquiries.service import mails
from portal.enquiries.service.receiving import Origin

_C, _A = CallBack.__table__, CallAttempt.__table__
OPEN = ("waiting", "taken")


@dataclass(frozen=True, kw_only=True)
class Wish:
    """Who wants to be called, about what, and when: from ``window_from`` to ``window_to``."""

    name: str
    company_name: str | None
    phone: str  # E.164
    email: str | None
    about: str
    locale: str
    timezone: str
    window_from: datetime
    window_to: datetime


def request(wish: Wish, origin: Origin, *, on: Connection) -> AnyRow:
    """Keep a request and return its row; what looks unwanted is put aside.

    The same form sent again is the same request. Records CallBackRequested.
    """
    if (known := _sent_before(origin.form_name, on)) is not None:
        return known
    is_spam = origin.verdict.is_spam
    row = on.execute(
        insert(_C)
        .values(
            **wish.__dict__,
            ref=rules.new_ref("CB"),
            company_id=origin.company_id,
            person_id=origin.person_id,
            state="spam" if is_spam else "waiting",
            due_at=None if is_spam else wish.window_from,
            tries=0,
            spam_score=origin.verdict.score,
            spam_reasons=list(origin.verdict.reasons),
            form_name=origin.form_name,
            created_at=clock.now(),
        )
        .returning(_C)
    ).one()
    requested = CallBackRequested(
        actor_id=origin.person_id,
        company_id=origin.company_id,
        ref=row.ref,
        due_at=row.window_from.isoformat(),
    )
    events.record(requested, on=on)
    return row


def _sent_before(form_name: str | None, on: Connection) -> AnyRow | None:
    if form_name is None:
        return None
    sent = select(_C).where(_C.c.form_name == form_name)
    return on.execute(sent.execution_options(**scope.CENTRE)).first()


def take(call: Any, *, by: User, on: Connection) -> None:
    """Take a call upon oneself. Raises Refused if it is over or somebody else's.

    Records CallBackChanged.
    """
    _refuse_ended(call)
    if call.assigned_id not in (None, by.person_id):
        raise Refused(_l("Somebody else has taken this call."))
    _set(call, on, state="taken", assigned_id=by.person_id)
    _record(call, "taken", by, on)


def give_back(call: Any, *, by: User, on: Connection) -> None:
    """Leave a call to somebody else. Raises Refused if it is over. Records CallBackChanged."""
    _refuse_ended(call)
    _set(call, on, state="waiting", assigned_id=None)
    _record(call, "given_back", by, on)


def attempt(
    call: Any,
    outcome: str,
    *,
    note: str | None,
    again_at: datetime | None,
    by: User,
    on: Connection,
) -> None:
    """Keep what came of a try: reached, or when it is tried again; after MAX_TRIES it is over.

    Whoever could not be reached gets a mail, if there is an address.
    Raises Refused if it is over already, Invalid for a next try in the past.
    Records CallBackChanged.
    """
    _refuse_ended(call)
    tries = call.tries + 1
    next_at = rules.next_try(outcome, tries, again_at)
    if next_at is not None and not clock.now() < next_at < clock.now() + rules.CALL_LAST:
        raise Invalid(_l("The next try lies in the past or too far ahead."))
    tried = {
        "call_back_id": call.id,
        "company_id": call.company_id,
        "person_id": by.person_id,
        "outcome": outcome,
        "note": note,
        "next_at": next_at,
        "created_at": clock.now(),
    }
    on.execute(insert(_A).values(**tried))
    if next_at is not None:
        width = call.window_to - call.window_from
        window = {"window_from": next_at, "window_to": next_at + max(width, timedelta(minutes=30))}
        _set(call, on, state="waiting", tries=tries, due_at=next_at, assigned_id=None, **window)
    else:
        state = "reached" if outcome == rules.REACHED else "closed"
        _set(call, on, state=state, tries=tries, due_at=None, ended_at=clock.now())
    if next_at is None and outcome == rules.NOT_REACHED:
        mails.not_reached(call)
    _record(call, outcome if outcome == rules.REACHED or next_at else "closed", by, on)


def mark(call: Any, *, is_spam: bool, by: User, on: Connection) -> None:
    """Put a request aside as spam, or take it back from there. Records CallBackChanged."""
    if is_spam:
        _set(call, on, state="spam", due_at=None)
    elif call.state == "spam":
        due = max(call.window_from, working.hours().next_open(clock.now()))
        _set(call, on, state="waiting", due_at=due)
    _record(call, "spam" if is_spam else "not_spam", by, on)


def _refuse_ended(call: Any) -> None:
    if call.state not in OPEN:
        raise Refused(_l("This call is over. Somebody has closed it."))


def _record(call: Any, action: str, by: User, on: Connection) -> None:
    changed = CallBackChanged(
        actor_id=by.person_id, company_id=call.company_id, ref=call.ref, action=action
    )
    events.record(changed, on=on)


def _set(call: Any, on: Connection, **values: Any) -> None:
    changed = update(_C).where(_C.c.id == call.id).values(**values)
    on.execute(changed.execution_options(**scope.CENTRE))
