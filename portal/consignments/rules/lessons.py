"""What a delivery teaches: how long the stages of its way took, and how good our word was.

Pure: the counts that a delivered consignment adds, and that it takes back when its delivery is
withdrawn, follow from its columns alone. Instants are seconds since 1970.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from portal.consignments.rules import lanes
from portal.consignments.rules.durations import Kind, Stage, anchor, bucket
from portal.consignments.rules.estimates import CARRIER

#: Amounts of a figure of estimates, in order.
AMOUNTS = (
    "delivered",
    "first",
    "first_within",
    "first_error_s",
    "last",
    "last_within",
    "last_error_s",
)
#: Columns of a consignment that a lesson is made of.
COLUMNS = (
    "ordered_at",
    "delivery_planned",
    "pickup_actual",
    "arrived_at",
    "out_at",
    "delivery_actual",
    "first_estimated_from",
    "first_estimated",
    "first_estimated_to",
    "delivery_estimated_from",
    "delivery_estimated",
    "delivery_estimated_to",
)
#: All that a lesson needs of a consignment.
NEEDED = (
    "company_id",
    "service",
    "mode",
    "history",
    "estimate_basis",
    "consignor_country",
    "consignor_city",
    "consignee_country",
    "consignee_city",
    *COLUMNS,
)
DurationKey = tuple[str, str, str, str, str, int]  # lane, service, mode, stage, month, bucket
FigureKey = tuple[int, str]  # company, day


class Said(NamedTuple):
    """An estimate that was made; without ends it was not ours."""

    early: float | None
    at: float | None
    late: float | None

    def judged(self, delivered: float) -> tuple[int, int, int]:
        """Return whether there is one, whether it held, and by how many seconds it missed."""
        if self.early is None or self.at is None or self.late is None:
            return 0, 0, 0
        return 1, int(self.early <= delivered <= self.late), round(abs(delivered - self.at))


class Lesson(NamedTuple):
    """A delivered consignment, as far as it teaches."""

    company_id: int
    kind: Kind
    history: bool
    ordered: float | None
    planned: float | None
    picked_up: float | None
    arrived: float | None
    out: float | None
    delivered: float
    first: Said
    last: Said

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Lesson | None":
        """Return the lesson of a consignment's columns; None while it is not delivered."""
        if row["delivery_actual"] is None:
            return None
        values = [None if row[name] is None else row[name].timestamp() for name in COLUMNS]
        return cls.made(row, values)

    @classmethod
    def made(cls, row: Mapping[str, Any], values: list[Any]) -> "Lesson":
        """Return the lesson of a consignment and the instants of its COLUMNS."""
        ordered, planned, picked_up, arrived, out, delivered, *said = values
        first, last = Said(*said[:3]), Said(*said[3:])
        if row["estimate_basis"] in (None, CARRIER):
            last = Said(None, None, None)
        return cls(
            row["company_id"],
            kind_of(row),
            bool(row["history"]),
            ordered,
            planned,
            picked_up,
            arrived,
            out,
            delivered,
            first,
            last,
        )

    def durations(self, zone: ZoneInfo) -> Iterator[DurationKey]:
        """Yield the key of each length of time that it adds to the history."""
        month = day_of(self.delivered, zone)[:7]
        for stage, began, ended in self._stages():
            took = ended - anchor(stage, began, zone)
            if stage is Stage.PLAN or ended >= began:
                yield (*self.kind, str(stage), month, bucket(took))

    def _stages(self) -> Iterator[tuple[Stage, float, float]]:
        # A past that does not say when it was ordered was given its delivery instead.
        has_order = not (self.history and self.ordered == self.delivered)
        began = (
            (Stage.PLAN, self.planned),
            (Stage.ORDERED, self.ordered if has_order else None),
            (Stage.PICKED_UP, self.picked_up),
            (Stage.ARRIVED, self.arrived),
            (Stage.OUT, self.out),
        )
        for stage, at in began:
            if at is not None:
                yield stage, at, self.delivered
        if self.ordered is not None and self.picked_up is not None:
            yield Stage.PICKUP, self.ordered, self.picked_up

    def figure(self, zone: ZoneInfo) -> tuple[FigureKey, tuple[int, ...]] | None:
        """Return key and amounts of its figure; None where we had said nothing."""
        first, last = self.first.judged(self.delivered), self.last.judged(self.delivered)
        if self.history or not (first[0] or last[0]):
            return None
        return (self.company_id, day_of(self.delivered, zone)), (1, *first, *last)


def kind_of(row: Mapping[str, Any]) -> Kind:
    """Return the kind of way of a consignment."""
    lane = lanes.lane_of(
        row["consignor_country"],
        row["consignor_city"],
        row["consignee_country"],
        row["consignee_city"],
    )
    return Kind(lane, row["service"], row["mode"] or "")


def day_of(at: float, zone: ZoneInfo) -> str:
    """Return the day of an instant as YYYY-MM-DD."""
    return _day(int(at // 900), zone)


@lru_cache(maxsize=16384)
def _day(quarter: int, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(quarter * 900, UTC).astimezone(zone).date().isoformat()
