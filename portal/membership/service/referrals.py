"""Who of the staff referred an applicant: by e-mail, or by a short code."""

from sqlalchemy import select

from portal.accounts.models import Person
from portal.core.db import db
from portal.membership import keys
from portal.membership.rules.states import mailbox


def referrer(text: str) -> int | None:
    """Return the member of staff whose e-mail or code this is; None for anything else."""
    given = text.strip()
    staff = select(Person.id, Person.email).where(Person.staff_role.is_not(None))
    if "@" in given:
        meant = mailbox(given)
        return next(
            (row.id for row in db.session.execute(staff) if mailbox(row.email) == meant), None
        )
    code = given.upper().replace(" ", "")
    if not 3 <= len(code) <= 12:
        return None
    people = db.session.execute(staff).all()
    return next((row.id for row in people if keys.referral_code(row.id) == code), None)
