"""The kinds of cartons as the desk lists them, those out of use among them."""

from collections.abc import Sequence

from sqlalchemy import select

from portal.core.db import AnyRow, db
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.warehousing.outbound.models import CartonType

_TYPE = CartonType.__table__


def every() -> Sequence[AnyRow]:
    """Return all kinds of cartons, those in use first, the smallest first."""
    c = _TYPE.c
    volume = c.length_mm * c.width_mm * c.height_mm
    return db.session.execute(select(_TYPE).order_by(c.active.desc(), volume, c.code)).all()


def by_code(code: str) -> AnyRow:
    """Return a kind of carton; raises NotFound."""
    found = db.session.execute(select(_TYPE).where(_TYPE.c.code == code)).first()
    if found is None:
        raise NotFound(_l("There is nothing at this address, or it is not yours to see."))
    return found
