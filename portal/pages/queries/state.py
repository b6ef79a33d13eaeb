"""What the home page shows of what is written, as a value that every change makes another one."""

from collections.abc import Hashable

from sqlalchemy import case, func, select

from portal.core import clock
from portal.core.db import db
from portal.pages.models import Page

_P = Page.__table__


def state() -> Hashable:
    """Return a value that differs as soon as anything is published, moved, changed or over.

    A notice whose time begins or ends changes it too.
    """
    now = clock.now()
    begun = func.sum(case((_P.c.valid_from <= now, 1), else_=0))
    over = func.sum(case((_P.c.valid_until <= now, 1), else_=0))
    shown = func.sum(_P.c.id * _P.c.shown_number)
    query = select(func.count(), func.max(_P.c.changed_at), shown, begun, over)
    return tuple(db.session.execute(query.where(_P.c.shown_number.is_not(None))).one())
