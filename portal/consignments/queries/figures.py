"""Figures of a company's deliveries, read from counters: as cheap for ten years as for a day."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from portal.accounts.access import User
from portal.consignments.models import DeliveryFigure
from portal.consignments.queries.one import missing
from portal.core import scope
from portal.core.db import db

_F = DeliveryFigure.__table__
_SUMS = (
    func.sum(_F.c.delivered).label("delivered"),
    func.sum(_F.c.promised).label("promised"),
    func.sum(_F.c.on_time).label("on_time"),
    func.sum(_F.c.weight_g).label("weight_g"),
)


@dataclass(frozen=True)
class Figure:
    """Deliveries under a heading (a month ``YYYY-MM``, a country, or all)."""

    key: str
    delivered: int
    promised: int
    on_time: int
    weight_g: int

    @property
    def on_time_share(self) -> float | None:
        """Share of those promised that came on time; None where none was promised."""
        return self.on_time / self.promised if self.promised else None


def total_for(user: User, *, year: str | None = None, country: str | None = None) -> Figure:
    """Return the figures of all deliveries that ``user`` may see and that fit."""
    row = db.session.execute(_of(user, select(*_SUMS), year, country)).one()
    return _figure("all", row)


def by_month_for(
    user: User, *, year: str | None = None, country: str | None = None
) -> list[Figure]:
    """Return the figures month by month, in order of time."""
    query = select(_F.c.month.label("key"), *_SUMS).group_by(_F.c.month).order_by(_F.c.month)
    return _figures(_of(user, query, year, country))


def by_country_for(
    user: User, *, year: str | None = None, country: str | None = None
) -> list[Figure]:
    """Return the figures by country of the consignee, most deliveries first."""
    query = select(_F.c.country.label("key"), *_SUMS).group_by(_F.c.country)
    ordered = query.order_by(func.sum(_F.c.delivered).desc(), _F.c.country)
    return _figures(_of(user, ordered, year, country))


def _of(user: User, query: Any, year: str | None, country: str | None) -> Any:
    if year:
        query = query.where(_F.c.month.between(f"{year}-01", f"{year}-12"))
    if country is not None:
        query = query.where(_F.c.country == country)
    if user.may("consignments.see_all"):
        return query.execution_options(**scope.CENTRE)
    if user.company_id is None or not user.may("figures.see"):
        raise missing()
    own = query.where(_F.c.company_id == user.company_id)
    return own.execution_options(**scope.of(user.company_id))


def _figures(query: Any) -> list[Figure]:
    return [_figure(row.key, row) for row in db.session.execute(query) if row.delivered]


def _figure(key: str, row: Any) -> Figure:
    return Figure(
        key,
        int(row.delivered or 0),
        int(row.promised or 0),
        int(row.on_time or 0),
        int(row.weight_g or 0),
    )
