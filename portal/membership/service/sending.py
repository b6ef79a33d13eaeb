"""Sending an application: consents, the proof of the address, and that it comes only once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select

from portal.core import attribution, clock, scope
from portal.core.db import db
from portal.core.errors import FieldError, Invalid, Refused
from portal.core.i18n import lazy as _l
from portal.membership import keys
from portal.membership.models import Answer, Application, Consent
from portal.membership.rules import problems
from portal.membership.rules.questions import Version
from portal.membership.rules.states import OPEN, State
from portal.membership.service.filling import fingerprint, put
from portal.membership.service.mails import tell_applicant
from portal.membership.service.moving import move, tell

CODE_WITHIN = timedelta(hours=2)
TRIES = 5  # wrong codes before a new one must be asked for
RESEND_AFTER = timedelta(seconds=60)


@dataclass(frozen=True)
class Agreed:
    """One consent as it was shown: for what, by which channel, given or not, in which words."""

    purpose: str
    channel: str
    given: bool
    text: str


def send(
    application: Application, version: Version, consents: Iterable[Agreed], *, confirmed: bool
) -> None:
    """Send an application: complete, with its consents; a mail asks for proof of the address.

    Sent twice it stays one. Raises Invalid that names what is missing. Records ApplicationSent.
    """
    if application.state != State.DRAFT:
        return
    answers = _answers(application)
    wrong = problems.of_all(version, answers)
    if wrong:
        raise Invalid(
            _l("Some answers are still to be changed."),
            [FieldError(each.field, each.message) for each in wrong],
        )
    if not confirmed:
        sentence = _l("Please confirm this.")
        raise Invalid(sentence, [FieldError("truthful", sentence)])
    put(application, {"truthful": "yes"})
    _keep_consents(application, consents)
    application.fingerprint = fingerprint(version, answers)
    move(application, "send", by=None)
    attribution.note("application", application.ref)
    mail_code(application)


def _answers(application: Application) -> dict[str, object]:
    rows = db.session.execute(
        select(Answer.key, Answer.value).where(Answer.application_id == application.id)
    )
    return {row.key: row.value for row in rows}


def _keep_consents(application: Application, consents: Iterable[Agreed]) -> None:
    db.session.execute(delete(Consent).where(Consent.application_id == application.id))
    for each in consents:
        db.session.add(
            Consent(
                application_id=application.id,
                purpose=each.purpose,
                channel=each.channel,
                given=each.given,
                text=each.text,
                locale=application.locale,
                questionnaire_id=application.questionnaire_id,
                at=clock.now(),
            )
        )


def mail_code(application: Application) -> None:
    """Mail a new code and link; the code before is worthless.

    Raises Refused for what is not waiting for proof, or where one was mailed just now.
    """
    at = clock.now()
    if application.state != State.UNVERIFIED:
        raise Refused(_l("This application is not waiting for the proof of an address."))
    if application.code_sent_at and at - application.code_sent_at < RESEND_AFTER:
        raise Refused(_l("A mail was sent less than a minute ago. Please look there first."))
    code = keys.new_code()
    application.code_hash, application.code_sent_at = keys.code_hash(application, code), at
    application.code_tries = 0
    tell_applicant(
        application,
        "proof",
        _l("%(code)s confirms your e-mail address", code=code),
        code=code,
        proof=keys.proof_of(application),
        hours=CODE_WITHIN // timedelta(hours=1),
    )


def correct_email(application: Application, email: str) -> None:
    """Send the code to another address, which stands in the application from now on."""
    if application.state != State.UNVERIFIED:
        raise Refused(_l("This application is not waiting for the proof of an address."))
    contacts = list(_answers(application).get("contacts") or [])  # type: ignore[call-overload]
    contacts[0] = {**contacts[0], "email": email}
    put(application, {"contacts": contacts})
    application.code_sent_at = None
    mail_code(application)


def prove_by_code(application: Application, code: str) -> bool:
    """Submit the application if ``code`` is the one that was mailed; return whether it was.

    A wrong one is counted. Raises Refused after TRIES of them, or past CODE_WITHIN.
    """
    if application.state != State.UNVERIFIED:
        return True
    sent = application.code_sent_at
    if application.code_tries >= TRIES or sent is None or sent + CODE_WITHIN < clock.now():
        raise Refused(_l("This code is no longer valid. Have a new one sent."))
    if not keys.same_code(application, code):
        application.code_tries += 1
        return False
    _submit(application)
    return True


def prove_by_link(application: Application, proof: str) -> None:
    """Submit the application by the link of the mail.

    Raises Refused for a link that was mailed to an earlier address.
    """
    if not keys.proves(proof, application):
        raise Refused(_l("This link is no longer valid. Have a new one sent."))
    if application.state == State.UNVERIFIED:
        _submit(application)


def _submit(application: Application) -> None:
    """Hand the application to the desk, unless the same one lies there already."""
    application.proven_at = clock.now()
    application.code_hash = None
    known = _same(application)
    if known is not None:
        before = application.state
        application.state, application.duplicate_of_id = State.WITHDRAWN, known.id
        tell(application, "same", before=before, by=None, said={"ref": known.ref})
        tell_applicant(known, "known", _l("We have your application %(ref)s", ref=known.ref))
        return
    application.submitted_at = clock.now()
    move(application, "prove", by=None)
    tell_applicant(
        application, "submitted", _l("We have your application %(ref)s", ref=application.ref)
    )


def _same(application: Application) -> Application | None:
    """Return an open application with the same answers from the same address."""
    return db.session.scalar(
        select(Application)
        .where(
            Application.fingerprint == application.fingerprint,
            Application.email == application.email,
            Application.id != application.id,
            Application.state.in_(OPEN),
        )
        .order_by(Application.id)
        .limit(1)
        .execution_options(**scope.CENTRE)
    )


def mail_links(applications: Iterable[Application]) -> None:
    """Mail the links with which applications are gone on with, one mail each."""
    for application in applications:
        tell_applicant(
            application, "resume", _l("Your application at the centre: go on here"), asked=True
        )


def mail_resume(application: Application) -> None:
    """Mail the link with which a draft is gone on with later."""
    tell_applicant(
        application, "resume", _l("Your application at the centre: go on here"), asked=False
    )
