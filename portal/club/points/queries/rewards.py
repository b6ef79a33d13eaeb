"""The catalogue of rewards and the orders, for buyers and for the desk."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select

from portal.accounts.access import User
from portal.accounts.models import Person
from portal.club.points.models import Reward, RewardOrder
from portal.club.points.rules import rewards as rules
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.core.pagination import Page, cut, decode_number

_REWARD, _ORDER, _PERSON = (model.__table__ for model in (Reward, RewardOrder, Person))
SIZE = 30  # orders on a page


def catalogue_for(user: User) -> Sequence[Any]:
    """Return the rewards that somebody may order, what costs least first; all of them at the desk.

    Those of which nothing is left stand with the others: they may come again.
    """
    wanted = select(_REWARD).order_by(_REWARD.c.cost, _REWARD.c.id)
    if not user.may("club.manage"):
        wanted = wanted.where(_REWARD.c.is_shown)
    return db.session.execute(wanted).all()


def reward_for(user: User, ref: str) -> Any:
    """Return a reward that somebody may see; raises NotFound alike for all others."""
    found = db.session.execute(select(_REWARD).where(_REWARD.c.ref == ref)).first()
    if found is None or not (found.is_shown or user.may("club.manage")):
        raise NotFound(_l("There is no such reward."))
    return found


def had_by(user: User) -> dict[int, int]:
    """Return id of a reward → how many somebody has ordered and not given back."""
    mine = (_ORDER.c.person_id == user.person_id, _ORDER.c.state.in_(rules.COUNTED))
    counted = select(_ORDER.c.reward_id, func.count()).where(*mine).group_by(_ORDER.c.reward_id)
    return {row[0]: row[1] for row in db.session.execute(counted)}


def _orders() -> Select[Any]:
    return (
        select(
            *_ORDER.c,
            _REWARD.c.ref.label("reward_ref"),
            _REWARD.c.names,
            _REWARD.c.kind,
            _PERSON.c.name.label("person_name"),
        )
        .join(_REWARD, _REWARD.c.id == _ORDER.c.reward_id)
        .join(_PERSON, _PERSON.c.id == _ORDER.c.person_id)
    )


def orders_of(user: User, *, after: str | None = None) -> Page[Any]:
    """Return what somebody has ordered himself, the newest first."""
    return _page(_orders().where(_ORDER.c.person_id == user.person_id), after)


def orders_for(user: User, state: str = "", *, after: str | None = None) -> Page[Any]:
    """Return the orders of everybody in a state, or all, the newest first; for the desk."""
    _check_desk(user)
    wanted = _orders()
    return _page(wanted.where(_ORDER.c.state == state) if state else wanted, after)


def pending_for(user: User) -> Sequence[Any]:
    """Return the orders that wait for somebody at the desk, the oldest first, 100 at most."""
    _check_desk(user)
    wanted = _orders().where(_ORDER.c.state.in_(rules.PENDING)).order_by(_ORDER.c.id)
    return db.session.execute(wanted.limit(100)).all()


def _check_desk(user: User) -> None:
    if not user.may("club.manage"):
        raise NotFound(_l("There is no such order."))


def _page(wanted: Select[Any], after: str | None) -> Page[Any]:
    last = decode_number(after)
    if last is not None:
        wanted = wanted.where(_ORDER.c.id < last)
    rows = db.session.execute(wanted.order_by(_ORDER.c.id.desc()).limit(SIZE + 1)).all()
    return cut(rows, SIZE, lambda row: [row.id])


def order_for(user: User, ref: str) -> Any:
    """Return an order that somebody may see: his own, or any at the desk.

    Raises NotFound alike for all others.
    """
    found = db.session.execute(_orders().where(_ORDER.c.ref == ref)).first()
    if found is None or not (found.person_id == user.person_id or user.may("club.manage")):
        raise NotFound(_l("There is no such order."))
    return found
