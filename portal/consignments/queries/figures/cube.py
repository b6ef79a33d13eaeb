"""Orders and deliveries by month, service and country, out of the counters in one statement.

What comes back is as large as there were months, services and countries: as cheap for ten years
as for a day, and for a million consignments as for a thousand.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, func, select

from portal.accounts.access import User
from portal.consignments.models import DeliveryFigure
from portal.consignments.queries.one import missing, sees_all
from portal.consignments.rules import lanes
from portal.core import scope
from portal.core.db import db

_F = DeliveryFigure.__table__
AMOUNTS = ("ordered", "delivered", "promised", "on_time", "weight_g")
SUMS = tuple(func.sum(_F.c[name]).label(name) for name in AMOUNTS)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which figures somebody asks for; None: all. Months are ``YYYY-MM``, both included.

    ``country`` "" stands for consignees whose country is not known. Staff may name a company.
    """

    first: str | None = None
    last: str | None = None
    country: str | None = None
    service: str | None = None
    lane: str | None = None
    company_id: int | None = None

    def spans(self, month: str) -> bool:
        """Return whether a month lies in the period."""
        return (self.first or "") <= month <= (self.last or "9999")


@dataclass(frozen=True)
class Figure:
    """Orders and deliveries under a heading (a month ``YYYY-MM``, a country, or all)."""

    key: str
    ordered: int = 0
    delivered: int = 0
    promised: int = 0
    on_time: int = 0
    weight_g: int = 0

    @property
    def on_time_share(self) -> float | None:
        """Share of those promised that came on time; None where none was promised."""
        return self.on_time / self.promised if self.promised else None

    @property
    def is_empty(self) -> bool:
        """Return whether nothing is counted here."""
        return not (self.ordered or self.delivered)


@dataclass(frozen=True)
class Cell:
    """One crossing of month, service and country."""

    month: str
    service: str
    country: str
    amounts: tuple[int, ...]


@dataclass(frozen=True)
class Cube:
    """All cells of a company (or of all), to be cut and summed without asking anew."""

    cells: tuple[Cell, ...]

    def cut(self, wanted: Wanted) -> "Cube":
        """Return the cells in the period, of the country and of the service asked for."""
        kept = (
            cell
            for cell in self.cells
            if wanted.spans(cell.month)
            and wanted.country in (None, cell.country)
            and wanted.service in (None, cell.service)
        )
        return replace(self, cells=tuple(kept))

    def by(self, name: str) -> list[Figure]:
        """Return the sums by ``month``, ``service`` or ``country``, in order of their keys."""
        found: dict[str, list[int]] = {}
        for cell in self.cells:
            total = found.setdefault(getattr(cell, name), [0] * len(AMOUNTS))
            for place, amount in enumerate(cell.amounts):
                total[place] += amount
        figures = (Figure(key, *amounts) for key, amounts in sorted(found.items()))
        return [figure for figure in figures if not figure.is_empty]

    def total(self) -> Figure:
        """Return the sum of all."""
        return Figure("all", *(sum(c.amounts[i] for c in self.cells) for i in range(len(AMOUNTS))))


def cube_for(user: User, wanted: Wanted | None = None) -> Cube:
    """Return what ``user`` may see of one lane, or of all; period and the rest are not cut yet.

    Raises NotFound for somebody who may see no figures.
    """
    wanted = wanted or Wanted()
    keys = (_F.c.month, _F.c.service, _F.c.country)
    query = select(*keys, *SUMS).where(_F.c.lane == (wanted.lane or lanes.ALL)).group_by(*keys)
    rows = db.session.execute(visible(user, _F, query, wanted))
    return Cube(tuple(Cell(row[0], row[1], row[2], tuple(map(int, row[3:]))) for row in rows))


def visible(user: User, table: Table, query: Select[Any], wanted: Wanted) -> Select[Any]:
    """Limit a select on counters to those of the company that ``user`` may see.

    Staff see all companies, or the one they ask for. Raises NotFound for who may see none.
    """
    company_id = wanted.company_id if sees_all(user) else user.company_id
    if sees_all(user):
        limited = query if company_id is None else query.where(table.c.company_id == company_id)
        return limited.execution_options(**scope.CENTRE)
    if company_id is None or not user.may("figures.see"):
        raise missing()
    own = query.where(table.c.company_id == company_id)
    return own.execution_options(**scope.of(company_id))


def conditions(table: Table, wanted: Wanted, names: Iterable[str]) -> list[ColumnElement[bool]]:
    """Return the conditions on those columns that something is asked of."""
    asked = ((table.c[name], getattr(wanted, name)) for name in names)
    return [column == value for column, value in asked if value is not None]


def total_for(user: User, wanted: Wanted | None = None) -> Figure:
    """Return the figures of all that ``user`` may see and that fits."""
    return cube_for(user, wanted).cut(wanted or Wanted()).total()


def by_month_for(
    user: User, wanted: Wanted | None = None, *, country: str | None = None
) -> list[Figure]:
    """Return the figures month by month, in order of time."""
    wanted = wanted or Wanted(country=country)
    return cube_for(user, wanted).cut(wanted).by("month")


def by_country_for(user: User, wanted: Wanted | None = None) -> list[Figure]:
    """Return the figures by country of the consignee, most deliveries first."""
    return by_volume(cube_for(user, wanted).cut(wanted or Wanted()).by("country"))


def by_volume(figures: Iterable[Figure]) -> list[Figure]:
    """Return figures with the most deliveries first, then the most orders."""
    return sorted(figures, key=lambda f: (-f.delivered, -f.ordered, f.key))
