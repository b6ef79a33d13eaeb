"""The centre's own people: employing them, changing what they may do, letting them go."""

from datetime import timedelta

from sqlalchemy import select

from portal.accounts.events import RoleChanged
from portal.accounts.models import Person
from portal.accounts.roles import STAFF_ROLES
from portal.accounts.service.keys import revoke_keys_of
from portal.accounts.service.people import create_person, find_person, request_reset
from portal.core import events, mail
from portal.core.db import db
from portal.core.errors import FieldError, Invalid, Refused
from portal.core.i18n import lazy as _l
from portal.core.i18n import speaking

WELCOME_WITHIN = timedelta(days=7)


def employ(email: str, name: str, role: str, *, by: int) -> Person:
    """Make somebody known who works at the centre, and mail a link to set a password.

    Raises Invalid if the address is taken.
    """
    if find_person(email) is not None:
        sentence = _l("Somebody with this e-mail address is already known.")
        raise Invalid(sentence, [FieldError("email", sentence)])
    check_staff_role(role)
    person = create_person(email, name, None, staff_role=role)
    with speaking(None):
        subject = str(_l("Your sign-in at the centre"))
    mail.owe(
        person.email,
        "accounts/email/welcome.txt",
        locale=None,
        subject=subject,
        person=person,
        token=request_reset(person, WELCOME_WITHIN),
        days=WELCOME_WITHIN.days,
    )
    _note(person, by)
    return person


def check_staff_role(role: str) -> None:
    """Refuse roles that do not exist. Raises Invalid."""
    if role not in STAFF_ROLES:
        sentence = _l("There is no such role.")
        raise Invalid(sentence, [FieldError("role", sentence)])


def change_staff_role(person: Person, role: str | None, *, by: int) -> None:
    """Give somebody of the centre another role, or (None) let him go; his keys go with him.

    Raises Refused for the last administrator.
    Records RoleChanged (of no company), and ApiKeyRevoked for each key.
    """
    if role is not None:
        check_staff_role(role)
    if person.staff_role == "admin" and role != "admin" and _administrators() == 1:
        raise Refused(
            _l("The centre keeps at least one administrator. Make somebody else one first.")
        )
    if role is None:
        revoke_keys_of(person.id, None, by=by)
    person.staff_role = role
    _note(person, by)


def _note(person: Person, by: int) -> None:
    events.record(
        RoleChanged(
            actor_id=by,
            company_id=None,
            person_id=person.id,
            role=person.staff_role,
            company_name="",
        )
    )


def _administrators() -> int:
    """Count the administrators and hold their rows: two cannot let each other go at once."""
    wanted = select(Person.id).where(Person.staff_role == "admin").with_for_update()
    return len(db.session.scalars(wanted).all())
