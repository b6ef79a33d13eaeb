"""A day in the demo's warehouse: goods come, are put away, ordered, picked, packed and shipped.

Each happening is one command of one person through the real services. What comes next is chosen
by chance among what can happen now; ``run`` goes on until every owner of goods has seen a whole
day, from an arrival to a consignment.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from flask import current_app
from sqlalchemy import func, select

from portal.accounts.models import Person
from portal.core import scope
from portal.core.db import db, write
from portal.core.errors import PortalError
from portal.demo import warehouse_coming as coming
from portal.demo import warehouse_going as going
from portal.demo.warehouse_hands import Hands
from portal.demo.warehouse_happening import Happened, Work
from portal.warehousing.ledger.models import StockTotal
from portal.warehousing.sites.models import Warehouse

OWNERS = 3  # of goods, whose day it is
MOST_STEPS = 2000  # of a day that is run through at once
_TOTAL, _HOUSE = StockTotal.__table__, Warehouse.__table__


@dataclass
class Day:
    """What a day has seen so far: owner → kinds of what happened to his goods."""

    owners: Sequence[int]
    seen: dict[int, set[str]] = field(default_factory=dict)

    def note(self, happened: Happened) -> None:
        """Keep what happened."""
        self.seen.setdefault(happened.company_id, set()).add(happened.kind)

    @property
    def is_over(self) -> bool:
        """Whether goods of every owner have come and gone."""
        return all({"put away", "shipped"} <= self.seen.get(owner, set()) for owner in self.owners)


def run(rng: Random) -> Iterator[Happened]:
    """Let a whole day happen, as fast as it goes; yields what happened.

    Ends when goods of every owner have been put away and shipped. Nothing happens where the demo
    centre has no warehouse with goods.
    """
    house = _house()
    if house is None:
        return
    day = Day(_owners(house.id))
    for _ in range(MOST_STEPS):
        if day.is_over:
            return
        if (happened := happen(rng, _next_owners(day, rng))) is not None:
            day.note(happened)
            yield happened


def _next_owners(day: Day, rng: Random) -> list[int]:
    """Return the owners whose day is not over, one of them first."""
    waiting = [
        owner for owner in day.owners if not {"put away", "shipped"} <= day.seen.get(owner, set())
    ]
    return [rng.choice(waiting)]


def happen(rng: Random, owners: Sequence[int] | None = None) -> Happened | None:
    """Let one thing happen in the warehouse; None where nothing could, or it was refused."""
    house = _house()
    if house is None:
        return None
    chosen = list(owners) if owners is not None else list(_owners(house.id))
    if not chosen:
        return None
    hands = Hands(house.id, _worker(), str(current_app.config["GS1_COMPANY_PREFIX"]))
    order = list(_HAPPENINGS)
    rng.shuffle(order)
    for happening in order:
        work = happening(rng, house, rng.choice(chosen), hands)
        db.session.commit()
        if work is not None:
            try:
                return write(work)
            except PortalError:
                return None
    return None


def _house() -> Any:
    """Return the warehouse that holds most goods; None: there is none."""
    counted = (
        select(_TOTAL.c.warehouse_id)
        .where(_TOTAL.c.on_hand > 0)
        .group_by(_TOTAL.c.warehouse_id)
        .order_by(func.count().desc(), _TOTAL.c.warehouse_id)
        .limit(1)
    )
    found = db.session.scalar(counted.execution_options(**scope.CENTRE))
    if found is None:
        return None
    return db.session.execute(select(_HOUSE).where(_HOUSE.c.id == found)).one()


def _owners(warehouse_id: int) -> Sequence[int]:
    """Return the owners with most kinds of goods in a warehouse."""
    counted = (
        select(_TOTAL.c.company_id)
        .where(_TOTAL.c.warehouse_id == warehouse_id, _TOTAL.c.on_hand > 0)
        .group_by(_TOTAL.c.company_id)
        .order_by(func.count().desc(), _TOTAL.c.company_id)
        .limit(OWNERS)
    )
    return list(db.session.scalars(counted.execution_options(**scope.CENTRE)))


def _worker() -> int:
    wanted = select(Person.id).where(Person.staff_role == "warehouse").order_by(Person.id)
    return int(db.session.scalar(wanted.limit(1)) or 0)


#: What may happen; what moves orders on stands several times, so that they get somewhere.
_HAPPENINGS: tuple[Callable[[Random, Any, int, Hands], Work | None], ...] = (
    coming.announce,
    coming.arrive,
    coming.receive,
    coming.receive,
    coming.put_away,
    coming.put_away,
    coming.accept,
    going.order,
    going.on_the_floor,
    going.on_the_floor,
    going.on_the_floor,
)
