"""The totals that are kept with each change of a consignment.

Called at every change of a status: whoever only moves on from one open status to another
touches nothing but the counts of the statuses.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Table, bindparam, delete

from portal.consignments.models import DeliveryFigure, OpenCount, StatusCount
from portal.consignments.rules import lanes
from portal.consignments.rules.promise import is_on_time
from portal.consignments.rules.vocabulary import Status
from portal.core import clock, counters, scope
from portal.core.prepared import Prepared

#: Statuses under way: ordered, and not settled.
OPEN = frozenset(
    str(status)
    for status in Status
    if status
    not in (Status.DRAFT, Status.DELIVERED, Status.CLOSED, Status.CANCELLED, Status.RETURNED)
)
NOT_ORDERED = frozenset({str(Status.DRAFT), str(Status.CANCELLED)})
#: Names of the amounts of a delivery figure, in order.
AMOUNTS = ("ordered", "delivered", "promised", "on_time", "weight_g")

FigureKey = tuple[int, str, str, str, str]  # company, lane, month, service, country
OpenKey = tuple[int, str, str, str, str, str]  # company, lane, service, country, ordered, due
K = TypeVar("K")
Sums = defaultdict[K, list[int]]  # amounts by key


class Standing(NamedTuple):
    """What of a consignment goes into totals: columns of its row."""

    company_id: int
    status: str
    service: str
    consignor_country: str | None
    consignor_city: str | None
    consignee_country: str | None
    consignee_city: str | None
    ordered_at: datetime
    delivery_actual: datetime | None
    delivery_planned: datetime | None
    gross_weight_g: int | None

    @classmethod
    def of(cls, row: Any) -> "Standing":
        """Return the standing of a row, or of whatever has its columns as attributes."""
        return cls._make(_ATTRIBUTES(row))

    def after(self, changes: Mapping[str, Any]) -> "Standing":
        """Return the standing once some columns have changed; others than ours do not count."""
        return self._replace(**{name: changes[name] for name in COUNTED if name in changes})

    def lane(self) -> str:
        """Return from where to where it goes."""
        return lanes.lane_of(*self[3:7])


COUNTED = frozenset(Standing._fields) - {"company_id"}
_WEIGHED = COUNTED - {"status"}
_ATTRIBUTES = attrgetter(*Standing._fields)
_COLUMNS = itemgetter(*Standing._fields)


class Change(NamedTuple):
    """A change of a consignment: of its status, and maybe of what else is counted of it."""

    company_id: int
    was: str | None  # its status; None: it is new
    status: str
    before: Standing | None = None
    after: Standing | None = None  # None: nothing but the status has changed


def new(columns: Mapping[str, Any]) -> Change:
    """Return the change that a new consignment is, from all columns of its row."""
    standing = Standing._make(_COLUMNS(columns))
    return Change(standing.company_id, None, standing.status, None, standing)


def changed(row: Any, after: Mapping[str, Any]) -> Change | None:
    """Return what the columns ``after`` change of ``row`` for totals; None: nothing."""
    was, status = row.status, after.get("status", row.status)
    if (was == status or (was in OPEN and status in OPEN)) and not _weighs(row, after):
        return None if was == status else Change(row.company_id, was, status)
    before = Standing.of(row)
    return Change(row.company_id, was, status, before, before.after(after))


def _weighs(row: Any, after: Mapping[str, Any]) -> bool:
    """Return whether anything else that is counted has changed."""
    return any(after[name] != getattr(row, name) for name in _WEIGHED.intersection(after))


def apply(changes: Iterable[Change | None], *, on: Connection) -> None:
    """Add what has changed: each table is written once, in the order of its keys."""
    tally = Tally()
    for change in changes:
        if change is not None:
            tally.add(change)
    tally.write(on)


class Tally:
    """Sums of what changes of many consignments come to, lane by lane."""

    def __init__(self) -> None:
        self.statuses: Counter[tuple[int, str]] = Counter()
        self.figures: Sums[FigureKey] = defaultdict(lambda: [0] * len(AMOUNTS))
        self.open: Sums[OpenKey] = defaultdict(lambda: [0])

    def add(self, change: Change) -> None:
        """Take in one change."""
        if change.was is not None:
            self.statuses[change.company_id, change.was] -= 1
        self.statuses[change.company_id, change.status] += 1
        if change.before is not None:
            self.weigh(change.before, -1)
        if change.after is not None:
            self.weigh(change.after, 1)

    def weigh(self, standing: Standing, sign: int) -> None:
        """Take in (1) or out (-1) what is counted of a consignment beside its status."""
        company, lane, service = standing.company_id, standing.lane(), standing.service
        country = standing.consignee_country or ""
        ordered, at = day_of(standing.ordered_at), standing.delivery_actual
        if standing.status not in NOT_ORDERED:
            self.figures[company, lane, ordered[:7], service, country][0] += sign
        if at is not None:
            kept = is_on_time(at, standing.delivery_planned)
            total = self.figures[company, lane, day_of(at)[:7], service, country]
            total[1] += sign
            total[2] += sign * (kept is not None)
            total[3] += sign * (kept is True)
            total[4] += sign * (standing.gross_weight_g or 0)
        if standing.status in OPEN:
            due = day_of(standing.delivery_planned)
            self.open[company, lane, service, country, ordered, due][0] += sign

    def rows(self) -> dict[Table, list[dict[str, Any]]]:
        """Return table → the rows to add, without those that change nothing."""
        statuses = {key: [count] for key, count in self.statuses.items()}
        return {
            StatusCount.__table__: _rows(_STATUS_NAMES, statuses),
            DeliveryFigure.__table__: _rows(_FIGURE_NAMES, _twice(self.figures)),
            OpenCount.__table__: _rows(_OPEN_NAMES, _twice(self.open)),
        }

    def write(self, on: Connection) -> None:
        """Add the sums to the totals; open counts that come to nothing go."""
        rows = self.rows()
        for table, mine in rows.items():
            if mine:
                counters.add(table, mine, on=on)
        gone = [row for row in rows[OpenCount.__table__] if row["count"] < 0]
        _FORGET.run_many(on, [{f"the_{name}": row[name] for name in _OPEN_KEY} for row in gone])


def _twice(sums: Sums[Any]) -> Sums[Any]:
    """Return sums by lane (second in the key), and those of all lanes together."""
    together: Sums[Any] = defaultdict(lambda: [0] * len(AMOUNTS))
    for key, amounts in sums.items():
        total = together[(key[0], lanes.ALL, *key[2:])]
        for place, amount in enumerate(amounts):
            if amount:
                total[place] += amount
    return together | sums


def _rows(names: tuple[str, ...], sums: Mapping[Any, list[int]]) -> list[dict[str, Any]]:
    """Return the rows of a table that change something."""
    return [
        dict(zip(names, (*key, *amounts), strict=False))
        for key, amounts in sums.items()
        if any(amounts)
    ]


_STATUS_NAMES, _FIGURE_NAMES, _OPEN_NAMES = (
    tuple(column.name for column in model.__table__.columns)
    for model in (StatusCount, DeliveryFigure, OpenCount)
)
_OPEN_KEY = tuple(column.name for column in OpenCount.__table__.primary_key)
_FORGET = Prepared(
    delete(OpenCount.__table__)
    .where(
        *(OpenCount.__table__.c[name] == bindparam(f"the_{name}") for name in _OPEN_KEY),
        OpenCount.__table__.c.count == 0,
    )
    .execution_options(**scope.CENTRE)
)


def day_of(at: datetime | None) -> str:
    """Return the day of an instant in the centre's zone as YYYY-MM-DD; "" for none."""
    return "" if at is None else _day_in(clock.zone(), at)


@lru_cache(maxsize=4096)
def _day_in(zone: ZoneInfo, at: datetime) -> str:
    return at.astimezone(zone).isoformat()[:10]
