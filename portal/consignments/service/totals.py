"""The totals that are kept with each change of a consignment."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from portal.consignments.models import DeliveryFigure, StatusCount
from portal.consignments.rules.promise import is_on_time
from portal.core import clock, counters


@dataclass(frozen=True)
class Standing:
    """What of a consignment goes into totals: before a change, and after it."""

    company_id: int
    status: str
    country: str | None
    delivered_at: datetime | None
    planned_at: datetime | None
    weight_g: int | None

    def figure(self) -> tuple[tuple[int, str, str], tuple[int, int, int, int]] | None:
        """Return key and amounts of its delivery figure; None while it is not delivered."""
        if self.delivered_at is None:
            return None
        month = f"{self.delivered_at.astimezone(clock.zone()):%Y-%m}"
        kept = is_on_time(self.delivered_at, self.planned_at)
        amounts = (1, int(kept is not None), int(kept is True), self.weight_g or 0)
        return (self.company_id, month, self.country or ""), amounts


Change = tuple[Standing | None, Standing]


def apply(changes: Iterable[Change], *, on: Connection) -> None:
    """Add what changed from the first standing (None: it is new) to the second."""
    statuses: Counter[tuple[int, str]] = Counter()
    figures: dict[tuple[int, str, str], list[int]] = {}
    for before, after in changes:
        for standing, sign in ((before, -1), (after, 1)):
            if standing is not None:
                statuses[standing.company_id, standing.status] += sign
                _add_figure(figures, standing, sign)
    _keep_statuses(statuses, on)
    _keep_figures(figures, on)


def _add_figure(
    figures: dict[tuple[int, str, str], list[int]], standing: Standing, sign: int
) -> None:
    if (figure := standing.figure()) is not None:
        key, amounts = figure
        total = figures.setdefault(key, [0, 0, 0, 0])
        for place, amount in enumerate(amounts):
            total[place] += sign * amount


def _keep_statuses(statuses: Counter[tuple[int, str]], on: Connection) -> None:
    rows = [
        {"company_id": company, "status": status, "count": count}
        for (company, status), count in statuses.items()
        if count
    ]
    counters.add(StatusCount.__table__, rows, on=on)


def _keep_figures(figures: dict[tuple[int, str, str], list[int]], on: Connection) -> None:
    names = ("delivered", "promised", "on_time", "weight_g")
    rows = [
        {
            "company_id": company,
            "month": month,
            "country": country,
            **dict(zip(names, amounts, strict=True)),
        }
        for (company, month, country), amounts in figures.items()
        if any(amounts)
    ]
    counters.add(DeliveryFigure.__table__, rows, on=on)
