"""What the desk does before it decides: taking, checking, noting, asking back, linking."""

from typing import Any

from sqlalchemy import select

from portal.accounts.models import Company, Person
from portal.accounts.roles import STAFF_ROLES
from portal.accounts.service import change_company
from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldError, Invalid, Refused
from portal.core.i18n import lazy as _l
from portal.membership.models import Answer, Application, Ask, Check, Note
from portal.membership.rules.decisions import HOWS, MAX_ASK, MAX_NOTE
from portal.membership.rules.questions import Version
from portal.membership.rules.states import LIFECYCLES, MOVABLE, OPEN, State
from portal.membership.service.filling import value_hash
from portal.membership.service.mails import tell_applicant
from portal.membership.service.moving import move, tell


def take(application: Application, *, by: int) -> None:
    """Begin the review of an application. Raises Refused unless it waits for somebody."""
    application.reviewer_id = by
    move(application, "take", by=by)


def hand_over(application: Application, person_id: int, *, by: int) -> None:
    """Let somebody else who may verify review it. Raises Invalid for anybody else."""
    person = db.session.get(Person, person_id)
    held = STAFF_ROLES.get(person.staff_role or "", frozenset()) if person else frozenset()
    if person is None or "applications.verify" not in held:
        sentence = _l("Choose somebody who reviews applications.")
        raise Invalid(sentence, [FieldError("person", sentence)])
    _check_open(application)
    _begin(application, by)
    application.reviewer_id = person.id
    tell(application, "hand_over", before=application.state, by=by, said={"to": person.name})


def _check_open(application: Application) -> None:
    if application.state not in OPEN:
        raise Refused(_l("This application has been decided already."))


def _begin(application: Application, by: int) -> None:
    """Take the application where nobody has: whoever acts on it reviews it."""
    if application.state == State.SUBMITTED:
        take(application, by=by)


def check(
    application: Application, version: Version, key: str, *, how: str, note: str, by: int
) -> None:
    """Note that an answer was made sure of. Raises Invalid for an unknown key or way."""
    _check_open(application)
    if key not in version.by_key or how not in HOWS:
        raise Invalid(_l("Choose how you made sure of it."))
    value = db.session.scalar(
        select(Answer.value).where(Answer.application_id == application.id, Answer.key == key)
    )
    _begin(application, by)
    db.session.add(
        Check(
            application_id=application.id,
            key=key,
            how=how,
            note=note[:MAX_NOTE] or None,
            value_hash=value_hash(value),
            by_id=by,
            at=clock.now(),
        )
    )
    tell(application, "check", before=application.state, by=by)


def note(application: Application, text: str, *, by: int) -> None:
    """Keep a word for colleagues; the applicant never sees it. Raises Invalid for none."""
    if not text:
        raise _wrong("note", _l("Write the note first."))
    if len(text) > MAX_NOTE:
        raise _wrong("note", _l("This is longer than %(max)d characters.", max=MAX_NOTE))
    db.session.add(Note(application_id=application.id, text=text, by_id=by, at=clock.now()))
    tell(application, "note", before=application.state, by=by)


def _wrong(field: str, sentence: Any) -> Invalid:
    return Invalid(sentence, [FieldError(field, sentence)])


def ask(application: Application, version: Version, keys: list[str], text: str, *, by: int) -> None:
    """Ask the applicant to change or complete the named answers; a mail goes out.

    Raises Invalid without a question or a text. Records ApplicationAskedBack.
    """
    named = [key for key in version.by_key if key in keys and key != "truthful"]
    if not named:
        raise _wrong("keys", _l("Tick the answers that are to be changed."))
    if not text:
        raise _wrong("text", _l("Write what the applicant should do."))
    if len(text) > MAX_ASK:
        raise _wrong("text", _l("This is longer than %(max)d characters.", max=MAX_ASK))
    _begin(application, by)
    move(application, "ask", by=by, said={"keys": named, "text": text})
    db.session.add(
        Ask(application_id=application.id, keys=named, text=text, by_id=by, asked_at=clock.now())
    )
    with_labels = [version.by_key[key].label(application.locale) for key in named]
    tell_applicant(
        application,
        "asked",
        _l("A question about your application %(ref)s", ref=application.ref),
        labels=with_labels,
        text=text,
    )


def link(application: Application, company: Company, *, by: int) -> None:
    """Note that the applicant is a company of the register that is no member yet.

    It follows the application from now on. Raises Refused for members.
    """
    _check_open(application)
    if company.lifecycle not in MOVABLE:
        raise Refused(
            _l("This company is a member already. Invite the applicant as a colleague instead.")
        )
    application.company_id = company.id
    change_company(company, {"lifecycle": LIFECYCLES[State(application.state)]}, by=by)
    tell(application, "link", before=application.state, by=by, said={"company": company.ref})
