"""The totals that are kept with each change of a consignment.

Called at every change of a status: whoever only moves on from one open status to another
touches nothing but the counts of the statuses.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, bindparam, delete

from portal.consignments.models import DeliveryFigure, OpenCount, StatusCount
from portal.consignments.rules import lanes
from portal.consignments.rules.promise import is_on_time
from portal.consignments.rules.vocabulary import Status
from portal.core import clock, counters, scope

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

    def amounts(self) -> Iterator[tuple[datetime, tuple[int, int, int, int, int]]]:
        """Yield what it adds to the figures, and to the month of which instant."""
        if self.status not in NOT_ORDERED:
            yield self.ordered_at, (1, 0, 0, 0, 0)
        if (at := self.delivery_actual) is not None:
            kept = is_on_time(at, self.delivery_planned)
            yield at, (0, 1, int(kept is not None), int(kept is True), self.gross_weight_g or 0)


COUNTED = frozenset(Standing._fields) - {"company_id"}
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
    return any(
        name in COUNTED and name != "status" and value != getattr(row, name)
        for name, value in after.items()
    )


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
        self.figures: defaultdict[FigureKey, list[int]] = defaultdict(lambda: [0] * len(AMOUNTS))
        self.open: Counter[OpenKey] = Counter()

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
        for at, amounts in standing.amounts():
            total = self.figures[company, lane, day_of(at)[:7], service, country]
            for place, amount in enumerate(amounts):
                total[place] += sign * amount
        if standing.status in OPEN:
            days = day_of(standing.ordered_at), day_of(standing.delivery_planned)
            self.open[company, lane, service, country, *days] += sign

    def rows(self) -> dict[Table, list[dict[str, Any]]]:
        """Return table → the rows to add, without those that change nothing."""
        return {
            StatusCount.__table__: [
                _row(StatusCount, key, (count,)) for key, count in self.statuses.items() if count
            ],
            DeliveryFigure.__table__: [
                _row(DeliveryFigure, key, amounts)
                for key, amounts in _twice(self.figures).items()
                if any(amounts)
            ],
            OpenCount.__table__: [
                _row(OpenCount, key, count)
                for key, count in _twice({k: [n] for k, n in self.open.items()}).items()
                if any(count)
            ],
        }

    def write(self, on: Connection) -> None:
        """Add the sums to the totals; open counts that come to nothing go."""
        rows = self.rows()
        for table, mine in rows.items():
            counters.add(table, mine, on=on)
        if gone := [row for row in rows[OpenCount.__table__] if row["count"] < 0]:
            on.execute(_FORGET, [{f"the_{name}": row[name] for name in _OPEN_KEY} for row in gone])


def _twice(sums: Mapping[Any, list[int]]) -> dict[Any, list[int]]:
    """Return sums by lane (second in the key), and those of all lanes together."""
    found = dict(sums)
    for (company, _lane, *rest), amounts in sums.items():
        key = (company, lanes.ALL, *rest)
        found[key] = [
            a + b for a, b in zip(found.get(key, [0] * len(amounts)), amounts, strict=True)
        ]
    return found


def _row(model: Any, key: tuple[Any, ...], amounts: Iterable[int]) -> dict[str, Any]:
    return dict(zip(model.__table__.columns.keys(), (*key, *amounts), strict=True))


_OPEN_KEY = tuple(column.name for column in OpenCount.__table__.primary_key)
_FORGET = (
    delete(OpenCount.__table__)
    .where(
        *(OpenCount.__table__.c[name] == bindparam(f"the_{name}") for name in _OPEN_KEY),
        OpenCount.__table__.c.count == 0,
    )
    .execution_options(**scope.CENTRE)
)


def day_of(at: datetime | None) -> str:
    """Return the day of an instant in the centre's zone as YYYY-MM-DD; "" for none."""
    return "" if at is None else at.astimezone(clock.zone()).isoformat()[:10]
