"""A new password: what ends with the old one, and who is told."""

from portal.accounts.events import PasswordChanged
from portal.accounts.models import Person
from portal.accounts.service.keys import revoke_given_for_password
from portal.accounts.service.people import check_password, end_sign_ins
from portal.core import clock, events, mail, passwords
from portal.core.i18n import lazy as _l
from portal.core.i18n import speaking


def set_password(person: Person, password: str, *, by: int | None) -> None:
    """Give the person a new password; every session and its sockets end.

    So do the keys that programs were given for the old password.
    Raises Invalid for a password that is too short. Records PasswordChanged, SignedOut and
    ApiKeyRevoked.
    """
    check_password(password)
    person.password_hash = passwords.hashed(password)
    person.failed_attempts, person.locked_until = 0, None
    end_sign_ins(person.id, by=by)
    revoke_given_for_password(person.id, by=by)
    events.record(PasswordChanged(actor_id=by, company_id=None, person_id=person.id))


def tell_password_changed(person: Person) -> None:
    """Mail the person that the password was changed, so that a thief does not stay unnoticed."""
    with speaking(person.locale):
        subject = str(_l("Your password was changed"))
    mail.owe(
        person.email,
        "accounts/email/password_changed.txt",
        locale=person.locale,
        subject=subject,
        person=person,
        changed_at=clock.now(),
    )
