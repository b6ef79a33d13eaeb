"""count lanes, services, orders and what is open by the days of order and promise

Revision ID: 0005
Revises: 0004
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

import portal.core.db
from portal.consignments.rules import lanes
from portal.core import clock

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_AT = portal.core.db.Instant(timezone=True)
_SETTLED = ("draft", "delivered", "closed", "cancelled", "returned")
_BATCH = 20_000  # consignments read at once
_TEXTS = "status service consignor_country consignor_city consignee_country consignee_city".split()
_CONSIGNMENT = sa.table(
    "consignment",
    *(sa.column(name, sa.BigInteger()) for name in ("id", "company_id", "gross_weight_g")),
    *(sa.column(name, sa.String()) for name in _TEXTS),
    *(sa.column(name, _AT) for name in ("ordered_at", "delivery_actual", "delivery_planned")),
)
_FIGURE_KEY = ("company_id", "lane", "month", "service", "country")
_AMOUNTS = ("ordered", "delivered", "promised", "on_time", "weight_g")
_OPEN_KEY = ("company_id", "lane", "service", "country", "ordered_day", "due_day")


def upgrade() -> None:
    op.drop_table("delivery_figure")
    _make("delivery_figure", _FIGURE_KEY, _AMOUNTS)
    _make("open_count", _OPEN_KEY, ("count",))
    _fill()


def _make(name: str, key: tuple[str, ...], amounts: tuple[str, ...]) -> None:
    op.create_table(
        name,
        *(sa.Column(each, _type(each), nullable=False) for each in (*key, *amounts)),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f(f"fk_{name}_company_id_company")
        ),
        sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{name}")),
        sqlite_with_rowid=False,
    )


def _type(name: str) -> Any:
    if name == "company_id":
        return _ID
    if name == "weight_g":
        return sa.BigInteger()
    return sa.Integer() if name in (*_AMOUNTS, "count") else sa.String()


def _fill() -> None:
    """Count what is there, batch by batch; only the sums are held in memory."""
    figures: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0] * len(_AMOUNTS))
    opened: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0])
    for row in _rows(op.get_bind()):
        ends = row.consignor_country, row.consignor_city, row.consignee_country, row.consignee_city
        for lane in (lanes.ALL, lanes.lane_of(*ends)):
            _count(row, lane, figures, opened)
    _keep("delivery_figure", (*_FIGURE_KEY, *_AMOUNTS), figures)
    _keep("open_count", (*_OPEN_KEY, "count"), opened)


def _count(row: Any, lane: str, figures: Any, opened: Any) -> None:
    kind = row.service, row.consignee_country or ""
    if row.status not in ("draft", "cancelled"):
        figures[row.company_id, lane, _day(row.ordered_at)[:7], *kind][0] += 1
    if row.delivery_actual is not None:
        total = figures[row.company_id, lane, _day(row.delivery_actual)[:7], *kind]
        total[1] += 1
        if row.delivery_planned is not None:
            total[2] += 1
            total[3] += row.delivery_actual <= row.delivery_planned
        total[4] += row.gross_weight_g or 0
    if row.status not in _SETTLED:
        days = _day(row.ordered_at), _day(row.delivery_planned)
        opened[row.company_id, lane, *kind, *days][0] += 1


def _rows(on: sa.Connection) -> Iterator[Any]:
    query = sa.select(_CONSIGNMENT).order_by(_CONSIGNMENT.c.id).limit(_BATCH)
    last = 0
    while batch := on.execute(query.where(_CONSIGNMENT.c.id > last)).all():
        yield from batch
        last = batch[-1].id


def _day(at: datetime | None) -> str:
    return "" if at is None else at.astimezone(clock.zone()).isoformat()[:10]


def _keep(name: str, columns: tuple[str, ...], sums: dict[tuple[Any, ...], list[int]]) -> None:
    table = sa.table(name, *(sa.column(column) for column in columns))
    rows = [dict(zip(columns, (*key, *amounts), strict=True)) for key, amounts in sums.items()]
    if rows:
        op.bulk_insert(table, rows)


def downgrade() -> None:
    key, amounts = ("company_id", "month", "country"), _AMOUNTS[1:]
    figures = sa.table("delivery_figure", *(sa.column(c) for c in ("lane", *key, *amounts)))
    columns = [figures.c[name] for name in key]
    summed = [sa.func.sum(figures.c[name]) for name in amounts]
    kept = sa.select(*columns, *summed).where(figures.c.lane == lanes.ALL).group_by(*columns)
    rows = op.get_bind().execute(kept).all()
    op.drop_table("open_count")
    op.drop_table("delivery_figure")
    _make("delivery_figure", key, amounts)
    _keep("delivery_figure", (*key, *amounts), {tuple(r[:3]): list(map(int, r[3:])) for r in rows})
