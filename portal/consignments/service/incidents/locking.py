"""Incidents as they are, held until the transaction ends."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, select

from portal.consignments.models import Consignment, Incident
from portal.core import scope
from portal.core.db import AnyRow

_I = Incident.__table__
_C = Consignment.__table__
#: What a change needs of an incident.
COLUMNS = (*_I.c, _C.c.no, _C.c.status)


def _joined(where: ColumnElement[bool]) -> Select[Any]:
    joined = _I.join(_C, _C.c.id == _I.c.consignment_id)
    ordered = (
        select(*COLUMNS).select_from(joined).where(where).order_by(_I.c.consignment_id, _I.c.id)
    )
    return ordered.with_for_update(of=_I).execution_options(**scope.CENTRE)


def of_consignment(head: Any, on: Connection) -> Sequence[AnyRow]:
    """Return, locked, the open incidents of a consignment whose row is held."""
    return on.execute(_joined((_I.c.consignment_id == head.id) & _I.c.closed_at.is_(None))).all()


def of_consignments(ids: Sequence[int], on: Connection) -> Sequence[AnyRow]:
    """Return, locked, all incidents, open and closed, of consignments whose rows are held."""
    return on.execute(_joined(_I.c.consignment_id.in_(ids))).all()


def by_ref(refs: Sequence[str], on: Connection) -> Sequence[AnyRow]:
    """Return, locked, the incidents with these references; their consignments first."""
    own = select(_I.c.consignment_id).where(_I.c.ref.in_(refs)).scalar_subquery()
    held = select(_C.c.id).where(_C.c.id.in_(own)).order_by(_C.c.no).with_for_update()
    on.execute(held.execution_options(**scope.CENTRE)).all()
    return on.execute(_joined(_I.c.ref.in_(refs))).all()
