"""People: making them known, signing in and out, passwords."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from portal.accounts.events import (
    PasswordResetRequested,
    SignedIn,
    SignedOut,
    SignInLocked,
)
from portal.accounts.models import OPEN, Company, Membership, OneTimeToken, Person, SignIn
from portal.accounts.rules import plain
from portal.core import clock, events, mail, passwords, tokens
from portal.core.db import db
from portal.core.errors import FieldError, Invalid, Refused
from portal.core.i18n import lazy as _l
from portal.core.i18n import speaking

TRIES = 10  # wrong passwords before an account is locked for LOCKED_FOR
LOCKED_FOR = timedelta(minutes=15)
RESET_WITHIN = timedelta(hours=2)
NOBODY = 0  # the id of no person
_FAILED_BY_NOBODY = (
    update(Person.__table__)
    .where(Person.id == NOBODY)
    .values(failed_attempts=Person.failed_attempts + 1)
)


def normal(email: str) -> str:
    """Return an address as we keep it: without surrounding space, lower case."""
    return plain(email).strip().lower()


def find_person(email: str) -> Person | None:
    """Return the person with this address."""
    return db.session.scalar(select(Person).where(Person.email == normal(email)))


def create_person(
    email: str,
    name: str,
    password: str | None,
    *,
    staff_role: str | None = None,
    locale: str | None = None,
) -> Person:
    """Make somebody known who can sign in.

    Raises Refused if the address is taken, Invalid for a password too short or too long.
    """
    if find_person(email) is not None:
        raise Refused(_l("Somebody with this e-mail address is already known."))
    if password is not None:
        check_password(password)
    person = Person(
        email=normal(email),
        name=name.strip(),
        password_hash=None if password is None else passwords.hashed(password),
        staff_role=staff_role,
        locale=locale,
        created_at=clock.now(),
    )
    db.session.add(person)
    db.session.flush()
    return person


def check_password(password: str) -> None:
    """Refuse passwords that are too short or absurdly long. Raises Invalid."""
    if not passwords.MIN_LENGTH <= len(password) <= passwords.MAX_LENGTH:
        sentence = _l("A password has at least %(least)s characters.", least=passwords.MIN_LENGTH)
        raise Invalid(sentence, [FieldError("password", sentence)])


@dataclass(frozen=True)
class Tried:
    """Whose password was tried (None: nobody has the address), and whether it was right."""

    person_id: int | None
    right: bool
    better_hash: str | None = None  # when the cost of hashes has risen since it was set


def try_password(email: str, password: str) -> Tried:
    """Compare a password, which takes its time on purpose; call it outside of transactions."""
    person = find_person(email)
    kept = person.password_hash if person else None
    right = passwords.matches(kept, password[: passwords.MAX_LENGTH + 1])
    better = None
    if right and kept and passwords.hasher().check_needs_rehash(kept):
        better = passwords.hashed(password)
    return Tried(person.id if person else None, right, better)


def settle(tried: Tried) -> Person | None:
    """Return the person who may come in now, or None.

    Counts wrong passwords: the TRIES-th locks the account for LOCKED_FOR; while it is locked the
    right one does not help. Records SignInLocked.
    """
    person = db.session.get(
        Person, tried.person_id or NOBODY, with_for_update=True, populate_existing=True
    )
    if person is None:
        db.session.execute(_FAILED_BY_NOBODY)  # as much work as for an address that is known
        return None
    if is_locked(person):
        return None
    if not tried.right:
        _note_failure(person)
        return None
    person.failed_attempts, person.locked_until = 0, None
    person.password_hash = tried.better_hash or person.password_hash
    return person


def wrong_password() -> Any:
    """Return the one sentence for all who may not come in: it tells no addresses apart."""
    return _l(
        "The e-mail address or the password is not right. After %(tries)s wrong passwords an "
        "account is locked for %(minutes)s minutes.",
        tries=TRIES,
        minutes=LOCKED_FOR // timedelta(minutes=1),
    )


def is_locked(person: Person) -> bool:
    """Return whether too many wrong passwords were tried just now."""
    return person.locked_until is not None and person.locked_until > clock.now()


def _note_failure(person: Person) -> None:
    person.failed_attempts += 1
    if person.failed_attempts >= TRIES:
        person.failed_attempts = 0
        person.locked_until = clock.now() + LOCKED_FOR
        events.record(SignInLocked(actor_id=None, company_id=None, person_id=person.id))


def sign_in(person: Person, *, browser: str | None, lasts: timedelta) -> str:
    """Open a session for somebody whose password was right; return its token.

    The company is the one worked for last, else the first that is open. Records SignedIn.
    """
    token, at = tokens.new(), clock.now()
    company_id = _company_to_open(person)
    db.session.add(
        SignIn(
            token_hash=tokens.digest(token),
            person_id=person.id,
            company_id=company_id,
            browser=(browser or "")[:200] or None,
            created_at=at,
            seen_at=at,
            expires_at=at + lasts,
        )
    )
    events.record(SignedIn(actor_id=person.id, company_id=company_id, person_id=person.id))
    return token


def _company_to_open(person: Person) -> int | None:
    mine = db.session.execute(
        select(Company.id, Company.lifecycle)
        .join(Membership, Membership.company_id == Company.id)
        .where(Membership.person_id == person.id)
        .order_by(Membership.id)
    ).all()
    last = [row for row in mine if row.id == person.last_company_id]
    choice = [row for row in [*last, *mine] if row.lifecycle in OPEN] or mine
    return choice[0].id if choice else None


def switch_company(sign_in_id: int, company: Company) -> None:
    """Let a browser work for another company of its person, from now on and next time."""
    sign_in = db.session.get_one(SignIn, sign_in_id)
    sign_in.company_id = company.id
    db.session.get_one(Person, sign_in.person_id).last_company_id = company.id


def end_sign_ins(person_id: int, ids: Sequence[int] | None = None, *, by: int | None) -> int:
    """End the person's sessions with these ids (None: all); return how many ended.

    Records SignedOut, upon which their sockets are cut.
    """
    living = [SignIn.person_id == person_id, SignIn.ended_at.is_(None)]
    if ids is not None:
        living.append(SignIn.id.in_(ids))
    ended = db.session.scalars(
        update(SignIn).where(*living).values(ended_at=clock.now()).returning(SignIn.id)
    ).all()
    if ended:
        signed_out = SignedOut(
            actor_id=by, company_id=None, person_id=person_id, sign_in_ids=tuple(ended)
        )
        events.record(signed_out)
    return len(ended)


def request_reset(person: Person, within: timedelta = RESET_WITHIN) -> str:
    """Return a token with which a new password can be set for some time.

    Records PasswordResetRequested.
    """
    token = tokens.new()
    db.session.add(
        OneTimeToken(
            token_hash=tokens.digest(token),
            person_id=person.id,
            expires_at=clock.now() + within,
        )
    )
    requested = PasswordResetRequested(actor_id=None, company_id=None, person_id=person.id)
    events.record(requested)
    return token


def mail_reset(person: Person) -> None:
    """Mail the person a link by which a new password can be set."""
    token = request_reset(person)
    with speaking(person.locale):
        subject = str(_l("Your new password"))
    mail.owe(
        person.email,
        "accounts/email/reset.txt",
        locale=person.locale,
        subject=subject,
        person=person,
        token=token,
        hours=RESET_WITHIN // timedelta(hours=1),
    )


def person_of_reset(token: str, *, use: bool = False) -> Person:
    """Return whose password the token resets; ``use`` makes it worthless afterwards.

    Raises Refused for tokens that are unknown, used or expired.
    """
    wanted = select(OneTimeToken).where(OneTimeToken.token_hash == tokens.digest(token))
    found = db.session.scalar(wanted.with_for_update() if use else wanted)
    if found is None or found.used_at is not None or found.expires_at <= clock.now():
        raise Refused(_l("This link is no longer valid. Please ask for a new one."))
    if use:
        found.used_at = clock.now()
    return db.session.get_one(Person, found.person_id)


def change_profile(person: Person, *, name: str, locale: str | None, timezone: str | None) -> None:
    """Change how the person is called and in which language and time zone pages come."""
    person.name, person.locale, person.timezone = name, locale, timezone
