"""Certificates: one by its number, for everybody, and all of them for the desk."""

from sqlalchemy import or_, select

from portal.accounts.models import Person
from portal.core import pagination
from portal.core.db import AnyRow, db
from portal.learning.models import Certificate, Work
from portal.learning.rules import certificates
from portal.pages.rules.kinds import fallbacks

_C, _W, _N = Certificate.__table__, Work.__table__, Person.__table__
ON_A_PAGE = 50


def by_number(number: str) -> AnyRow | None:
    """Return the certificate with a number, valid or revoked; None: there is none."""
    return db.session.execute(select(_C).where(_C.c.number == number)).first()


def title_of(certificate: AnyRow, locale: str) -> str:
    """Return the name of the course as it was when the certificate was issued."""
    titles = certificate.titles
    return next((titles[tag] for tag in fallbacks(locale) if tag in titles), "")


def issued(words: str, after: str | None, *, revoked: bool = False) -> pagination.Page[AnyRow]:
    """Return certificates, the newest first: those whose number or name has ``words`` in it."""
    query = (
        select(_C, _W.c.slug, _N.c.email)
        .join(_W, _W.c.id == _C.c.work_id)
        .join(_N, _N.c.id == _C.c.person_id)
    )
    if words := words.strip()[:80].replace("\0", ""):
        number = certificates.parsed(words) or words
        query = query.where(or_(_C.c.number == number, _C.c.name.icontains(words, autoescape=True)))
    if revoked:
        query = query.where(_C.c.revoked_at.is_not(None))
    if (last := pagination.decode_number(after)) is not None:
        query = query.where(_C.c.id < last)
    rows = db.session.execute(query.order_by(_C.c.id.desc()).limit(ON_A_PAGE + 1)).all()
    return pagination.cut(rows, ON_A_PAGE, lambda row: (row.id,))
