"""Moving an application on: its state, its history and the event, all at once."""

from typing import Any

from portal.accounts.models import Company
from portal.accounts.service import change_company
from portal.core import clock, events, working
from portal.core.db import db
from portal.membership import events as facts
from portal.membership.models import Application, Move
from portal.membership.rules import states

EVENTS: dict[str, type[facts.ApplicationEvent]] = {
    "begin": facts.ApplicationBegun,
    "send": facts.ApplicationSent,
    "prove": facts.ApplicationSubmitted,
    "take": facts.ApplicationTaken,
    "hand_over": facts.ApplicationTaken,
    "ask": facts.ApplicationAskedBack,
    "answer": facts.ApplicationAnswered,
    "approve": facts.ApplicationApproved,
    "refuse": facts.ApplicationRefused,
    "reopen": facts.ApplicationReopened,
    "withdraw": facts.ApplicationWithdrawn,
    "same": facts.ApplicationWithdrawn,
    "link": facts.ApplicationNoted,
    "check": facts.ApplicationNoted,
    "note": facts.ApplicationNoted,
}
#: Actions that leave no line in the history: they stand in lists of their own.
UNTOLD = frozenset({"check", "note"})
_STARTS_CLOCK = frozenset({"prove", "answer", "reopen"})


def move(
    application: Application, action: str, *, by: int | None, said: dict[str, Any] | None = None
) -> None:
    """Take ``action`` (a key of ``states.ACTIONS``); ``by`` None is the applicant.

    A company that the application is linked to follows it; the clock starts where it becomes
    the centre's turn. Raises Refused where it is not possible now. Records the action's event.
    """
    before = application.state
    application.state = states.after(before, action)
    _set_clock(application, action)
    _move_company(application, by)
    tell(application, action, before=before, by=by, said=said)


def tell(
    application: Application,
    action: str,
    *,
    before: str | None,
    by: int | None,
    said: dict[str, Any] | None = None,
) -> None:
    """Write down what happened: a line of the history and the event."""
    application.changed_at = clock.now()
    db.session.flush()
    if action not in UNTOLD:
        db.session.add(
            Move(
                application_id=application.id,
                action=action,
                state_before=before,
                state_after=application.state,
                by_id=by,
                said=said,
                at=application.changed_at,
            )
        )
    events.record(
        EVENTS[action](
            actor_id=by,
            company_id=application.company_id,
            ref=application.ref,
            state=str(application.state),
            state_before=None if before is None else str(before),
        )
    )


def _set_clock(application: Application, action: str) -> None:
    if application.state not in states.WAITING:
        application.due_at = None
    elif action in _STARTS_CLOCK:
        application.due_at = working.due(clock.now(), days=working.APPLICATION_DAYS)


def _move_company(application: Application, by: int | None) -> None:
    lifecycle = states.LIFECYCLES.get(states.State(application.state))
    if application.company_id is None or lifecycle is None or lifecycle == "member":
        return
    company = db.session.get_one(Company, application.company_id)
    if company.lifecycle in states.MOVABLE:
        change_company(company, {"lifecycle": lifecycle}, by=by or 0)


def is_overdue(application: Application) -> bool:
    """Return whether the clock of an application has run out."""
    return application.due_at is not None and application.due_at < clock.now()
