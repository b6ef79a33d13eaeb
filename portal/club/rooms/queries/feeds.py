"""Whose calendar a secret address is."""

from sqlalchemy import func, select

from portal.accounts.access import User
from portal.accounts.models import OPEN, Company, Membership, Person
from portal.accounts.roles import rights_of
from portal.club.rooms.models import ClubRoomPerson
from portal.core import scope
from portal.core.db import db
from portal.forum.queries.order import sanction_of

_PERSON, _OWN, _MEMBER, _COMPANY = (
    model.__table__ for model in (Person, ClubRoomPerson, Membership, Company)
)


def owner_of(person_id: int, version: int) -> User | None:
    """Return whose calendar has this number, with all that he may do for any company.

    None where it has another number, or he has left the club or may not enter it.
    """
    numbered = func.coalesce(_OWN.c.feed_version, 0)
    query = (
        select(_PERSON.c.name, _PERSON.c.email, _PERSON.c.timezone, _PERSON.c.staff_role)
        .select_from(_PERSON.outerjoin(_OWN, _OWN.c.person_id == _PERSON.c.id))
        .where(_PERSON.c.id == person_id, numbered == version)
    )
    row = db.session.execute(query).first()
    if row is None:
        return None
    rights = rights_of(None, row.staff_role) | _of_companies(person_id)
    named = {"name": row.name, "email": row.email, "timezone": row.timezone}
    user = User(person_id=person_id, rights=rights, **named)
    sanction = sanction_of(user)
    is_out = sanction is not None and sanction.kind == "suspension"
    return user if user.may("club.enter") and not is_out else None


def _of_companies(person_id: int) -> frozenset[str]:
    query = (
        select(_MEMBER.c.role)
        .join(_COMPANY, _COMPANY.c.id == _MEMBER.c.company_id)
        .where(_MEMBER.c.person_id == person_id, _COMPANY.c.lifecycle.in_(OPEN))
        .execution_options(**scope.CENTRE)
    )
    return frozenset().union(*(rights_of(role, None) for role in db.session.scalars(query)))
