"""Issuing certificates and revoking them."""

from sqlalchemy import Connection, insert, select, update

from portal.accounts.access import User
from portal.core import clock, events
from portal.core.db import AnyRow
from portal.core.errors import FieldError, Invalid, Refused
from portal.core.i18n import lazy as _l
from portal.learning.events import CertificateIssued, CertificateRevoked
from portal.learning.models import Attempt, Certificate, WorkVersion
from portal.learning.rules import certificates, quiz

_A, _C, _V = Attempt.__table__, Certificate.__table__, WorkVersion.__table__


def issue(attempt: AnyRow, name: str, *, slug: str, on: Connection) -> str:
    """Issue the certificate of a passed attempt to ``name``; return its number.

    Who holds a valid one of the same course gets that one's number. Records CertificateIssued.
    Raises Refused unless the attempt was passed.
    """
    if not attempt.passed:
        raise Refused(_l("A certificate takes a quiz that was passed."))
    own = (_C.c.person_id == attempt.person_id, _C.c.work_id == attempt.work_id)
    valid = select(_C.c.number).where(*own, _C.c.revoked_at.is_(None))
    if (known := on.scalar(valid)) is not None:
        return str(known)
    if on.scalar(select(_C.c.id).where(_C.c.attempt_id == attempt.id)) is not None:
        raise Refused(_l("The certificate of this attempt was revoked. Take the quiz again."))
    number = certificates.new_number()
    score = quiz.percent(attempt.correct, attempt.asked)
    on.execute(
        insert(_C).values(_row(attempt, on) | {"number": number, "name": name, "score": score})
    )
    issued = CertificateIssued(actor_id=attempt.person_id, number=number, slug=slug, score=score)
    events.record(issued, on=on)
    return number


def _row(attempt: AnyRow, on: Connection) -> dict[str, object]:
    version = on.execute(select(_V).where(_V.c.id == attempt.version_id)).one()
    titles = {tag: text["title"] for tag, text in version.texts.items() if text.get("title")}
    return {
        "person_id": attempt.person_id,
        "work_id": attempt.work_id,
        "version_id": attempt.version_id,
        "attempt_id": attempt.id,
        "titles": titles,
        "lessons": len(version.parts),
        "issued_at": clock.now(),
    }


def revoke(certificate: AnyRow, reason: str, *, by: User, on: Connection) -> None:
    """Let a certificate count no more; the page that verifies it says why.

    Raises Invalid without a reason, Refused if it was revoked before. Records CertificateRevoked.
    """
    reason = reason.strip()[: certificates.LONGEST_REASON]
    if not reason:
        sentence = _l("Say why it is revoked: everybody who verifies it reads this.")
        raise Invalid(sentence, [FieldError("reason", sentence)])
    valid = update(_C).where(_C.c.id == certificate.id, _C.c.revoked_at.is_(None))
    revoked = valid.values(revoked_at=clock.now(), revoked_by_id=by.person_id, revoke_reason=reason)
    if not on.execute(revoked).rowcount:
        raise Refused(_l("This certificate was revoked already."))
    event = CertificateRevoked(actor_id=by.person_id, number=certificate.number, reason=reason)
    events.record(event, on=on)
