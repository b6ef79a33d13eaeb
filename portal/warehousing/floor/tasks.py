"""The register of what waits on the floor: each part provides its kinds of tasks.

The floor's home proposes the next one; the supervisor's board counts them and hands them out.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.accounts.access import User

USUAL = 50  # priority; 0 comes first, 100 last
MOST = 200  # tasks of a kind that are looked at; who has more works off the first ones first


@dataclass(frozen=True, kw_only=True)
class Task:
    """Something to be done by one person. ``ref`` is unique within its kind.

    ``where``: the code of the location where it begins; ``walk``: that location's place in the
    order in which one walks (None: anywhere). ``since``: when it began to wait. ``assigned_to``
    is filled in by the floor; sources leave it.
    """

    ref: str
    kind: str
    title: Any
    url: str
    where: str = ""
    walk: int | None = None
    priority: int = USUAL
    due_at: datetime | None = None
    since: datetime | None = None
    assigned_to: int | None = None


Source = Callable[[User, int], Iterable[Task]]


@dataclass(frozen=True)
class Kind:
    """A kind of tasks: its name, where its tasks come from, the right it takes."""

    kind: str
    label: Any
    source: Source
    right: str


@dataclass(frozen=True)
class Screen:
    """A screen that one opens without a task: looking up, receiving blind, moving."""

    endpoint: str
    label: Any
    right: str


_kinds: dict[str, Kind] = {}
_screens: dict[str, Screen] = {}


def provide(kind: str, label: Any, source: Source, *, right: str = "warehouse.work") -> None:
    """Let the floor know a kind of tasks. Call it when the part is imported.

    ``source(user, warehouse_id)`` returns the open tasks of a warehouse, at most ``MOST``, the
    most urgent first, by one or two statements.
    """
    _kinds[kind] = Kind(kind, label, source, right)


def provide_screen(endpoint: str, label: Any, *, right: str = "warehouse.work") -> None:
    """Offer a screen on the floor's home; it is shown once the endpoint exists."""
    _screens[endpoint] = Screen(endpoint, label, right)


def kinds_for(user: User) -> Sequence[Kind]:
    """Return the kinds of tasks that ``user`` may do, in the order of work through the house."""
    return [kind for kind in sorted(_kinds.values(), key=_place) if user.may(kind.right)]


def all_kinds() -> Sequence[Kind]:
    """Return every kind of tasks, in the same order: for who only looks on."""
    return sorted(_kinds.values(), key=_place)


def screens_for(user: User) -> Sequence[Screen]:
    """Return the screens that ``user`` may open, in the order in which they were provided."""
    return [screen for screen in _screens.values() if user.may(screen.right)]


def label_of(kind: str) -> Any:
    """Return what a kind of tasks is called; the kind itself if nobody provides it any more."""
    return _kinds[kind].label if kind in _kinds else kind


#: The order of the work through the house; kinds that are not in it come after, by name.
_FLOW = ("receive", "put_away", "replenish", "pick", "check", "pack", "stage", "ship", "count")


def _place(kind: Kind) -> tuple[int, str]:
    return (_FLOW.index(kind.kind) if kind.kind in _FLOW else len(_FLOW), kind.kind)
