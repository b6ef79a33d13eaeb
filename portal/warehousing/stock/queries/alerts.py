"""What an owner ought to know of his stock now, as it was last looked for."""

from collections.abc import Sequence

from sqlalchemy import func, select

from portal.accounts.access import User
from portal.core import pagination
from portal.core.db import AnyRow, db
from portal.core.pagination import Page
from portal.warehousing.goods.models import Sku
from portal.warehousing.ledger.models import StockTotal
from portal.warehousing.ledger.queries.visible import own
from portal.warehousing.stock.models import StockAlert, StockWish

_ALERT, _SKU, _WISH, _TOTAL = (
    model.__table__ for model in (StockAlert, Sku, StockWish, StockTotal)
)
_COLUMNS = (_ALERT, _SKU.c.code, _SKU.c.name, _SKU.c.unit)


def counts_for(user: User) -> dict[str, int]:
    """Return kind of alert → of how many SKUs."""
    query = select(_ALERT.c.kind, func.count().label("count")).group_by(_ALERT.c.kind)
    return {row.kind: row[1] for row in db.session.execute(own(user, query, _ALERT))}


def alerts_for(
    user: User, kind: str = "", *, after: str | None = None, limit: int = pagination.DEFAULT_LIMIT
) -> Page[AnyRow]:
    """Return a page of alerts by kind and code; raises Invalid for a cursor not of this list."""
    query = select(*_COLUMNS).join_from(_ALERT, _SKU, _SKU.c.id == _ALERT.c.sku_id)
    if kind:
        query = query.where(_ALERT.c.kind == kind)
    place = pagination.decode(after, str, int)
    if place is not None:
        query = query.where(
            (_ALERT.c.kind > place[0])
            | ((_ALERT.c.kind == place[0]) & (_ALERT.c.sku_id > place[1]))
        )
    query = own(user, query.order_by(_ALERT.c.kind, _ALERT.c.sku_id).limit(limit + 1), _ALERT)
    rows = db.session.execute(query).all()
    return pagination.cut(rows, limit, lambda row: (row.kind, row.sku_id))


def of_sku(user: User, sku_id: int) -> Sequence[AnyRow]:
    """Return the alerts of one SKU."""
    query = select(_ALERT).where(_ALERT.c.sku_id == sku_id).order_by(_ALERT.c.kind)
    return db.session.execute(own(user, query, _ALERT)).all()


def wants_mail(user: User) -> bool:
    """Return whether this person gets the alerts of his company by mail."""
    mine = (_WISH.c.person_id == user.person_id, _WISH.c.company_id == user.company_id)
    return db.session.scalar(select(_WISH.c.person_id).where(*mine)) is not None


def newest_for(user: User, *, each: int) -> Sequence[AnyRow]:
    """Return the newest alerts of every kind, ``each`` of them at most; with ``total`` of its kind.

    Columns of the alert, and ``code, name, names, unit`` of the goods.
    """
    turn = (_ALERT.c.since.desc(), _ALERT.c.sku_id)
    place = func.row_number().over(partition_by=_ALERT.c.kind, order_by=turn).label("place")
    total = func.count().over(partition_by=_ALERT.c.kind).label("total")
    query = select(*_COLUMNS, _SKU.c.names, place, total)
    query = own(user, query.join_from(_ALERT, _SKU, _SKU.c.id == _ALERT.c.sku_id), _ALERT)
    ranked = query.subquery()
    newest = select(ranked).where(ranked.c.place <= each).order_by(ranked.c.kind, ranked.c.place)
    return db.session.execute(newest.execution_options(**query.get_execution_options())).all()


def has_stock(user: User) -> bool:
    """Return whether any goods of the company lie here, or ever lay."""
    query = own(user, select(_TOTAL.c.sku_id).limit(1), _TOTAL)
    return db.session.scalar(query) is not None
