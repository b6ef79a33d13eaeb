"""What moves, for maps: every consignment under way, in keyset pages along one index."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, Select, and_, case, exists, func, literal, or_, select, union_all

from portal.accounts.access import User
from portal.accounts.models import Company
from portal.consignments.models import Consignment, DeliveryFigure, TrackingEvent
from portal.consignments.queries import sorting
from portal.consignments.queries.board import Wanted, fits
from portal.consignments.queries.one import visible_to
from portal.consignments.rules import lanes
from portal.consignments.rules.queues import QUEUES
from portal.consignments.rules.vocabulary import Status
from portal.consignments.rules.whereabouts import SET_OUT
from portal.core import clock, pagination, scope
from portal.core.db import db
from portal.core.pagination import Page

_C = Consignment.__table__
_E = TrackingEvent.__table__
_F = DeliveryFigure.__table__
MOVING = tuple(str(status) for queue in QUEUES for status in queue.statuses)
#: Rows that one answer of the map holds.
AT_ONCE = 1000
YEAR = timedelta(days=365)
_FOR_PICKUP = tuple(
    str(status) for queue in QUEUES if queue.due == "pickup_planned" for status in queue.statuses
)
#: When the next thing is promised: pick-up, then delivery.
DUE: Any = case((_C.c.status.in_(_FOR_PICKUP), _C.c.pickup_planned), else_=_C.c.delivery_planned)


def _said_last() -> Any:
    """Return the place that the latest event names; on the way, else the last that one named."""
    said, back = _E.alias("said"), _E.alias("back")
    withdrawn = exists().where(back.c.consignment_id == _C.c.id, back.c.retracts_id == said.c.id)
    earlier = (
        select(said.c.place)
        .where(said.c.consignment_id == _C.c.id, said.c.place.is_not(None))
        .where(
            said.c.classifier == "actual", said.c.code.in_(Status), ~withdrawn.correlate(_C, said)
        )
        .order_by(said.c.occurred_at.desc(), said.c.id.desc())
        .limit(1)
    )
    is_silent = and_(_C.c.last_place.is_(None), _C.c.status.in_(SET_OUT))
    known = earlier.correlate(_C).scalar_subquery()
    return case((is_silent, known), else_=_C.c.last_place).label("last_place")


_SEEN = (
    *(_C.c[name] for name in "id no status service changed_at".split()),
    _said_last(),
    *(_C.c[name] for name in "pickup_planned delivery_planned delivery_actual".split()),
    *(_C.c[f"delivery_estimated{end}"] for end in ("_from", "", "_to")),
    *(
        column
        for column in _C.c
        if column.name.startswith(("consignor_", "consignee_"))
        and column.name.endswith(("_city", "_country", "_lat", "_lon", "_confidence"))
    ),
    _C.c.consignee_name,
    Company.name.label("company_name"),
    _E.c.lat.label("event_lat"),
    _E.c.lon.label("event_lon"),
)


def moving_for(
    user: User, wanted: Wanted, *, after: str | None = None, limit: int = AT_ONCE
) -> Page[Row[Any]]:
    """Return a page of what is under way and fits, status by status, what changed last first.

    One statement, however many. Raises Invalid for a cursor that is not of this list.
    """
    cursor = pagination.decode(after, int, str, int)
    first = cursor[0] if cursor else 0
    if not 0 <= first < len(MOVING):
        raise pagination.not_ours()
    nearest = union_all(
        *(
            _recent(rank, wanted, cursor if rank == first else None, limit)
            for rank in range(first, len(MOVING))
        )
    ).subquery()
    order = (nearest.c.rank, nearest.c.changed_at.desc(), nearest.c.id.desc())
    chosen = select(nearest.c.id, nearest.c.rank).order_by(*order).limit(limit + 1).subquery()
    query = (
        _mapped()
        .join(chosen, chosen.c.id == _C.c.id)
        .order_by(chosen.c.rank, _C.c.changed_at.desc(), _C.c.id.desc())
    )
    rows = db.session.execute(visible_to(user, query)).all()
    return pagination.cut(rows, limit, _cursor_of)


def _recent(rank: int, wanted: Wanted, cursor: list[Any] | None, limit: int) -> Select[Any]:
    """Return the latest of one status, along its index."""
    query = select(_C.c.id, _C.c.changed_at).where(_C.c.status == MOVING[rank], fits(wanted, DUE))
    if cursor is not None:
        at, row_id = sorting.instant_in(cursor[1]), cursor[2]
        behind = and_(_C.c.changed_at == at, _C.c.id < row_id)
        query = query.where(or_(_C.c.changed_at < at, behind))
    rows = query.order_by(_C.c.changed_at.desc(), _C.c.id.desc()).limit(limit + 1).subquery()
    return select(rows.c.id, rows.c.changed_at, literal(rank).label("rank"))


def _cursor_of(row: Row[Any]) -> tuple[int, str, int]:
    return MOVING.index(row.status), row.changed_at.isoformat(), row.id


def moving_of(user: User, wanted: Wanted, numbers: Sequence[str]) -> Sequence[Row[Any]]:
    """Return those of ``numbers`` that are under way and fit."""
    asked = _mapped().where(_C.c.no.in_(numbers), _C.c.status.in_(MOVING), fits(wanted, DUE))
    return db.session.execute(visible_to(user, asked)).all()


def _mapped() -> Select[Any]:
    latest = and_(_E.c.consignment_id == _C.c.id, _E.c.seq == _C.c.status_seq)
    joined = _C.join(Company, Company.id == _C.c.company_id).outerjoin(_E, latest)
    return select(*_SEEN).select_from(joined)


def delivered_by_city() -> list[tuple[str, str, Counter[int]]]:
    """Return (country, city, deliveries of each company) of the last twelve months.

    From the kept figures, the most first.
    """
    since = f"{clock.now().astimezone(clock.zone()) - YEAR:%Y-%m}"
    query = (
        select(_F.c.lane, _F.c.company_id, func.sum(_F.c.delivered).label("delivered"))
        .where(_F.c.month >= since, _F.c.lane != lanes.ALL)
        .group_by(_F.c.lane, _F.c.company_id)
        .execution_options(**scope.CENTRE)
    )
    totals: defaultdict[tuple[str, str], Counter[int]] = defaultdict(Counter)
    for row in db.session.execute(query):
        _, _, country, city = lanes.ends_of(row.lane)
        totals[country, city][row.company_id] += int(row.delivered)
    found = [(country, city, +counts) for (country, city), counts in totals.items() if +counts]
    return sorted(found, key=lambda each: (-each[2].total(), each[0], each[1]))
