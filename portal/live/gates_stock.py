"""Gates of the warehouse: one notice, return or order to its owner, everything to the staff."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import select

from portal.accounts.access import User, Visitor
from portal.core import scope
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.live.log import Thing
from portal.warehousing.inbound.models.notice import InboundNotice
from portal.warehousing.outbound.models.orders import OutboundOrder
from portal.warehousing.returns.models import GoodsReturn
from portal.warehousing.sites.models import WarehouseWorker

_WORKER = WarehouseWorker.__table__
Gate = Callable[[User | Visitor, str, str], Thing]


def nothing() -> NotFound:
    """Return the one answer to everything that cannot be followed."""
    return NotFound(_l("There is nothing here that you can follow."))


def _gate(topic: str, models: Sequence[type]) -> Gate:
    def gate(user: User | Visitor, ref: str, _token: str) -> Thing:
        if not ref:
            return _whole(user, topic)
        if not any(_may_follow(user, model, ref) for model in models):
            raise nothing()
        return Thing(f"{topic}:{ref}", topic, ref)

    return gate


def _whole(user: User | Visitor, topic: str) -> Thing:
    """Return all of a kind: of the warehouses in which the asker works, if he is bound to some."""
    if not user.may("warehouse.see"):
        raise nothing()
    mine = select(_WORKER.c.warehouse_id).where(_WORKER.c.person_id == user.person_id)
    return Thing(topic, topic, "", houses=frozenset(db.session.scalars(mine)) or None)


def _may_follow(user: User | Visitor, model: Any, ref: str) -> bool:
    """Return whether there is such a document, and it is the company's or in the asker's house."""
    c = model.__table__.c
    wanted = select(c.id).where(c.ref == ref)
    if user.may("warehouse.see"):
        mine = select(_WORKER.c.warehouse_id).where(_WORKER.c.person_id == user.person_id)
        here = wanted.where(c.warehouse_id.in_(mine) | ~mine.exists())
        wanted = here.execution_options(**scope.CENTRE)
    elif user.company_id is not None and user.may("stock.see"):
        own = wanted.where(c.company_id == user.company_id)
        wanted = own.execution_options(**scope.of(user.company_id))
    else:
        return False
    return db.session.scalar(wanted) is not None


def _warehouse(user: User | Visitor, ref: str, _token: str) -> Thing:
    if ref:
        raise nothing()
    return _whole(user, "warehouse")


GATES: dict[str, Gate] = {
    "inbound": _gate("inbound", (InboundNotice, GoodsReturn)),
    "outbound": _gate("outbound", (OutboundOrder,)),
    "warehouse": _warehouse,
}
