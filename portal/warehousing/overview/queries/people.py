"""Who is at work in a warehouse: at what, since when; and to whom tasks can be given."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, or_, select

from portal.accounts.models import Person
from portal.accounts.roles import STAFF_ROLES
from portal.core import clock
from portal.core.db import AnyRow, db
from portal.warehousing.floor.models import FloorAssignment, FloorPresence
from portal.warehousing.sites.models import Location, WarehouseWorker

#: Who has done nothing for so long is not at work.
AT_WORK = timedelta(hours=2)
MOST = 60
_P, _A, _PERSON, _LOCATION, _WORKER = (
    model.__table__ for model in (FloorPresence, FloorAssignment, Person, Location, WarehouseWorker)
)


def at_work(warehouse_id: int) -> Sequence[AnyRow]:
    """Return who works here now: ``name, kind, ref, since, place, changed_at, held``."""
    now = clock.now()
    held = (
        select(func.count())
        .select_from(_A)
        .where(_A.c.person_id == _P.c.person_id, _A.c.until > now)
        .correlate(_P)
        .scalar_subquery()
    )
    columns = (_P.c.person_id, _P.c.kind, _P.c.ref, _P.c.since, _P.c.changed_at)
    wanted = (
        select(*columns, _PERSON.c.name, _LOCATION.c.code.label("place"), held.label("held"))
        .join_from(_P, _PERSON, _PERSON.c.id == _P.c.person_id)
        .outerjoin(_LOCATION, _LOCATION.c.id == _P.c.location_id)
        .where(_P.c.warehouse_id == warehouse_id, _P.c.changed_at > now - AT_WORK)
        .order_by(_P.c.kind.is_(None), _PERSON.c.name)
        .limit(MOST)
    )
    return db.session.execute(wanted).all()


def workers_of(warehouse_id: int) -> Sequence[AnyRow]:
    """Return the people (``id, name``) who may work in a warehouse, by name."""
    roles = [role for role, rights in STAFF_ROLES.items() if "warehouse.work" in rights]
    own = select(_WORKER.c.warehouse_id).where(_WORKER.c.person_id == _PERSON.c.id)
    elsewhere = own.correlate(_PERSON)
    wanted = (
        select(_PERSON.c.id, _PERSON.c.name)
        .where(_PERSON.c.staff_role.in_(roles))
        .where(
            or_(
                ~elsewhere.exists(),
                elsewhere.where(_WORKER.c.warehouse_id == warehouse_id).exists(),
            )
        )
        .order_by(_PERSON.c.name)
    )
    return db.session.execute(wanted).all()
