"""Rules of waves: which orders are picked together, and what a wave may become."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.core.i18n import lazy_pgettext
from portal.warehousing.outbound.rules import orders

PLANNED, RELEASED, DONE, GIVEN_UP = "planned", "released", "done", "given_up"
#: Status → what it is called.
WAVE_STATUSES = {
    PLANNED: lazy_pgettext("wave", "Planned"),
    RELEASED: lazy_pgettext("wave", "Released"),
    DONE: lazy_pgettext("wave", "Done"),
    GIVEN_UP: lazy_pgettext("wave", "Given up"),
}
NEXT = {
    PLANNED: frozenset({RELEASED, GIVEN_UP}),
    RELEASED: frozenset({DONE, GIVEN_UP}),
    DONE: frozenset[str](),
    GIVEN_UP: frozenset[str](),
}
#: How it is picked → what that is called.
METHODS = {
    "order": _l("Order by order"),
    "batch": _l("All orders at once"),
}
MOST_ORDERS = 40  # of one wave: what a shift picks before the next cut-off
#: Statuses of an order in which its wave still waits for it.
AWAITED = frozenset({orders.ALLOCATED, orders.RELEASED, orders.PICKING})


@dataclass(frozen=True, kw_only=True)
class Ready:
    """An order that is allocated and in no wave. ``zone``: where its goods lie; None: in several.

    ``places``: how many it takes to fetch them all.
    """

    id: int
    ref: str
    service: str
    ship_by: datetime | None
    priority: int = 0
    zone: str | None = None
    places: int = 0
    row: Any = None


@dataclass(frozen=True)
class Proposal:
    """Orders that should go together: they leave by the same time, by the same service."""

    ship_by: datetime | None
    service: str
    zone: str | None
    orders: tuple[Ready, ...]

    @property
    def places(self) -> int:
        """Return how many places are walked to for it, at most."""
        return sum(order.places for order in self.orders)


def propose(ready: Iterable[Ready], most: int = MOST_ORDERS) -> list[Proposal]:
    """Return waves for these orders: by when they leave, by service, by zone; urgent ones first.

    What is more than ``most`` of one kind becomes several waves.
    """
    kinds: dict[tuple[datetime | None, str, str | None], list[Ready]] = defaultdict(list)
    for order in ready:
        kinds[order.ship_by, order.service, order.zone].append(order)
    proposals = [
        Proposal(until, service, zone, tuple(part))
        for (until, service, zone), found in kinds.items()
        for part in _parts(sorted(found, key=_urgency), most)
    ]
    return sorted(proposals, key=_turn)


def _urgency(order: Ready) -> tuple[int, int]:
    return (-order.priority, order.id)


def _turn(proposal: Proposal) -> tuple[Any, ...]:
    urgent = any(order.priority for order in proposal.orders)
    by = proposal.ship_by
    return (not urgent, by is None, by.timestamp() if by else 0.0, proposal.service,
            proposal.zone or "~", proposal.orders[0].id)  # fmt: skip


def _parts(found: Sequence[Ready], most: int) -> list[Sequence[Ready]]:
    return [found[start : start + most] for start in range(0, len(found), most)]


def advance(status: str, wanted: str) -> str:
    """Return ``wanted`` if a wave may go there from ``status``; raises Refused otherwise."""
    if wanted in NEXT.get(status, frozenset()):
        return wanted
    raise Refused(
        _l("A wave that is “%(now)s” cannot do that.", now=WAVE_STATUSES.get(status, status))
    )
