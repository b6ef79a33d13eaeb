"""The decision: a new member with its owner, a refusal with its reason, a second look."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from portal.accounts import offers
from portal.accounts.access import User
from portal.accounts.models import OPEN, Company, Person
from portal.accounts.roles import MEMBER_ROLES, STAFF_ROLES
from portal.accounts.rules.companies import PAYMENT_TERMS
from portal.accounts.service import add_colleague, change_company, create_company, create_person
from portal.accounts.service.people import find_person, request_reset
from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldError, Invalid, Refused
from portal.core.i18n import lazy as _l
from portal.membership.models import Answer, Application
from portal.membership.rules import states
from portal.membership.rules.decisions import MAX_ASK, REFUSALS
from portal.membership.service.mails import tell_applicant
from portal.membership.service.moving import move
from portal.membership.service.review import take

SET_PASSWORD_WITHIN = timedelta(days=7)
MANAGES = "companies.see"  # the right that an account manager has
TAKEN = frozenset({"member", "suspended"})


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a new member begins with: his first person's role, how he pays, who looks after him."""

    role: str = "owner"
    payment_terms: str = "prepaid"
    tariff: str | None = None
    account_manager_id: int | None = None


def approve(application: Application, terms: Terms, *, by: User) -> Company:
    """Make the applicant a member: company, first person, terms, and the mail to set a password.

    All in the caller's transaction. Raises Refused for one's own referral, for a company that is
    a member already, for an address of the staff; Invalid for unknown terms.
    Records ApplicationApproved.
    """
    _check_decider(application, by)
    _check_terms(terms)
    _check_new(application)
    if application.state == states.State.SUBMITTED:
        take(application, by=by.person_id)
    states.after(application.state, "approve")
    company = _company(application, terms, by)
    person, is_new = _person(application)
    add_colleague(person, company, terms.role)
    application.company_id = company.id
    _decided(application, by)
    said = {"role": terms.role, "payment_terms": terms.payment_terms, "company": company.ref}
    move(application, "approve", by=by.person_id, said=said)
    _tell_owner(application, person, company, is_new=is_new)
    return company


def _check_decider(application: Application, by: User) -> None:
    contacts = _contacts(application)
    states.check_decider(
        by.person_id,
        by.email,
        referred_by_id=application.referred_by_id,
        emails=frozenset(str(each.get("email") or "").lower() for each in contacts),
    )


def _contacts(application: Application) -> list[dict[str, Any]]:
    return _value(application, "contacts") or []


def _value(application: Application, key: str) -> Any:
    return db.session.scalar(
        select(Answer.value).where(Answer.application_id == application.id, Answer.key == key)
    )


def _check_terms(terms: Terms) -> None:
    wrong = []
    if terms.role not in MEMBER_ROLES:
        wrong.append(FieldError("role", _l("There is no such role.")))
    if terms.payment_terms not in PAYMENT_TERMS:
        wrong.append(FieldError("payment_terms", _l("Choose one from the list.")))
    if terms.tariff and terms.tariff not in dict(offers.tariffs()):
        wrong.append(FieldError("tariff", _l("Choose one from the list.")))
    if terms.account_manager_id is None or not _may_manage(terms.account_manager_id):
        wrong.append(FieldError("account_manager", _l("Choose who looks after this company.")))
    if wrong:
        raise Invalid(_l("Please check what you entered."), wrong)


def _may_manage(person_id: int) -> bool:
    person = db.session.get(Person, person_id)
    held = STAFF_ROLES.get(person.staff_role or "", frozenset()) if person else frozenset()
    return MANAGES in held


def _check_new(application: Application) -> None:
    """Refuse a second member of the same credit code."""
    if not application.credit_code:
        return
    known = db.session.execute(
        select(Company.name, Company.ref).where(
            Company.credit_code == application.credit_code, Company.lifecycle.in_(TAKEN)
        )
    ).first()
    if known is not None:
        raise Refused(
            _l(
                "%(name)s (%(ref)s) has the same credit code and is a member already. Invite the "
                "applicant there as a colleague, and refuse this as a duplicate.",
                name=known.name,
                ref=known.ref,
            )
        )


def _company(application: Application, terms: Terms, by: User) -> Company:
    values = {
        "name": application.name or "",
        "name_en": application.name_en,
        "credit_code": application.credit_code or None,
        "country": application.country or "CN",
        "city": application.city,
    }
    if application.company_id is None:
        company = create_company(**values)  # type: ignore[arg-type]
    else:
        company = db.session.get_one(Company, application.company_id)
        if company.lifecycle not in states.MOVABLE:
            raise Refused(_l("The standing of this company has changed meanwhile."))
        change_company(company, values, by=by.person_id)
    change_company(company, {**_agreed(terms), **_sender(application)}, by=by.person_id)
    return company


def _agreed(terms: Terms) -> dict[str, Any]:
    return {
        "lifecycle": next(iter(OPEN)),
        "payment_terms": terms.payment_terms,
        "tariff": terms.tariff or None,
        "account_manager_id": terms.account_manager_id,
        "confirmed_on": clock.now().astimezone(clock.zone()).date(),
    }


def _sender(application: Application) -> dict[str, Any]:
    """Return who sends for the company, from the address and the first contact."""
    address = _value(application, "address") or {}
    if not (address.get("address") and address.get("city") and application.phone):
        return {}
    parts = ("address", "city", "postcode", "country")
    party = {"name": application.name, "phone": application.phone}
    return {"consignor": party | {part: address[part] for part in parts if address.get(part)}}


def _person(application: Application) -> tuple[Person, bool]:
    """Return the first person, and whether he is new here."""
    person = find_person(application.email or "")
    if person is None:
        name = application.contact_name or application.email or ""
        return create_person(application.email or "", name, None, locale=application.locale), True
    if person.staff_role is not None:
        raise Refused(_l("The e-mail address belongs to somebody of the centre’s staff."))
    return person, person.password_hash is None


def _tell_owner(
    application: Application, person: Person, company: Company, *, is_new: bool
) -> None:
    token = request_reset(person, SET_PASSWORD_WITHIN) if is_new else None
    tell_applicant(
        application,
        "approved",
        _l("Welcome: %(company)s is a member now", company=company.name),
        person=person,
        company=company,
        token=token,
        days=SET_PASSWORD_WITHIN.days,
    )


def _decided(application: Application, by: User) -> None:
    application.decided_at, application.decided_by_id = clock.now(), by.person_id


def refuse(application: Application, reason: str, text: str, *, by: User) -> None:
    """Refuse an application with a coded reason and words to the applicant.

    Raises Refused for one's own referral, Invalid without a reason or words.
    Records ApplicationRefused.
    """
    _check_decider(application, by)
    if reason not in REFUSALS:
        sentence = _l("Choose the reason.")
        raise Invalid(sentence, [FieldError("reason", sentence)])
    if not text or len(text) > MAX_ASK:
        sentence = _l("Write to the applicant why, in up to %(most)s characters.", most=MAX_ASK)
        raise Invalid(sentence, [FieldError("text", sentence)])
    if application.state == states.State.SUBMITTED:
        take(application, by=by.person_id)
    application.reason, application.reason_text = reason, text
    _decided(application, by)
    said = {"reason": reason, "text": text}
    move(application, "refuse", by=by.person_id, said=said)
    tell_applicant(
        application,
        "refused",
        _l("About your application %(ref)s", ref=application.ref),
        reason=REFUSALS[reason],
        text=text,
    )


def reopen(application: Application, why: str, *, by: User) -> None:
    """Look at a refused application again; the clock starts anew.

    Raises Refused for one's own referral. Records ApplicationReopened.
    """
    _check_decider(application, by)
    move(application, "reopen", by=by.person_id, said={"text": why} if why else None)
    application.decided_at = application.decided_by_id = None
    application.reason = application.reason_text = None
    application.reviewer_id = by.person_id
    tell_applicant(
        application,
        "reopened",
        _l("We look at your application %(ref)s again", ref=application.ref),
    )
