"""The first steps of a new member: a list on his home, done by facts, not by ticking.

Parts above this one add steps of their own by ``provide``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, func, select

from portal.accounts.access import User
from portal.accounts.models import ApiKey, Company, Invitation, Membership
from portal.core import clock, scope
from portal.core.db import db
from portal.core.i18n import lazy as _l
from portal.membership.models import Application, Onboarding
from portal.membership.rules.states import State


@dataclass(frozen=True)
class Step:
    """One first step: what to do, where, whether it is done."""

    name: str
    words: Any
    endpoint: str
    done: bool


Source = Callable[[User], Step]
_sources: list[tuple[int, str, Source]] = []


def provide(order: int, right: str, source: Source) -> None:
    """Let a step be shown to those with ``right``, by ``order`` from small to large."""
    _sources.append((order, right, source))
    _sources.sort(key=lambda each: each[0])


def steps_for(user: User) -> list[Step]:
    """Return the first steps of this person's company; none once put away or all done.

    Only companies that came by an application see them.
    """
    if user.company_id is None or not _is_new(user.company_id):
        return []
    steps = [source(user) for _, right, source in _sources if user.may(right)]
    return [] if all(step.done for step in steps) else steps


def _is_new(company_id: int) -> bool:
    """Return whether a company came by an application and has not put the list away."""
    mine = scope.of(company_id)
    away = select(Onboarding.company_id).where(Onboarding.company_id == company_id)
    came = select(Application.id).where(
        Application.company_id == company_id,
        Application.state == State.APPROVED,
        ~away.exists(),
    )
    return db.session.scalar(came.limit(1).execution_options(**mine)) is not None


def dismiss(user: User) -> None:
    """Put the list away for everybody in the company."""
    if user.company_id is None:
        return
    known = select(Onboarding.company_id).where(Onboarding.company_id == user.company_id)
    if db.session.scalar(known.execution_options(**scope.of(user.company_id))) is None:
        db.session.add(
            Onboarding(
                company_id=user.company_id,
                dismissed_at=clock.now(),
                dismissed_by_id=user.person_id,
            )
        )


def _colleagues(user: User) -> Step:
    """Somebody else is in, or was invited."""
    people = select(func.count()).where(Membership.company_id == user.company_id)
    asked = select(exists().where(Invitation.company_id == user.company_id))
    done = (db.session.scalar(people) or 0) > 1 or bool(
        db.session.scalar(asked.execution_options(**scope.of(user.company_id or 0)))
    )
    return Step("colleagues", _l("Invite your colleagues"), "colleagues.index", done)


def _sender(user: User) -> Step:
    """The company has said who sends unless an order says otherwise."""
    company = db.session.get_one(Company, user.company_id)
    done = company.consignor is not None
    return Step("sender", _l("Say from where you usually send"), "company.edit", done)


def _key(user: User) -> Step:
    """A key for programs was made."""
    made = select(exists().where(ApiKey.company_id == user.company_id))
    done = bool(db.session.scalar(made.execution_options(**scope.of(user.company_id or 0))))
    return Step("key", _l("Connect your own system by an API key"), "api_keys.index", done)


provide(20, "colleagues.manage", _colleagues)
provide(30, "company.edit", _sender)
provide(50, "apikeys.manage", _key)
