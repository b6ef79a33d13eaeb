"""Reads for who counts: places that wait, his own scans. What is expected is in none of them."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select, case, func, select

from portal.accounts.access import User
from portal.core import scope
from portal.core.db import AnyRow, db
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.warehousing.counting import rules
from portal.warehousing.counting.models import (
    CountLine,
    CountPlace,
    CountRound,
    CountTally,
    StockCount,
)
from portal.warehousing.floor.tasks import MOST
from portal.warehousing.goods.models import Sku
from portal.warehousing.ledger.models import Lot
from portal.warehousing.sites.models import Location
from portal.warehousing.sites.queries import warehouses_for

_COUNT, _PLACE, _ROUND, _LINE, _TALLY, _LOCATION, _SKU, _LOT = (
    model.__table__
    for model in (
        StockCount,
        CountPlace,
        CountRound,
        CountLine,
        CountTally,
        Location,
        Sku,
        Lot,
    )
)


def _places() -> Select[Any]:
    """Return the select of places with their count, location and the round that lasts."""
    is_now = (
        (_ROUND.c.place_id == _PLACE.c.id)
        & (_ROUND.c.number == _PLACE.c.round)
        & _ROUND.c.ended_at.is_(None)
    )
    return (
        select(_PLACE, _COUNT.c.ref, _COUNT.c.due_on, _COUNT.c.created_at, _COUNT.c.warehouse_id)
        .add_columns(_LOCATION.c.code, _LOCATION.c.barcode, _LOCATION.c.walk)
        .add_columns(_ROUND.c.person_id.label("counting_id"))
        .join_from(_PLACE, _COUNT, _COUNT.c.id == _PLACE.c.count_id)
        .join(_LOCATION, _LOCATION.c.id == _PLACE.c.location_id)
        .join(_ROUND, is_now, isouter=True)
    )


def waiting_for(user: User, warehouse_id: int) -> Sequence[AnyRow]:
    """Return the places that ``user`` may count now, in walking order: not those he counted."""
    mine = select(_ROUND.c.id).where(
        _ROUND.c.place_id == _PLACE.c.id,
        _ROUND.c.person_id == user.person_id,
        _ROUND.c.ended_at.is_not(None),
    )
    wanted = (
        _places()
        .where(_COUNT.c.warehouse_id == warehouse_id, _COUNT.c.status.in_(rules.OPEN))
        .where(_PLACE.c.status.in_(rules.WAITING), ~mine.correlate(_PLACE).exists())
        .where(_ROUND.c.person_id.is_(None) | (_ROUND.c.person_id == user.person_id))
        .order_by(case((_PLACE.c.status == "recount", 0), else_=1), _LOCATION.c.walk, _PLACE.c.id)
        .limit(MOST)
    )
    return db.session.execute(wanted).all()


def place_for(user: User, place_id: int) -> AnyRow:
    """Return a place in a warehouse of ``user``; raises NotFound otherwise."""
    houses = [row.id for row in warehouses_for(user)]
    wanted = _places().where(_PLACE.c.id == place_id, _COUNT.c.warehouse_id.in_(houses))
    found = db.session.execute(wanted).first()
    if found is None or not user.may("warehouse.work"):
        raise NotFound(_l("There is no such place to count."))
    return found


def own_tallies(user: User, place: AnyRow) -> Sequence[AnyRow]:
    """Return what ``user`` counted in the round that lasts, added up by goods and lot.

    ``sku, name, unit, lot, quantity, scans``, the last counted first.
    """
    wanted = (
        select(_SKU.c.code.label("sku"), _SKU.c.name, _SKU.c.unit, _LOT.c.code.label("lot"))
        .add_columns(func.sum(_TALLY.c.quantity).label("quantity"), func.count().label("scans"))
        .join_from(_TALLY, _LINE, _LINE.c.id == _TALLY.c.line_id)
        .join(_SKU, _SKU.c.id == _LINE.c.sku_id)
        .join(_LOT, _LOT.c.id == _LINE.c.lot_id)
        .where(_LINE.c.place_id == place.id, _TALLY.c.round == place.round)
        .where(_TALLY.c.person_id == user.person_id, _TALLY.c.voided_at.is_(None))
        .group_by(_SKU.c.code, _SKU.c.name, _SKU.c.unit, _LOT.c.code)
        .order_by(func.max(_TALLY.c.id).desc())
    )
    return db.session.execute(wanted.execution_options(**scope.CENTRE)).all()


def to_recount(place: AnyRow) -> Sequence[AnyRow]:
    """Return the goods that are counted again at a place (``sku, name, lot``), no figures."""
    wanted = (
        select(_SKU.c.code.label("sku"), _SKU.c.name, _LOT.c.code.label("lot"))
        .join_from(_LINE, _SKU, _SKU.c.id == _LINE.c.sku_id)
        .join(_LOT, _LOT.c.id == _LINE.c.lot_id)
        .where(_LINE.c.place_id == place.id, _LINE.c.status == "recount")
        .order_by(_SKU.c.code, _LOT.c.code)
    )
    return db.session.execute(wanted.execution_options(**scope.CENTRE)).all()


def skus_named(ids: Iterable[int]) -> Sequence[AnyRow]:
    """Return ``id, code, name`` of goods by their ids."""
    wanted = select(_SKU.c.id, _SKU.c.code, _SKU.c.name).where(_SKU.c.id.in_(list(ids)))
    return db.session.execute(wanted.order_by(_SKU.c.code).execution_options(**scope.CENTRE)).all()


def sku_by_id(id_: int) -> AnyRow | None:
    """Return all columns of goods by their id, or None."""
    wanted = select(_SKU).where(_SKU.c.id == id_)
    return db.session.execute(wanted.execution_options(**scope.CENTRE)).first()
