"""Stock over time: what came and went by day, and what there was of one SKU."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import func, select

from portal.accounts.access import User
from portal.core.db import AnyRow, db
from portal.core.quantities import NOTHING, Quantity
from portal.warehousing.ledger.models import StockDay, StockSnapshot
from portal.warehousing.ledger.queries.visible import own

_DAY, _S = StockDay.__table__, StockSnapshot.__table__


def days_for(
    user: User, since: date, *, warehouse_id: int | None = None, company_id: int | None = None
) -> Sequence[AnyRow]:
    """Return ``day, came, went, movements`` of the closed days from ``since`` on."""
    figures = [func.sum(_DAY.c[each], type_=Quantity()).label(each) for each in ("came", "went")]
    moves = func.sum(_DAY.c.movements).label("movements")
    query = select(_DAY.c.day, *figures, moves).where(_DAY.c.day >= since)
    if warehouse_id is not None:
        query = query.where(_DAY.c.warehouse_id == warehouse_id)
    if company_id is not None:
        query = query.where(_DAY.c.company_id == company_id)
    query = own(user, query.group_by(_DAY.c.day).order_by(_DAY.c.day), _DAY)
    return db.session.execute(query).all()


def snapshots_of(user: User, sku_id: int, since: datetime) -> Sequence[AnyRow]:
    """Return ``until, on_hand, came, went`` of a SKU's closed days: one before ``since``, if any.

    The one before says with what the period began.
    """
    columns = [_S.c[name] for name in ("until", "on_hand", "came", "went")]
    first = select(func.max(_S.c.until)).where(_S.c.sku_id == sku_id, _S.c.until <= since)
    begins = func.coalesce(first.scalar_subquery(), since)
    query = select(*columns).where(_S.c.sku_id == sku_id, _S.c.until >= begins)
    return db.session.execute(own(user, query.order_by(_S.c.until), _S)).all()


def went_of(user: User, sku_id: int, since: datetime) -> Decimal:
    """Return what was issued of a SKU on the days closed after ``since``."""
    total = func.sum(_S.c.went, type_=Quantity())
    query = own(user, select(total).where(_S.c.sku_id == sku_id, _S.c.until > since), _S)
    return db.session.scalar(query) or NOTHING
