"""Incidents as people see them: the queue of the desk, one of them, those of a company."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import aliased

from portal.accounts.access import User
from portal.accounts.models import Company, Person
from portal.consignments.models import Consignment, Incident, IncidentCount, IncidentStep
from portal.consignments.queries import sorting
from portal.consignments.queries.one import sees_all
from portal.consignments.rules.incidents import UNSETTLED, State
from portal.core import clock, pagination, scope
from portal.core.db import AnyRow, db
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.core.pagination import Page

_I = Incident.__table__
_C = Consignment.__table__
_S = IncidentStep.__table__
_Handler = aliased(Person)
SHOWN = 40
MOST_COUNTED = 1000  # overdue ones; more of them is no better known
#: What a list shows of each incident.
COLUMNS = (
    *_I.c,
    _C.c.no,
    _C.c.order_ref,
    _C.c.service,
    _C.c.status,
    _C.c.consignee_name,
    _C.c.consignee_city,
    _C.c.delivery_planned,
    _C.c.delivery_estimated_from,
    _C.c.delivery_estimated,
    _C.c.delivery_estimated_to,
    _C.c.delivery_actual,
    Company.name.label("company_name"),
    _Handler.name.label("handler_name"),
)
_CLOSED = (State.RESOLVED, State.WRITTEN_OFF)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What somebody wants to see; None or empty: everything that is not settled."""

    state: str = ""
    kind: str = ""
    service: str = ""
    company_id: int | None = None
    handler_id: int | None = None
    nobody: bool = False
    overdue: bool = False
    consignment: str = ""

    @property
    def is_settled(self) -> bool:
        """Whether it is about those that are closed."""
        return self.state in _CLOSED


def missing() -> NotFound:
    """Return the one answer to a missing and a foreign reference."""
    return NotFound(_l("There is no such incident."))


def visible_to(user: User, query: Select[Any]) -> Select[Any]:
    """Limit a select on incidents to those that ``user`` may know of.

    Raises NotFound for somebody who may see none.
    """
    if sees_all(user) and user.may("events.see_internal"):
        return query.execution_options(**scope.CENTRE)
    if sees_all(user):
        return query.where(_I.c.owner_visible).execution_options(**scope.CENTRE)
    if user.company_id is None or not user.may("consignments.see"):
        raise missing()
    own = query.where(_I.c.company_id == user.company_id, _I.c.owner_visible)
    return own.execution_options(**scope.of(user.company_id))


def _joined() -> Select[Any]:
    tables = (
        _I.join(_C, _C.c.id == _I.c.consignment_id)
        .join(Company, Company.id == _I.c.company_id)
        .outerjoin(_Handler, _Handler.id == _I.c.assigned_to_id)
    )
    return select(*COLUMNS).select_from(tables)


def incidents_for(
    user: User, wanted: Wanted, *, after: str | None = None, limit: int = SHOWN
) -> Page[AnyRow]:
    """Return a page of incidents: the soonest due first, settled ones the latest closed first.

    Raises Invalid for a cursor that is not of this list.
    """
    query = visible_to(user, _joined()).where(_fits(wanted))
    key = _I.c.closed_at if wanted.is_settled else _I.c.due_at
    if (cursor := pagination.decode(after, str, int)) is not None:
        query = query.where(_behind(key, cursor, down=wanted.is_settled))
    order = (key.desc(), _I.c.id.desc()) if wanted.is_settled else (key, _I.c.id)
    rows = db.session.execute(query.order_by(*order).limit(limit + 1)).all()
    return pagination.cut(rows, limit, lambda row: (getattr(row, key.name).isoformat(), row.id))


def _behind(key: Any, cursor: list[Any], *, down: bool) -> ColumnElement[bool]:
    at, row_id = sorting.instant_in(cursor[0]), cursor[1]
    if down:
        return or_(key < at, and_(key == at, _I.c.id < row_id))
    return or_(key > at, and_(key == at, _I.c.id > row_id))


def _fits(wanted: Wanted) -> ColumnElement[bool]:
    settled = _I.c.closed_at.is_not(None) if wanted.is_settled else _I.c.closed_at.is_(None)
    conditions = [
        settled,
        _I.c.state == wanted.state if wanted.state else true(),
        _I.c.kind == wanted.kind if wanted.kind else true(),
        _C.c.service == wanted.service if wanted.service else true(),
        _C.c.no == wanted.consignment if wanted.consignment else true(),
        true() if wanted.company_id is None else _I.c.company_id == wanted.company_id,
        true() if wanted.handler_id is None else _I.c.assigned_to_id == wanted.handler_id,
        _I.c.assigned_to_id.is_(None) if wanted.nobody else true(),
        _I.c.due_at < clock.now() if wanted.overdue else true(),
    ]
    return and_(*conditions)


def counts_for(user: User, company_id: int | None = None) -> dict[tuple[str, str], int]:
    """Return (class, state) → how many, from the kept counts (of one company).

    Raises NotFound as ``visible_to`` does.
    """
    table = IncidentCount.__table__
    own = not sees_all(user)
    number = func.sum(
        table.c.owners if own or not user.may("events.see_internal") else table.c.count
    )
    query = select(table.c.kind, table.c.state, number).group_by(table.c.kind, table.c.state)
    if own:
        if user.company_id is None or not user.may("consignments.see"):
            raise missing()
        company_id = user.company_id
    if company_id is not None:
        query = query.where(table.c.company_id == company_id)
    options = scope.of(user.company_id) if own and user.company_id else scope.CENTRE
    rows = db.session.execute(query.execution_options(**options))
    return {(kind, state): int(count) for kind, state, count in rows if count}


def by_state(counts: Mapping[tuple[str, str], int]) -> dict[str, int]:
    """Return state → how many; ``""``: all that are not settled."""
    found = {str(state): 0 for state in State}
    for (_kind, state), count in counts.items():
        found[state] += count
    return {"": sum(found[state] for state in UNSETTLED), **found}


def overdue_count_for(user: User) -> int:
    """Return how many open ones are past their clock, at most MOST_COUNTED."""
    late = select(_I.c.id).where(_I.c.closed_at.is_(None), _I.c.due_at < clock.now())
    inner = visible_to(user, late.limit(MOST_COUNTED))
    counted = select(func.count()).select_from(inner.subquery())
    return int(db.session.scalar(counted.execution_options(**scope.CENTRE)) or 0)


def incident_for(user: User, ref: str) -> AnyRow:
    """Return one incident that ``user`` may know of.

    Raises NotFound alike for what is missing and what is another company's.
    """
    found = db.session.execute(visible_to(user, _joined().where(_I.c.ref == ref[:20]))).first()
    if found is None:
        raise missing()
    return found


def steps_of(incident: Any, *, internal: bool) -> Sequence[AnyRow]:
    """Return the steps of an incident that ``incident_for`` has handed out, oldest first.

    Those that the owner may not see are left out unless ``internal``.
    """
    to = aliased(Person)
    query = (
        select(_S, Person.name.label("actor_name"), to.name.label("to_name"))
        .outerjoin(Person, Person.id == _S.c.actor_id)
        .outerjoin(to, to.id == _S.c.assigned_to_id)
        .where(_S.c.incident_id == incident.id)
        .order_by(_S.c.id)
    )
    if not internal:
        query = query.where(_S.c.owner_visible)
    return db.session.execute(query.execution_options(**scope.of(incident.company_id))).all()


def notes_of(incidents: Sequence[Any]) -> dict[int, list[AnyRow]]:
    """Return incident id → what its owner was said, oldest first; one statement."""
    found: dict[int, list[AnyRow]] = {each.id: [] for each in incidents}
    if not found:
        return found
    query = (
        select(_S.c.incident_id, _S.c.at, _S.c.note)
        .where(_S.c.incident_id.in_(found), _S.c.owner_visible, _S.c.note.is_not(None))
        .order_by(_S.c.id)
    )
    own = scope.of(incidents[0].company_id)
    for row in db.session.execute(query.execution_options(**own)):
        found[row.incident_id].append(row)
    return found


def open_by_consignment(user: User, ids: Iterable[int]) -> dict[int, list[AnyRow]]:
    """Return consignment id → its open incidents that ``user`` may know of; one statement."""
    wanted = list(ids)
    if not wanted:
        return {}
    query = select(_I.c.consignment_id, _I.c.kind, _I.c.predicted, _I.c.opened_at).where(
        _I.c.consignment_id.in_(wanted), _I.c.closed_at.is_(None)
    )
    found: dict[int, list[AnyRow]] = {}
    for row in db.session.execute(visible_to(user, query.order_by(_I.c.consignment_id, _I.c.id))):
        found.setdefault(row.consignment_id, []).append(row)
    return found
