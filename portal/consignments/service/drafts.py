"""Drafts: orders that are kept before they are placed."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, delete, update

from portal.consignments.models import Consignment, Piece
from portal.consignments.rules import promise
from portal.consignments.rules.vocabulary import Status
from portal.consignments.service import addresses, amending, locating, orders, tracking
from portal.consignments.service.orders import Created, Order, Origin
from portal.consignments.service.tracking import NewEvent, Pushed
from portal.core import clock, scope
from portal.core.errors import Invalid, Refused
from portal.core.i18n import lazy as _l

_C = Consignment.__table__
_P = Piece.__table__
#: What nobody can carry goods without.
_NEEDED = ("name", "phone", "address", "city", "country")


def place(consignment: Any, *, by: int, on: Connection) -> Pushed:
    """Place a draft as an order; what we promise counts from now.

    Raises Invalid if something that an order needs is missing, Refused if it is not a draft.
    Records TrackingEventRecorded.
    """
    check_complete(consignment)
    at = clock.now()
    planned = promise.planned_delivery(
        consignment.service,
        at,
        clock.zone(),
        abroad=promise.is_abroad(consignment.consignee_country),
        until=consignment.window_to,
    )
    changes = {
        "ordered_at": at,
        "pickup_planned": promise.planned_pickup(at),
        "delivery_planned": planned,
        **locating.missing(consignment),
    }
    _update(consignment, changes, on)
    event = NewEvent(code=Status.ORDERED, occurred_at=at, place=consignment.consignor_city)
    return tracking.push(_Head(consignment, changes), event, by=by, on=on)


class _Head:
    """A consignment's changed row as a push reads it; a draft has had no attempts."""

    attempt_limit = 1

    def __init__(self, consignment: Any, changes: dict[str, Any]) -> None:
        self._row, self._changes = consignment, changes

    def __getattr__(self, name: str) -> Any:
        return self._changes[name] if name in self._changes else getattr(self._row, name)


def check_complete(consignment: Any) -> None:
    """Refuse a draft that lacks what an order needs. Raises Invalid."""
    sides = ("consignor", "consignee")
    lacking = [s for s in sides if not all(getattr(consignment, f"{s}_{n}") for n in _NEEDED)]
    if lacking or not consignment.piece_count:
        raise Invalid(_l("This draft is not complete yet. Amend it, then place it."))


def change(consignment: Any, order: Order, origin: Origin, *, on: Connection) -> None:
    """Write a draft anew: parties, service, pieces, all of it.

    Nobody has relied on the pieces of a draft, so they go. Raises Refused if it is not a draft.
    Records ConsignmentAmended.
    """
    if consignment.status != Status.DRAFT:
        raise Refused(_l("Only a draft can be written anew."))
    on.execute(
        delete(_P)
        .where(_P.c.consignment_id == consignment.id)
        .execution_options(**scope.of(consignment.company_id))
    )
    kept = Created(consignment.id, consignment.no)
    orders.add_pieces([order], [kept], origin, on)
    order = addresses.with_positions(order, origin.company_id, on=on)
    row = orders.columns_of(order, origin, clock.now())
    amending.amend(consignment, _columns(row), by=origin.person_id or 0, on=on)


#: Columns that belong to the consignment's life and not to what was ordered.
_LIFE: Sequence[str] = (
    "no",
    "company_id",
    "status",
    "status_seq",
    "attempts",
    "split",
    "head_at",
    "head_rank",
    "last_code",
    "last_at",
    "delivery_actual",
    "history",
    "created_by_id",
    "ordered_at",
    "created_at",
    "changed_at",
    "remarks",
    "import_id",
    "open_incidents",
    "owner_incidents",
)


def _columns(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in _LIFE}


def _update(consignment: Any, changes: dict[str, Any], on: Connection) -> None:
    on.execute(
        update(_C)
        .where(_C.c.id == consignment.id)
        .values(**changes)
        .execution_options(**scope.of(consignment.company_id))
    )
