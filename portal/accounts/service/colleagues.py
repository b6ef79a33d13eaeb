"""Colleagues: inviting them, changing what they may do, letting them go."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from portal.accounts.events import (
    ColleagueInvited,
    InvitationAccepted,
    InvitationWithdrawn,
    RoleChanged,
)
from portal.accounts.models import Company, Invitation, Membership, Person
from portal.accounts.roles import MEMBER_ROLES, ROLE_NAMES, may_grant
from portal.accounts.service.companies import add_colleague, new_ref
from portal.accounts.service.keys import revoke_keys_of
from portal.accounts.service.people import find_person, normal
from portal.core import clock, events, mail, scope, tokens
from portal.core.db import db
from portal.core.errors import FieldError, Forbidden, Invalid, Refused
from portal.core.i18n import lazy as _l
from portal.core.i18n import speaking

VALID_FOR = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Inviter:
    """Who invites, and with which rights."""

    person_id: int
    name: str
    rights: frozenset[str]


def invite(company: Company, email: str, role: str, *, by: Inviter) -> Invitation:
    """Ask somebody by mail to join a company.

    Raises Invalid for an unknown role or somebody who has been asked or is a colleague already,
    Forbidden for a role that the inviter may not give. Records ColleagueInvited.
    """
    check_role(role, by.rights)
    _refuse_known(company, normal(email))
    at = clock.now()
    invitation = Invitation(
        ref=new_ref("I"),
        token_hash="",
        company_id=company.id,
        email=normal(email),
        role=role,
        invited_by_id=by.person_id,
        created_at=at,
        expires_at=at + VALID_FOR,
    )
    _mail(invitation, company, by.name)
    db.session.add(invitation)
    db.session.flush()
    _note_invited(invitation, by)
    return invitation


def resend(invitation: Invitation, company: Company, *, by: Inviter) -> None:
    """Mail an invitation again, with a new link and all of its time; the old link is worthless.

    Raises Refused if it was accepted or withdrawn, Forbidden for a role one may not give.
    Records ColleagueInvited.
    """
    check_role(invitation.role, by.rights)
    if invitation.accepted_at or invitation.withdrawn_at:
        raise Refused(_l("This invitation was accepted or withdrawn already."))
    invitation.expires_at = clock.now() + VALID_FOR
    _mail(invitation, company, by.name)
    _note_invited(invitation, by)


def _note_invited(invitation: Invitation, by: Inviter) -> None:
    events.record(
        ColleagueInvited(
            actor_id=by.person_id,
            company_id=invitation.company_id,
            ref=invitation.ref,
            role=invitation.role,
        )
    )


def _refuse_known(company: Company, email: str) -> None:
    colleague = (
        select(Membership.id)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.company_id == company.id, Person.email == email)
    )
    if db.session.scalar(colleague) is not None:
        raise _wrong_email(_l("This person already belongs to the company."))
    waiting = (
        select(Invitation.id)
        .where(
            Invitation.company_id == company.id,
            Invitation.email == email,
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
        )
        .execution_options(**scope.of(company.id))
    )
    if db.session.scalar(waiting) is not None:
        raise _wrong_email(_l("This person has been invited already. Send the invitation again."))


def _wrong_email(sentence: Any) -> Invalid:
    return Invalid(sentence, [FieldError("email", sentence)])


def _mail(invitation: Invitation, company: Company, inviter: str) -> None:
    token = tokens.new()
    invitation.token_hash = tokens.digest(token)
    known = find_person(invitation.email)
    locale = known.locale if known else None
    with speaking(locale):
        subject = str(_l("Invitation to %(company)s", company=company.name))
        role = str(ROLE_NAMES[invitation.role])
    mail.owe(
        invitation.email,
        "accounts/email/invitation.txt",
        locale=locale,
        subject=subject,
        company=company,
        inviter=inviter,
        role=role,
        token=token,
        days=VALID_FOR.days,
    )


def check_role(role: str, rights: frozenset[str]) -> None:
    """Refuse roles that do not exist or are not this person's to give."""
    if role not in MEMBER_ROLES:
        raise Invalid(_l("There is no such role."))
    if not may_grant(rights, role):
        raise Forbidden(_l("Only an owner can make somebody owner."))


def invitation_of(token: str, *, lock: bool = False) -> Invitation:
    """Return the invitation of a mailed link.

    Raises Refused alike for links unknown, used, withdrawn or expired.
    """
    wanted = select(Invitation).where(Invitation.token_hash == tokens.digest(token))
    found = db.session.scalar(
        (wanted.with_for_update() if lock else wanted).execution_options(
            populate_existing=True, **scope.CENTRE
        )
    )
    ended = found is None or found.accepted_at or found.withdrawn_at
    if found is None or ended or found.expires_at <= clock.now():
        raise Refused(_l("This invitation is no longer valid. Ask your colleague for a new one."))
    return found


def accept(invitation: Invitation, person: Person) -> Membership:
    """Make the invited person a colleague.

    Raises Refused if somebody else's address was invited or the person is one already.
    Records InvitationAccepted.
    """
    if invitation.email != person.email:
        raise Refused(_l("This invitation was sent to another e-mail address."))
    company = db.session.get_one(Company, invitation.company_id)
    membership = add_colleague(person, company, invitation.role)
    invitation.accepted_at = clock.now()
    person.last_company_id = company.id
    events.record(
        InvitationAccepted(
            actor_id=person.id,
            company_id=company.id,
            person_id=person.id,
            ref=invitation.ref,
            role=invitation.role,
        )
    )
    return membership


def withdraw(invitation: Invitation, *, by: int) -> None:
    """Make an invitation worthless. Records InvitationWithdrawn."""
    if invitation.accepted_at is not None:
        raise Refused(_l("This invitation was accepted already."))
    invitation.withdrawn_at = clock.now()
    events.record(
        InvitationWithdrawn(actor_id=by, company_id=invitation.company_id, ref=invitation.ref)
    )


def change_role(
    membership: Membership, role: str | None, *, by: Inviter, company_name: str
) -> None:
    """Give a colleague another role, or (None) let him go; his keys for the company go with him.

    Raises Refused for the last owner, Forbidden where only an owner may.
    Records RoleChanged, and ApiKeyRevoked for each key.
    """
    if role is not None:
        check_role(role, by.rights)
    if not may_grant(by.rights, membership.role):
        raise Forbidden(_l("Only an owner can change an owner’s role."))
    if membership.role == "owner" and role != "owner" and _owners(membership.company_id) == 1:
        raise Refused(_l("A company keeps at least one owner. Make somebody else owner first."))
    changed = RoleChanged(
        actor_id=by.person_id,
        company_id=membership.company_id,
        person_id=membership.person_id,
        role=role,
        company_name=company_name,
    )
    if role is None:
        revoke_keys_of(membership.person_id, membership.company_id, by=by.person_id)
        db.session.delete(membership)
    else:
        membership.role = role
    events.record(changed)


def _owners(company_id: int) -> int:
    """Count the owners and hold their rows: two owners cannot let each other go at once."""
    owners = select(Membership.id).where(
        Membership.company_id == company_id, Membership.role == "owner"
    )
    return len(db.session.scalars(owners.with_for_update()).all())
