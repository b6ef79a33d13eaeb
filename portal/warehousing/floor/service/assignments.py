"""Who does what: a task is in the hands of one person at a time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from portal.accounts.access import User
from portal.accounts.models import Person
from portal.core import clock, events
from portal.core.db import AnyRow, changed, transaction
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.warehousing.floor.events import TaskHeld
from portal.warehousing.floor.models import FloorAssignment

#: How long a task stays with who took it, after his last command for it.
LEASE = timedelta(minutes=30)
#: How long it stays with whom the supervisor gave it to, before he begins.
GIVEN = timedelta(hours=12)
_T = FloorAssignment.__table__
_PERSON = Person.__table__


@dataclass(frozen=True)
class Hold:
    """The columns of an assignment that is to be made."""

    kind: str
    ref: str
    person_id: int
    warehouse_id: int | None
    until: datetime
    given_by_id: int | None = None


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
    hold = Hold(kind, ref, by.person_id, warehouse_id, until)
    _put(hold, on)
    _tell(hold, "taken", by, on)


def give(
    kind: str, ref: str, person_id: int, by: User, *, on: Connection, warehouse_id: int
) -> None:
    """Put a task into the hands of ``person_id``, out of whoever's it was."""
    until = clock.now() + GIVEN
    hold = Hold(kind, ref, person_id, warehouse_id, until, by.person_id)
    _put(hold, on)
    _tell(hold, "given", by, on)


def free(kind: str, ref: str, by: User, *, on: Connection) -> None:
    """Take a task out of whoever's hands it is in, without its being done."""
    held = holder(kind, ref, on)
    let_go(kind, ref, on=on)
    if held is not None:
        action = "handed_back" if held.person_id == by.person_id else "freed"
        _tell(held, action, by, on)


def _put(hold: Hold, on: Connection) -> None:
    let_go(hold.kind, hold.ref, on=on)
    on.execute(insert(_T).values(**vars(hold), taken_at=clock.now()))


def _tell(hold: Hold | AnyRow, action: str, by: User, on: Connection) -> None:
    held = TaskHeld(
        actor_id=by.person_id,
        company_id=None,
        kind=hold.kind,
        ref=hold.ref,
        person_id=hold.person_id,
        action=action,
        warehouse_id=hold.warehouse_id,
    )
    events.record(held, on=on)


def let_go(kind: str, ref: str, *, on: Connection) -> None:
    """End the hold on a task: it is done."""
    on.execute(delete(_T).where(_T.c.kind == kind, _T.c.ref == ref))


def tidy() -> int:
    """Delete the holds that have run out; return how many."""
    with transaction():
        return changed(delete(_T).where(_T.c.until < clock.now()))
