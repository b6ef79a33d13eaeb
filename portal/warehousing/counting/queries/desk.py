"""Reads for who plans counts and decides about them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, case, func, select

from portal.accounts.access import User
from portal.accounts.models import Company, Person
from portal.core import pagination, scope
from portal.core.db import AnyRow, db
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.core.pagination import Page
from portal.warehousing.counting import rules
from portal.warehousing.counting.models import (
    CountLine,
    CountPlace,
    CountRound,
    StockCount,
)
from portal.warehousing.goods.models import Sku
from portal.warehousing.ledger.models import Lot
from portal.warehousing.sites.models import Location, Warehouse
from portal.warehousing.sites.queries import warehouses_for

_COUNT, _PLACE, _ROUND, _LINE, _LOCATION, _SKU, _LOT, _PERSON, _COMPANY, _HOUSE = (
    model.__table__
    for model in (
        StockCount,
        CountPlace,
        CountRound,
        CountLine,
        Location,
        Sku,
        Lot,
        Person,
        Company,
        Warehouse,
    )
)
#: Tabs of the list → the statuses in it.
TABS = {
    "open": rules.OPEN,
    "deciding": ("deciding",),
    "closed": ("closed", "cancelled"),
}


def _visible_to(user: User, query: Select[Any]) -> Select[Any]:
    if not user.may("warehouse.see"):
        raise NotFound(_l("There is no such count."))
    return query.where(_COUNT.c.warehouse_id.in_([row.id for row in warehouses_for(user)]))


def counts_for(
    user: User, tab: str, *, after: str | None = None, limit: int = pagination.DEFAULT_LIMIT
) -> Page[AnyRow]:
    """Return a page of counts with how many of their places and lines wait, the newest first."""
    done = func.sum(case((_PLACE.c.status.in_(("done", "dropped")), 1), else_=0))
    of = select(_PLACE.c.count_id, func.count().label("places"), done.label("done"))
    places = of.group_by(_PLACE.c.count_id).subquery()
    wanted = (
        select(_COUNT, places.c.places, places.c.done, _PERSON.c.name.label("by"))
        .add_columns(_HOUSE.c.code.label("warehouse"))
        .join_from(_COUNT, places, places.c.count_id == _COUNT.c.id)
        .join(_HOUSE, _HOUSE.c.id == _COUNT.c.warehouse_id)
        .join(_PERSON, _PERSON.c.id == _COUNT.c.created_by_id, isouter=True)
        .where(_COUNT.c.status.in_(TABS.get(tab, rules.OPEN)))
    )
    place = pagination.decode_number(after)
    if place is not None:
        wanted = wanted.where(_COUNT.c.id < place)
    wanted = _visible_to(user, wanted).order_by(_COUNT.c.id.desc()).limit(limit + 1)
    return pagination.cut(db.session.execute(wanted).all(), limit, lambda row: (row.id,))


def counts_by_tab(user: User) -> dict[str, int]:
    """Return tab → how many counts are in it; of the closed ones none are counted."""
    many = func.count().label("many")
    wanted = select(_COUNT.c.status, many).where(_COUNT.c.status.in_(rules.OPEN))
    rows = db.session.execute(_visible_to(user, wanted).group_by(_COUNT.c.status))
    found = {row.status: int(row.many) for row in rows}
    return {tab: sum(found.get(s, 0) for s in TABS[tab]) for tab in ("open", "deciding")}


def count_for(user: User, ref: str) -> AnyRow:
    """Return a count with the code of its warehouse; raises NotFound for a stranger's."""
    wanted = (
        select(_COUNT, _HOUSE.c.code.label("warehouse"), _PERSON.c.name.label("by"))
        .join_from(_COUNT, _HOUSE, _HOUSE.c.id == _COUNT.c.warehouse_id)
        .join(_PERSON, _PERSON.c.id == _COUNT.c.created_by_id, isouter=True)
        .where(_COUNT.c.ref == ref)
    )
    found = db.session.execute(_visible_to(user, wanted)).first()
    if found is None:
        raise NotFound(_l("There is no such count."))
    return found


def places_of(count: AnyRow) -> Sequence[AnyRow]:
    """Return the places of a count in walking order, with who counted last (``who``)."""
    last = (
        select(_ROUND.c.place_id, func.max(_ROUND.c.id).label("id"))
        .group_by(_ROUND.c.place_id)
        .subquery()
    )
    wanted = (
        select(_PLACE, _LOCATION.c.code, _LOCATION.c.kind)
        .add_columns(_PERSON.c.name.label("who"), _ROUND.c.began_at, _ROUND.c.ended_at)
        .join_from(_PLACE, _LOCATION, _LOCATION.c.id == _PLACE.c.location_id)
        .join(last, last.c.place_id == _PLACE.c.id, isouter=True)
        .join(_ROUND, _ROUND.c.id == last.c.id, isouter=True)
        .join(_PERSON, _PERSON.c.id == _ROUND.c.person_id, isouter=True)
        .where(_PLACE.c.count_id == count.id)
        .order_by(_LOCATION.c.walk, _PLACE.c.id)
    )
    return db.session.execute(wanted).all()


def lines_of(user: User, count: AnyRow) -> Sequence[AnyRow]:
    """Return the lines of a count whose figures ``user`` may see, those to decide first.

    Figures of a round that has not ended are nobody's; who may not decide sees none, for he may
    be sent to count.
    """
    if not user.may("warehouse.approve"):
        return []
    first = case((_LINE.c.status == "deciding", 0), (_LINE.c.status == "recount", 1), else_=2)
    wanted = (
        select(_LINE, _LOCATION.c.code.label("location"), _PLACE.c.round)
        .add_columns(_SKU.c.code.label("sku"), _SKU.c.name, _SKU.c.unit, _LOT.c.code.label("lot"))
        .add_columns(_COMPANY.c.name.label("company"), _PERSON.c.name.label("decided_by"))
        .join_from(_LINE, _PLACE, _PLACE.c.id == _LINE.c.place_id)
        .join(_LOCATION, _LOCATION.c.id == _PLACE.c.location_id)
        .join(_SKU, _SKU.c.id == _LINE.c.sku_id)
        .join(_LOT, _LOT.c.id == _LINE.c.lot_id)
        .join(_COMPANY, _COMPANY.c.id == _LINE.c.company_id)
        .join(_PERSON, _PERSON.c.id == _LINE.c.decided_by_id, isouter=True)
        .where(_PLACE.c.count_id == count.id, _LINE.c.first_at.is_not(None))
        .order_by(first, _LOCATION.c.walk, _SKU.c.code, _LOT.c.code)
    )
    return db.session.execute(wanted.execution_options(**scope.CENTRE)).all()


def counted_by(count: AnyRow) -> set[int]:
    """Return the ids of all who counted any place of a count."""
    wanted = (
        select(_ROUND.c.person_id)
        .join_from(_ROUND, _PLACE, _PLACE.c.id == _ROUND.c.place_id)
        .where(_PLACE.c.count_id == count.id)
    )
    return set(db.session.execute(wanted).scalars())
