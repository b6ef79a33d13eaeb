"""What is to leave today, what should have left, and the waves that are under way."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, select

from portal.accounts.models import Company
from portal.core import scope
from portal.core.db import AnyRow, db
from portal.warehousing.outbound.models.orders import OutboundOrder, Wave
from portal.warehousing.outbound.rules import orders as rules
from portal.warehousing.outbound.rules.waves import AWAITED, PLANNED, RELEASED
from portal.warehousing.overview.queries.day import Day

SHOWN = 8  # of the most urgent orders
MOST_WAVES = 20
_ORDER, _WAVE, _COMPANY = (model.__table__ for model in (OutboundOrder, Wave, Company))


@dataclass(frozen=True)
class Due:
    """Orders that leave by the end of today: how many by status, how many are late."""

    by_status: Mapping[str, int]
    late: int
    urgent: Sequence[AnyRow]

    @property
    def open(self) -> int:
        """How many still are to leave."""
        return sum(self.by_status.values())


@dataclass(frozen=True)
class Going:
    """A wave: its columns, how many orders it has, how many of them are picked."""

    row: AnyRow
    orders: int
    picked: int

    @property
    def share(self) -> int:
        """Per cent of its orders that are picked."""
        return 100 * self.picked // self.orders if self.orders else 0


def due_today(warehouse_id: int, day: Day) -> Due:
    """Return what leaves a warehouse by the end of the day, late orders first."""
    c = _ORDER.c
    is_due = (c.warehouse_id == warehouse_id, c.status.in_(rules.OPEN), c.ship_by < day.ends)
    late = func.sum(case((c.ship_by < day.now, 1), else_=0))
    counted = select(c.status, func.count().label("orders"), late.label("late")).where(*is_due)
    rows = db.session.execute(counted.group_by(c.status).execution_options(**scope.CENTRE)).all()
    order = {status: place for place, status in enumerate(rules.STATUSES)}
    by_status = {row.status: row.orders for row in sorted(rows, key=lambda r: order[r.status])}
    return Due(by_status, sum(int(row.late) for row in rows), _urgent(is_due))


def _urgent(is_due: Sequence[ColumnElement[bool]]) -> Sequence[AnyRow]:
    c = _ORDER.c
    columns = (c.ref, c.status, c.ship_by, c.priority, c.service, c.line_count, c.consignee_city)
    wanted = select(*columns, _COMPANY.c.name.label("owner"))
    wanted = wanted.join_from(_ORDER, _COMPANY, _COMPANY.c.id == c.company_id).where(*is_due)
    wanted = wanted.order_by(c.ship_by, c.priority.desc(), c.id).limit(SHOWN)
    return db.session.execute(wanted.execution_options(**scope.CENTRE)).all()


def waves_open(warehouse_id: int) -> list[Going]:
    """Return the waves of a warehouse that are planned or released, the most pressing first."""
    c = _WAVE.c
    wanted = select(_WAVE).where(c.warehouse_id == warehouse_id, c.status.in_((PLANNED, RELEASED)))
    rows = db.session.execute(wanted.order_by(c.ship_by, c.id).limit(MOST_WAVES)).all()
    counts = _orders_of([row.id for row in rows])
    return [Going(row, *counts[row.id]) for row in rows]


def _orders_of(waves: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Return wave → (its orders, those that it does not wait for any more)."""
    found: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    if not waves:
        return found
    c = _ORDER.c
    done = func.sum(case((c.status.in_(AWAITED), 0), else_=1))
    wanted = select(c.wave_id, func.count().label("orders"), done.label("done"))
    wanted = wanted.where(c.wave_id.in_(waves)).group_by(c.wave_id)
    for row in db.session.execute(wanted.execution_options(**scope.CENTRE)):
        found[row.wave_id] = (row.orders, int(row.done))
    return found
