"""Keeping what deliveries teach: counters, in the transaction that changes the delivery."""

from collections import Counter
from collections.abc import Iterable, Mapping
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table

from portal.consignments.models import DurationFigure, EstimateFigure
from portal.consignments.rules.lessons import AMOUNTS, NEEDED, DurationKey, FigureKey, Lesson
from portal.core import clock, counters


class Change(NamedTuple):
    """What a consignment taught before it was changed, and what it teaches now."""

    before: Lesson | None
    after: Lesson | None


def changed(head: Any, after: Mapping[str, Any]) -> Change | None:
    """Return what the columns ``after`` change of what ``head`` teaches; None: nothing."""
    if head.delivery_actual is None and after.get("delivery_actual") is None:
        return None
    row = dict(zip(NEEDED, _needed(head), strict=True))
    change = Change(Lesson.of(row), Lesson.of({**row, **after}))
    return None if change.before == change.after else change


_needed = attrgetter(*NEEDED)


def taught(row: Mapping[str, Any]) -> Change | None:
    """Return what a new consignment teaches: a past one may be delivered from the start."""
    lesson = Lesson.of(row)
    return None if lesson is None else Change(None, lesson)


def keep(changes: Iterable[Change | None], *, on: Connection) -> None:
    """Add what has changed: each table is written once, in the order of its keys."""
    lessons = [change for change in changes if change is not None]
    if not lessons:  # mostly
        return
    tally = Tally()
    for change in lessons:
        tally.weigh(change.before, -1)
        tally.weigh(change.after, 1)
    tally.write(on)


class Tally:
    """Sums of what many deliveries teach."""

    def __init__(self) -> None:
        self.durations: Counter[DurationKey] = Counter()
        self.figures: dict[FigureKey, list[int]] = {}

    def weigh(self, lesson: Lesson | None, sign: int) -> None:
        """Take a lesson in (1) or out (-1)."""
        if lesson is None:
            return
        zone = clock.zone()
        for key in lesson.durations(zone):
            self.durations[key] += sign
        if (figure := lesson.figure(zone)) is not None:
            key_of_figure, amounts = figure
            total = self.figures.setdefault(key_of_figure, [0] * len(AMOUNTS))
            for place, amount in enumerate(amounts):
                total[place] += sign * amount

    def rows(self) -> dict[Table, list[dict[str, Any]]]:
        """Return table → the rows to add, without those that change nothing."""
        return {
            DurationFigure.__table__: self._durations(),
            EstimateFigure.__table__: self._figures(),
        }

    def write(self, on: Connection) -> None:
        """Add the sums to the counters."""
        for table, rows in self.rows().items():
            counters.add(table, rows, on=on)

    def _durations(self) -> list[dict[str, Any]]:
        names = DurationFigure.__table__.columns.keys()
        return [
            dict(zip(names, (*key, count), strict=True))
            for key, count in self.durations.items()
            if count
        ]

    def _figures(self) -> list[dict[str, Any]]:
        names = EstimateFigure.__table__.columns.keys()
        return [
            dict(zip(names, (*key, *amounts), strict=True))
            for key, amounts in self.figures.items()
            if any(amounts)
        ]
