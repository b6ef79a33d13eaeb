"""Who does what: a task is in the hands of one person at a time."""

from datetime import timedelta

from sqlalchemy import Connection, delete, insert, select, update

from portal.accounts.access import User
from portal.accounts.models import Person
from portal.core import clock
from portal.core.db import AnyRow
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.warehousing.floor.models import FloorAssignment

#: How long a task stays with who took it, after his last command for it.
LEASE = timedelta(minutes=30)
#: How long it stays with whom the supervisor gave it to, before he begins.
GIVEN = timedelta(hours=12)
_T = FloorAssignment.__table__
_PERSON = Person.__table__


def holder(kind: str, ref: str, on: Connection) -> AnyRow | None:
    """Return who holds a task now (columns of the assignment, ``name``), or None."""
    wanted = select(_T, _PERSON.c.name).join_from(_T, _PERSON, _PERSON.c.id == _T.c.person_id)
    row = on.execute(wanted.where(_T.c.kind == kind, _T.c.ref == ref)).first()
    return row if row is not None and row.until > clock.now() else None


def take(kind: str, ref: str, by: User, *, on: Connection, warehouse_id: int | None = None) -> None:
    """Put a task into the hands of ``by``, or renew his hold on it.

    Raises Refused while somebody else holds it.
    """
    held = holder(kind, ref, on)
    if held is not None and held.person_id != by.person_id:
        raise Refused(_l("%(name)s is at this task. Take another one.", name=held.name))
    until = clock.now() + LEASE
    if held is not None:
        until = max(until, held.until)
        on.execute(update(_T).where(_T.c.id == held.id).values(until=until))
        return
    _put(kind, ref, by.person_id, on=on, warehouse_id=warehouse_id, until=until)


def give(
    kind: str, ref: str, person_id: int, by: User, *, on: Connection, warehouse_id: int
) -> None:
    """Put a task into the hands of ``person_id``, out of whoever's it was."""
    until = clock.now() + GIVEN
    _put(kind, ref, person_id, on=on, warehouse_id=warehouse_id, until=until, given_by=by.person_id)


def _put(  # type: ignore[no-untyped-def]
    kind: str, ref: str, person_id: int, *, on: Connection, warehouse_id, until, given_by=None
) -> None:
    let_go(kind, ref, on=on)
    on.execute(
        insert(_T).values(
            kind=kind,
            ref=ref,
            warehouse_id=warehouse_id,
            person_id=person_id,
            given_by_id=given_by,
            taken_at=clock.now(),
            until=until,
        )
    )


def let_go(kind: str, ref: str, *, on: Connection) -> None:
    """End the hold on a task: it is done, or handed back."""
    on.execute(delete(_T).where(_T.c.kind == kind, _T.c.ref == ref))
