"""Who is in the club now: neither suspended, nor gone with his last company."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, exists, or_, select

from portal.accounts.access import User
from portal.accounts.models import OPEN, Company, Membership, Person
from portal.club.people.models import ClubCard
from portal.core import clock
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.forum.models import ForumProfile, ForumSanction

_PERSON, _PROFILE, _SANCTION, _M, _C, _CARD = (
    model.__table__
    for model in (Person, ForumProfile, ForumSanction, Membership, Company, ClubCard)
)


def is_here() -> ColumnElement[bool]:
    """Return the condition that a row of ``person`` is somebody who may enter the club now."""
    m, company = _M.alias(), _C.alias()  # of their own: what asks may join companies itself
    open_ = (
        exists()
        .where(m.c.person_id == _PERSON.c.id, company.c.id == m.c.company_id)
        .where(company.c.lifecycle.in_(OPEN))
        .correlate(_PERSON)
    )
    sanction = _SANCTION.alias()
    suspended = (
        exists()
        .where(sanction.c.person_id == _PERSON.c.id, sanction.c.kind == "suspension")
        .where(sanction.c.until > clock.now(), sanction.c.lifted_at.is_(None))
        .correlate(_PERSON)
    )
    return and_(or_(_PERSON.c.staff_role.is_not(None), open_), ~suspended)


def shown_name() -> ColumnElement[str]:
    """Return what a row of ``person`` with its profile is called to somebody of the club.

    Whoever stands in the directory without his name, and has written nothing in the forum, is
    called by his handle.
    """
    card = _CARD.alias()
    nameless = (
        exists()
        .where(card.c.person_id == _PERSON.c.id, card.c.is_shown, card.c.shows_name.is_(False))
        .correlate(_PERSON)
    )
    unwritten = and_(_PROFILE.c.posts_written == 0, _PERSON.c.staff_role.is_(None))
    return case((and_(unwritten, nameless), _PROFILE.c.handle), else_=_PERSON.c.name)


def may_be_reached(person_id: int, *, on: Connection) -> bool:
    """Return whether somebody of this id is in the club now."""
    wanted = select(_PERSON.c.id).where(_PERSON.c.id == person_id, is_here())
    return on.scalar(wanted) is not None


def somebody_for(user: User, handle: str) -> Any:
    """Return who has a handle: person_id, name, handle, staff_role.

    Only whoever is in the directory, has written in the forum, or is of the centre can be asked
    for by his handle. Raises NotFound alike for nobody, for the others and for those who left.
    """
    known = or_(
        _PROFILE.c.is_listed, _PROFILE.c.posts_written > 0, _PERSON.c.staff_role.is_not(None)
    )
    wanted = (
        select(_PROFILE.c.person_id, _PROFILE.c.handle, _PERSON.c.staff_role)
        .add_columns(shown_name().label("name"))
        .join_from(_PROFILE, _PERSON, _PERSON.c.id == _PROFILE.c.person_id)
        .where(_PROFILE.c.handle == handle.lower().lstrip("@"), known, is_here())
    )
    found = db.session.execute(wanted).first()
    if found is None:
        raise NotFound(_l("There is nobody of that name in the club."))
    return found
