"""How much was done today, by hour and kind, and how right it was."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import case, func, select

from portal.core import i18n, scope
from portal.core.db import db
from portal.warehousing.ledger.models import Movement
from portal.warehousing.outbound.models.floor import PickShort
from portal.warehousing.overview.queries.day import Day

#: Kinds of movements that are shown, in the order of the work through the house.
KINDS = ("receive", "put_away", "move", "replenish", "pick", "pack", "issue")
LEAST = 8  # hours that a chart shows
_M, _SHORT = Movement.__table__, PickShort.__table__


@dataclass(frozen=True)
class Throughput:
    """Movements of today: by kind, and all of them by the hour in which they were made."""

    by_kind: Mapping[str, int]
    by_hour: Mapping[datetime, int]
    #: Picks of today for which goods were missing or unfit.
    short: int
    picks: int = field(default=0)

    @property
    def total(self) -> int:
        """How many there were."""
        return sum(self.by_hour.values())

    @property
    def points(self) -> list[tuple[str, int, str]]:
        """What a chart of columns is given: from the first hour in which anything moved."""
        hours = list(self.by_hour.items())
        first = next((place for place, (_, made) in enumerate(hours) if made), 0)
        shown = hours[min(first, max(0, len(hours) - LEAST)) :]
        return [(i18n.clock_time(at), made, str(made)) for at, made in shown]

    @property
    def pick_share(self) -> float | None:
        """Per cent of today's picks that were right at once; None: there were none."""
        return 100 * self.picks / (self.picks + self.short) if self.picks + self.short else None


def throughput(warehouse_id: int, day: Day) -> Throughput:
    """Return today's movements of a warehouse; read by (warehouse, time), nothing older."""
    hours, c = day.hours, _M.c
    ends = [*hours[1:], day.ends]
    hour = case(*((c.at < end, place) for place, end in enumerate(ends)), else_=len(hours) - 1)
    wanted = (
        select(c.kind, hour.label("hour"), func.count().label("made"))
        .where(c.warehouse_id == warehouse_id, c.at >= day.begins, c.reverses_id.is_(None))
        .group_by(c.kind, hour)
    )
    by_kind: dict[str, int] = defaultdict(int)
    by_hour = dict.fromkeys(hours, 0)
    for row in db.session.execute(wanted.execution_options(**scope.CENTRE)):
        by_kind[row.kind] += row.made
        by_hour[hours[row.hour]] += row.made
    return Throughput(dict(by_kind), by_hour, _short(warehouse_id, day), by_kind["pick"])


def _short(warehouse_id: int, day: Day) -> int:
    c = _SHORT.c
    wanted = select(func.count()).where(c.warehouse_id == warehouse_id, c.at >= day.begins)
    return int(db.session.scalar(wanted.execution_options(**scope.CENTRE)) or 0)
