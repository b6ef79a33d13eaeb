"""What waits on the floor, in the order in which one would do it, and in whose hands it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from portal.accounts.access import User
from portal.accounts.models import Person
from portal.core import clock
from portal.core.db import AnyRow, db
from portal.warehousing.floor import tasks
from portal.warehousing.floor.models import FloorAssignment, FloorPresence
from portal.warehousing.floor.tasks import Kind, Task
from portal.warehousing.sites.models import Location

_A, _P, _PERSON = FloorAssignment.__table__, FloorPresence.__table__, Person.__table__
_LOCATION = Location.__table__
_NEVER = datetime.max.replace(tzinfo=UTC)
_FAR = 10**9  # of a task that is anywhere: after those that are somewhere
Held = Mapping[tuple[str, str], AnyRow]


@dataclass(frozen=True)
class Queue:
    """The open tasks of one kind, in the order in which they would be done."""

    kind: Kind
    tasks: Sequence[Task]

    @property
    def count(self) -> int:
        """How many there are; ``tasks.MOST`` means that or more."""
        return len(self.tasks)

    @property
    def late(self) -> int:
        """How many of them should have been done by now."""
        now = clock.now()
        return sum(1 for task in self.tasks if task.due_at is not None and task.due_at < now)

    @property
    def free(self) -> int:
        """How many of them are in nobody's hands."""
        return sum(1 for task in self.tasks if task.assigned_to is None)

    @property
    def oldest(self) -> datetime | None:
        """Since when the first of them waits."""
        return min((task.since for task in self.tasks if task.since is not None), default=None)


@dataclass(frozen=True)
class Waiting:
    """Everything that waits in a warehouse: by kind, and who holds what."""

    queues: Sequence[Queue]
    held: Held

    def holder(self, task: Task) -> AnyRow | None:
        """Return who has a task in his hands (``person_id``, ``name``, ``taken_at``)."""
        return self.held.get((task.kind, task.ref))

    def next_of(self, person_id: int, here: int | None) -> Task | None:
        """Return what a person standing at walking place ``here`` would do next.

        What is in his hands comes first; what is in others’ does not come.
        """
        open_to = [
            task
            for queue in self.queues
            for task in queue.tasks
            if task.assigned_to in (None, person_id)
        ]
        return min(open_to, key=lambda task: order(task, person_id, here), default=None)

    def mine(self, person_id: int) -> list[Task]:
        """Return the tasks that a person holds."""
        every = [task for queue in self.queues for task in queue.tasks]
        return [task for task in every if task.assigned_to == person_id]


def order(task: Task, person_id: int, here: int | None) -> tuple[Any, ...]:
    """Return what tasks are sorted by: own, priority, due time, way to walk, time waited."""
    away = _FAR if task.walk is None else abs(task.walk - (here or 0))
    is_other = task.assigned_to != person_id
    due, since = task.due_at or _NEVER, task.since or _NEVER
    return is_other, task.priority, due, away, since, task.ref


def waiting_for(user: User, warehouse_id: int) -> Waiting:
    """Return what waits in a warehouse of what ``user`` may do."""
    return _waiting(user, warehouse_id, tasks.kinds_for(user))


def all_waiting(user: User, warehouse_id: int) -> Waiting:
    """Return all that waits in a warehouse, for whoever may see it."""
    return _waiting(user, warehouse_id, tasks.all_kinds())


def _waiting(user: User, warehouse_id: int, kinds: Sequence[Kind]) -> Waiting:
    held = _held()
    queues = [
        Queue(kind, [_owned(task, held) for task in kind.source(user, warehouse_id)])
        for kind in kinds
    ]
    return Waiting(queues, held)


def _owned(task: Task, held: Held) -> Task:
    by = held.get((task.kind, task.ref))
    return task if by is None else replace(task, assigned_to=by.person_id)


def _held() -> dict[tuple[str, str], AnyRow]:
    wanted = select(_A, _PERSON.c.name).join_from(_A, _PERSON, _PERSON.c.id == _A.c.person_id)
    rows = db.session.execute(wanted.where(_A.c.until > clock.now()))
    return {(row.kind, row.ref): row for row in rows}


def presence_of(person_id: int) -> AnyRow | None:
    """Return where a person is at work (columns, ``walk`` and ``code`` of the location)."""
    wanted = select(_P, _LOCATION.c.walk, _LOCATION.c.code).outerjoin_from(
        _P, _LOCATION, _LOCATION.c.id == _P.c.location_id
    )
    return db.session.execute(wanted.where(_P.c.person_id == person_id)).first()
