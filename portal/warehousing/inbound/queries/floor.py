"""What the floor asks: notices that are here, and what waits to be put away."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select

from portal.accounts.access import User
from portal.accounts.models import Company
from portal.core import clock, scope
from portal.core.db import AnyRow, db
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.warehousing.goods.models import Sku
from portal.warehousing.inbound.models import InboundNotice, PutAwayTask
from portal.warehousing.inbound.queries.one import lines_of
from portal.warehousing.inbound.queries.visible import joined, visible_to
from portal.warehousing.inbound.rules import differences, states
from portal.warehousing.inbound.rules.differences import Found
from portal.warehousing.ledger.models import Balance, HandlingUnit, Lot
from portal.warehousing.sites.models import Location

_NOTICE, _TASK, _SKU, _LOT, _UNIT, _PLACE, _BALANCE, _COMPANY = (
    model.__table__
    for model in (
        InboundNotice,
        PutAwayTask,
        Sku,
        Lot,
        HandlingUnit,
        Location,
        Balance,
        Company,
    )
)
MOST = 200
#: Notices expected until then are offered on the floor.
AHEAD = timedelta(hours=18)


def here(user: User, warehouse_id: int) -> Sequence[AnyRow]:
    """Return the notices that stand at the doors: those being received, then by arrival."""
    wanted = joined().where(
        _NOTICE.c.warehouse_id == warehouse_id, _NOTICE.c.status.in_(states.RECEIVABLE)
    )
    ordered = wanted.order_by(_NOTICE.c.status.desc(), _NOTICE.c.expected_at, _NOTICE.c.id)
    return db.session.execute(visible_to(user, ordered.limit(MOST))).all()


def expected(user: User, warehouse_id: int) -> Sequence[AnyRow]:
    """Return the notices that are to come soon or are late, by time."""
    until = clock.now() + AHEAD
    soon = or_(_NOTICE.c.expected_at < until, _NOTICE.c.expected_at.is_(None))
    wanted = joined().where(
        _NOTICE.c.warehouse_id == warehouse_id, _NOTICE.c.status.in_(states.EXPECTED), soon
    )
    ordered = wanted.order_by(_NOTICE.c.expected_at.is_(None), _NOTICE.c.expected_at, _NOTICE.c.id)
    return db.session.execute(visible_to(user, ordered.limit(MOST))).all()


def expected_differences(notice: Any) -> list[tuple[AnyRow, Found]]:
    """Return where the lines would differ if receiving were finished now."""
    lines = {line.id: line for line in lines_of(notice)}
    skus = select(_SKU.c.id, _SKU.c.over_receipt_bp).where(
        _SKU.c.id.in_({line.sku_id for line in lines.values()})
    )
    asked = skus.execution_options(**scope.of(notice.company_id))
    tolerances = {row.id: row.over_receipt_bp for row in db.session.execute(asked)}
    found = differences.found(list(lines.values()), tolerances)
    return [(lines[each.line_id], each) for each in found]


def _tasks() -> Select[Any]:
    """Return the select of open tasks whose goods lie there and are not all promised."""
    lying = (
        select(func.coalesce(func.sum(_BALANCE.c.on_hand - _BALANCE.c.allocated), 0))
        .where(
            _BALANCE.c.company_id == _TASK.c.company_id,
            _BALANCE.c.sku_id == _TASK.c.sku_id,
            _BALANCE.c.lot_id == _TASK.c.lot_id,
            _BALANCE.c.location_id == _TASK.c.location_id,
            _BALANCE.c.status == _TASK.c.status,
            func.coalesce(_BALANCE.c.handling_unit_id, 0)
            == func.coalesce(_TASK.c.handling_unit_id, 0),
        )
        .scalar_subquery()
    )
    columns = (
        _SKU.c.code.label("sku"),
        _SKU.c.name.label("sku_name"),
        _SKU.c.names.label("sku_names"),
        _SKU.c.unit,
        _LOT.c.code.label("lot"),
        _LOT.c.expires_on,
        _UNIT.c.sscc,
        _PLACE.c.code.label("place"),
        _PLACE.c.walk,
        _NOTICE.c.ref.label("notice"),
        _NOTICE.c.status.label("notice_status"),
        _COMPANY.c.name.label("company"),
    )
    joined_ = (
        _TASK.join(_SKU, _SKU.c.id == _TASK.c.sku_id)
        .join(_LOT, _LOT.c.id == _TASK.c.lot_id)
        .join(_PLACE, _PLACE.c.id == _TASK.c.location_id)
        .join(_NOTICE, _NOTICE.c.id == _TASK.c.notice_id)
        .join(_COMPANY, _COMPANY.c.id == _TASK.c.company_id)
        .outerjoin(_UNIT, _UNIT.c.id == _TASK.c.handling_unit_id)
    )
    return (
        select(_TASK, *columns)
        .select_from(joined_)
        .where(_TASK.c.done_at.is_(None), lying > 0)
        .order_by(_TASK.c.id)
    )


def tasks(user: User, warehouse_id: int) -> Sequence[AnyRow]:
    """Return what waits to be put away in a warehouse, the oldest first.

    Task columns with ``sku …, lot, expires_on, sscc, place, walk, notice, company``.
    """
    wanted = _tasks().where(_TASK.c.warehouse_id == warehouse_id).limit(MOST)
    return db.session.execute(visible_to(user, wanted)).all()


def task_for(user: User, task_id: int) -> AnyRow:
    """Return one task that is open; raises NotFound where there is none that ``user`` may do."""
    wanted = _tasks().where(_TASK.c.id == task_id)
    found = db.session.execute(visible_to(user, wanted)).first()
    if found is None:
        raise NotFound(_l("This task is done, or is not yours to see. Take the next one."))
    return found


def owners() -> Sequence[AnyRow]:
    """Return the companies that have goods here (``ref, name``), by name."""
    having = select(_SKU.c.company_id).where(_SKU.c.active).distinct()
    wanted = select(_COMPANY.c.ref, _COMPANY.c.name).where(_COMPANY.c.id.in_(having))
    asked = wanted.order_by(_COMPANY.c.name).limit(MOST * 5)
    return db.session.execute(asked.execution_options(**scope.CENTRE)).all()
