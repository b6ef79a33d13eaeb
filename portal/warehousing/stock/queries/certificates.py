"""Certificates of stock: an owner's own, and any of them by its reference."""

from collections.abc import Sequence

from sqlalchemy import select

from portal.accounts.access import User
from portal.core import scope
from portal.core.db import AnyRow, db
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.warehousing.ledger.queries.visible import own
from portal.warehousing.stock.models import StockCertificate

_C = StockCertificate.__table__
SHOWN = 20  # the latest


def certificates_for(user: User) -> Sequence[AnyRow]:
    """Return the latest certificates, without what they say."""
    columns = [_C.c[name] for name in ("id", "ref", "as_of", "issued_at", "company_id", "digest")]
    query = own(user, select(*columns).order_by(_C.c.id.desc()).limit(SHOWN), _C)
    return db.session.execute(query).all()


def certificate_for(user: User, ref: str) -> AnyRow:
    """Return a certificate (all columns); raises NotFound where ``user`` may not see it."""
    found = db.session.execute(own(user, select(_C).where(_C.c.ref == ref), _C)).first()
    if found is None:
        raise NotFound(_l("There is no such certificate."))
    return found


def by_ref(ref: str) -> AnyRow | None:
    """Return a certificate by its reference: whoever knows it was given it."""
    query = select(_C).where(_C.c.ref == ref).execution_options(**scope.CENTRE)
    return db.session.execute(query).first()
