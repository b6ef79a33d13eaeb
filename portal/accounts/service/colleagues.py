"""Colleagues: inviting them, changing what they may do, letting them go."""

from datetime import timedelta

from sqlalchemy import select

from portal.accounts.events import (
    ColleagueInvited,
    InvitationAccepted,
    InvitationWithdrawn,
    RoleChanged,
)
from portal.accounts.models import Company, Invitation, Membership, Person
from portal.accounts.roles import MEMBER_ROLES, may_grant
from portal.accounts.service.companies import add_colleague, new_ref
from portal.accounts.service.people import count_colleagues, normal
from portal.core import clock, events, scope, tokens
from portal.core.db import db
from portal.core.errors import Forbidden, Invalid, Refused
from portal.core.i18n import lazy as _l

VALID_FOR = timedelta(days=7)


def invite(
    company_id: int, email: str, role: str, *, by: int, rights: frozenset[str]
) -> tuple[Invitation, str]:
    """Ask somebody to join a company; return the invitation and the token for its link.

    Raises Invalid for an unknown role, Forbidden for a role that the inviter may not give.
    Records ColleagueInvited.
    """
    check_role(role, rights)
    token, at = tokens.new(), clock.now()
    invitation = Invitation(
        ref=new_ref("I"),
        token_hash=tokens.digest(token),
        company_id=company_id,
        email=normal(email),
        role=role,
        invited_by_id=by,
        created_at=at,
        expires_at=at + VALID_FOR,
    )
    db.session.add(invitation)
    db.session.flush()
    events.record(
        ColleagueInvited(actor_id=by, company_id=company_id, ref=invitation.ref, role=role)
    )
    return invitation, token


def check_role(role: str, rights: frozenset[str]) -> None:
    """Refuse roles that do not exist or are not this person's to give."""
    if role not in MEMBER_ROLES:
        raise Invalid(_l("There is no such role."))
    if not may_grant(rights, role):
        raise Forbidden(_l("Only an owner can make somebody owner."))


def invitation_of(token: str) -> Invitation:
    """Return the invitation of a mailed link.

    Raises Refused alike for links unknown, used, withdrawn or expired.
    """
    found = db.session.scalar(
        select(Invitation)
        .where(Invitation.token_hash == tokens.digest(token))
        .execution_options(**scope.CENTRE)
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
    membership: Membership, role: str | None, *, by: int, rights: frozenset[str], company_name: str
) -> None:
    """Give a colleague another role, or (None) let him go.

    Raises Refused for the last owner, Forbidden where only an owner may. Records RoleChanged.
    """
    if role is not None:
        check_role(role, rights)
    if not may_grant(rights, membership.role):
        raise Forbidden(_l("Only an owner can change an owner's role."))
    if (
        membership.role == "owner"
        and role != "owner"
        and count_colleagues(membership.company_id, "owner") == 1
    ):
        raise Refused(_l("A company keeps at least one owner. Make somebody else owner first."))
    changed = RoleChanged(
        actor_id=by,
        company_id=membership.company_id,
        person_id=membership.person_id,
        role=role,
        company_name=company_name,
    )
    if role is None:
        db.session.delete(membership)
    else:
        membership.role = role
    events.record(changed)
