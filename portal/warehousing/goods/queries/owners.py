"""Whose goods they are, for lists that staff see."""

from collections.abc import Iterable

from sqlalchemy import select

from portal.accounts.models import Company
from portal.core.db import AnyRow, db
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l

_C = Company.__table__.c


def owners(ids: Iterable[int]) -> dict[int, AnyRow]:
    """Return company id → id, reference and name."""
    wanted = select(_C.id, _C.ref, _C.name).where(_C.id.in_(sorted(set(ids))))
    return {row.id: row for row in db.session.execute(wanted)}


def owner_by_ref(ref: str) -> AnyRow:
    """Return id, reference and name of a company; raises NotFound where there is none."""
    wanted = select(_C.id, _C.ref, _C.name).where(_C.ref == ref.strip().upper()[:20])
    found = db.session.execute(wanted).first()
    if found is None:
        raise NotFound(_l("There is no company with that reference."))
    return found
