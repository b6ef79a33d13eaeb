"""Other parts of the club in the moderators' one queue: what waits there, what is turned back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from portal.accounts.access import User


@dataclass(frozen=True)
class Queue:
    """What waits for moderators in a part of the club."""

    template: str  # of its section; it gets ``waiting``
    waiting: Callable[[User], Mapping[str, Any]]  # what the template shows; empty: no section
    count: Callable[[], int]


#: Turns an act back: (act, reason, by, connection).
Turning = Callable[[Any, str, User, Connection], None]
_queues: dict[str, Queue] = {}
_turning: dict[str, Turning] = {}


def provide(name: str, queue: Queue) -> None:
    """Let a part of the club have a section in the moderators' queue."""
    _queues[name] = queue


def sections_for(user: User) -> list[tuple[str, Mapping[str, Any]]]:
    """Return (template, what it shows) of every part in which something waits."""
    found = ((queue.template, queue.waiting(user)) for queue in _queues.values())
    return [(template, waiting) for template, waiting in found if waiting]


def count() -> int:
    """Return how much waits in all of them."""
    return sum(queue.count() for queue in _queues.values())


def turns_back(kind: str, turn: Turning) -> None:
    """Let ``turn`` be called when an appeal against an act of this kind is right."""
    _turning[kind] = turn


def turning_of(kind: str) -> Turning | None:
    """Return what turns an act of this kind back; None: the forum does it, or nobody can."""
    return _turning.get(kind)
