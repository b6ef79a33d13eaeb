"""One consignment: its row, its head for a change, its events, pieces and papers."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from portal.accounts.access import User
from portal.accounts.models import Company, Person
from portal.consignments.models import Attachment, Consignment, Incident, Piece, TrackingEvent
from portal.consignments.rules import numbers
from portal.core import scope
from portal.core.db import AnyRow, db
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.core.prepared import Prepared

_C = Consignment.__table__
_E = TrackingEvent.__table__
#: What a push needs of a consignment.
HEAD = (
    _C.c.id,
    _C.c.no,
    _C.c.company_id,
    _C.c.status,
    _C.c.status_seq,
    _C.c.attempts,
    _C.c.split,
    _C.c.head_at,
    _C.c.head_rank,
    _C.c.last_at,
    _C.c.service,
    _C.c.mode,
    _C.c.history,
    _C.c.consignor_country,
    _C.c.consignor_city,
    _C.c.consignor_lat,
    _C.c.consignor_lon,
    _C.c.consignee_country,
    _C.c.consignee_city,
    _C.c.consignee_lat,
    _C.c.consignee_lon,
    _C.c.ordered_at,
    _C.c.pickup_actual,
    _C.c.arrived_at,
    _C.c.out_at,
    _C.c.delivery_actual,
    _C.c.delivery_planned,
    _C.c.delivery_estimated_from,
    _C.c.delivery_estimated,
    _C.c.delivery_estimated_to,
    _C.c.estimate_basis,
    _C.c.event_estimate,
    _C.c.first_estimated_from,
    _C.c.first_estimated,
    _C.c.first_estimated_to,
    _C.c.window_from,
    _C.c.window_to,
    _C.c.gross_weight_g,
)
_HEADS = (
    select(*HEAD, Company.attempt_limit)
    .join(Company, Company.id == _C.c.company_id)
    .where(_C.c.no == bindparam("no"))
)
_OF_COMPANY = _HEADS.where(_C.c.company_id == bindparam("company"))
_LOCKED = {
    "company": Prepared(_OF_COMPANY.with_for_update(of=_C).execution_options(**scope.BOUND)),
    "centre": Prepared(_HEADS.with_for_update(of=_C).execution_options(**scope.CENTRE)),
}


def missing() -> NotFound:
    """Return the one answer to a missing, a foreign and a malformed number."""
    return NotFound(_l("There is no consignment with that number."))


def sees_all(user: User) -> bool:
    """Return whether ``user`` may see every company's consignments."""
    return user.may("consignments.see_all")


def visible_to(user: User, query: Select[Any]) -> Select[Any]:
    """Limit a select on consignments to those that ``user`` may see.

    Raises NotFound for somebody who may see none.
    """
    if sees_all(user):
        return query.execution_options(**scope.CENTRE)
    if user.company_id is None or not user.may("consignments.see"):
        raise missing()
    own = query.where(_C.c.company_id == user.company_id)
    return own.execution_options(**scope.of(user.company_id))


def consignment_for(user: User, no: str, *, lock: bool = False) -> AnyRow:
    """Return the consignment ``no`` if ``user`` may see it.

    ``lock`` holds its row until the transaction ends; pass it before changing it.
    Raises NotFound alike when it is missing and when it is another company's.
    """
    number = numbers.normalise(no)
    if not numbers.is_number(number):
        raise missing()
    query = visible_to(user, select(_C).where(_C.c.no == number))
    found = db.session.execute(query.with_for_update() if lock else query).first()
    if found is None:
        raise missing()
    return found


def head_for(user: User, no: str, *, on: Connection) -> AnyRow:
    """Return, locked, the columns that a push needs of the consignment ``no``.

    Raises NotFound as ``consignment_for`` does.
    """
    number = numbers.normalise(no)
    if not numbers.is_number(number):
        raise missing()
    if sees_all(user):
        found = _LOCKED["centre"].first(on, {"no": number})
    elif user.company_id is not None and user.may("consignments.see"):
        asked = {"no": number, "company": user.company_id}
        found = _LOCKED["company"].first(on, asked)
    else:
        found = None
    if found is None:
        raise missing()
    return found


def by_order_ref(company_id: int, order_ref: str, *, on: Connection) -> str | None:
    """Return the number of the company's consignment with this order reference."""
    query = select(_C.c.no).where(_C.c.company_id == company_id, _C.c.order_ref == order_ref)
    found = on.scalar(query.execution_options(**scope.of(company_id)))
    return None if found is None else str(found)


def order_refs_taken(company_id: int, refs: Sequence[str], *, on: Connection) -> dict[str, str]:
    """Return order reference → number for those of ``refs`` that the company has used."""
    query = select(_C.c.order_ref, _C.c.no).where(
        _C.c.company_id == company_id, _C.c.order_ref.in_(refs)
    )
    return {r.order_ref: r.no for r in on.execute(query.execution_options(**scope.of(company_id)))}


def pieces_of(consignment: Any) -> Sequence[AnyRow]:
    """Return the pieces of a consignment that ``consignment_for`` has handed out."""
    table = Piece.__table__
    query = select(table).where(table.c.consignment_id == consignment.id).order_by(table.c.id)
    return db.session.execute(query.execution_options(**scope.of(consignment.company_id))).all()


def events_of(
    consignment: Any, *, internal: bool, after: int = 0, limit: int = 500
) -> Sequence[AnyRow]:
    """Return its events by seq, from ``after`` on; unpublished ones only where ``internal``."""
    query = (
        select(_E, Person.name.label("actor_name"), Piece.sscc)
        .outerjoin(Person, Person.id == _E.c.actor_id)
        .outerjoin(Piece, Piece.id == _E.c.piece_id)
        .where(_E.c.consignment_id == consignment.id, _E.c.seq > after)
        .order_by(_E.c.seq)
        .limit(limit)
    )
    if not internal:
        query = query.where(_E.c.published)
    return db.session.execute(query.execution_options(**scope.of(consignment.company_id))).all()


def attachments_of(consignment: Any) -> Sequence[AnyRow]:
    """Return the attachments of its events, oldest first."""
    table = Attachment.__table__
    query = select(table).where(table.c.consignment_id == consignment.id).order_by(table.c.id)
    return db.session.execute(query.execution_options(**scope.of(consignment.company_id))).all()


def attachment_for(user: User, no: str, ref: str) -> AnyRow:
    """Return one attachment of a consignment that ``user`` may see.

    Raises NotFound as ``consignment_for`` does, and for attachments of unpublished events
    unless the user may see internal notes.
    """
    consignment = consignment_for(user, no)
    table = Attachment.__table__
    query = (
        select(table, _E.c.published)
        .join(_E, _E.c.id == table.c.tracking_event_id)
        .where(table.c.consignment_id == consignment.id, table.c.ref == ref)
        .execution_options(**scope.of(consignment.company_id))
    )
    found = db.session.execute(query).first()
    if found is None or not (found.published or user.may("events.see_internal")):
        raise NotFound(_l("That file is not there any more."))
    return found


def incidents_of(consignment: Any) -> Sequence[AnyRow]:
    """Return its incidents, the newest first."""
    table = Incident.__table__
    query = select(table).where(table.c.consignment_id == consignment.id)
    ordered = query.order_by(table.c.id.desc())
    return db.session.execute(ordered.execution_options(**scope.of(consignment.company_id))).all()
