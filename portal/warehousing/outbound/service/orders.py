"""Entering orders, and handing them in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from portal.accounts.models import Company
from portal.accounts.service.companies import new_ref
from portal.core import clock, events, scope
from portal.core.errors import FieldError, Invalid, Refused
from portal.core.i18n import lazy as _l
from portal.core.prepared import Prepared
from portal.core.quantities import NOTHING
from portal.core.working import Hours
from portal.warehousing.outbound.events import OutboundOrdered
from portal.warehousing.outbound.models import OutboundLine, OutboundOrder
from portal.warehousing.outbound.rules import orders as rules
from portal.warehousing.outbound.rules import promise
from portal.warehousing.outbound.rules.asked import NewLine
from portal.warehousing.outbound.service import allocating, states, waiting

_ORDER, _LINE, _COMPANY = (m.__table__ for m in (OutboundOrder, OutboundLine, Company))
_BY_ORDER_REF = Prepared(
    select(_ORDER)
    .where(
        _ORDER.c.company_id == bindparam("company"), _ORDER.c.order_ref == bindparam("order_ref")
    )
    .execution_options(**scope.BOUND)
)
_INSERT = Prepared(insert(_ORDER).returning(*_ORDER.c))
_INSERT_LINE = Prepared(insert(_LINE))
#: Columns of an order that whoever enters it may say.
SAID = ("policy", "service", "priority", "note", "wished_on")
CONSIGNEE = tuple(name for name in _ORDER.c.keys() if name.startswith("consignee_"))  # noqa: SIM118
_NEW: Mapping[str, Any] = {
    **{column.name: None for column in _ORDER.c if column.name != "id"},
    "policy": "all_or_nothing",
    "service": "standard",
    "priority": 0,
    "version": 1,
}


@dataclass(frozen=True, kw_only=True)
class NewOrder:
    """An order that was understood: ``columns`` are those of ``rules.asked``."""

    company_id: int
    warehouse: Any  # its row
    columns: Mapping[str, Any]
    lines: Sequence[NewLine] = field(default_factory=list)
    rest_of_id: int | None = None


@dataclass(frozen=True)
class Placed:
    """The order as it is now; ``is_new``: it was not there before."""

    order: Any
    is_new: bool


def place(
    new: NewOrder, *, submit: bool = True, hours: Hours, by: int | None, on: Connection
) -> Placed:
    """Enter an order and, unless it is a draft, hand it in.

    The same ``order_ref`` again gives the order that is there, as it is. Raises what ``submit``
    raises, then nothing of it stays. Records OutboundOrdered, and OutboundMoved for each status.
    """
    known = by_order_ref(new.company_id, new.columns.get("order_ref"), on=on)
    if known is not None:
        return Placed(known, is_new=False)
    order = create(new, by=by, on=on)
    if submit:
        order = hand_in(order, new.warehouse, hours=hours, by=by, on=on)
    return Placed(order, is_new=True)


def by_order_ref(company_id: int, order_ref: str | None, *, on: Connection) -> Any | None:
    """Return the company's order with its own number; None: there is none."""
    if order_ref is None:
        return None
    return _BY_ORDER_REF.first(on, {"company": company_id, "order_ref": order_ref})


def create(new: NewOrder, *, by: int | None, on: Connection) -> Any:
    """Enter an order as a draft; return its row. Records OutboundOrdered."""
    ref, at = new_ref("OUT"), clock.now()
    row = {
        **_NEW,
        **{name: new.columns[name] for name in SAID if name in new.columns},
        **(_consignee(new.columns) or _fetched(new, on)),
        "company_id": new.company_id,
        "ref": ref,
        "order_ref": new.columns.get("order_ref") or ref,
        "warehouse_id": new.warehouse.id,
        "status": rules.DRAFT,
        "status_at": at,
        "rest_of_id": new.rest_of_id,
        "line_count": len(new.lines),
        "created_by_id": by,
        "created_at": at,
    }
    order = _INSERT.first(on, row)
    write_lines(order, new.lines, on=on)
    states.step(order, by=by, note=None, on=on)
    _tell(order, by, on)
    return order


def _consignee(columns: Mapping[str, Any]) -> dict[str, Any]:
    return {name: columns[name] for name in CONSIGNEE if name in columns}


def _fetched(new: NewOrder, on: Connection) -> dict[str, Any]:
    """Return the consignee of what the owner fetches himself: he, at the warehouse."""
    name = on.scalar(select(_COMPANY.c.name).where(_COMPANY.c.id == new.company_id))
    there = new.warehouse.party
    place = {each: there.get(each) for each in ("phone", "address", "city", "country", "postcode")}
    return {f"consignee_{each}": value for each, value in {**place, "name": name}.items()}


def write_lines(order: Any, lines: Sequence[NewLine], *, on: Connection, after: int = 0) -> None:
    """Write lines behind position ``after``."""
    zeros = dict.fromkeys(
        ("allocated", "picked", "checked", "packed", "shipped", "short", "backordered"), NOTHING
    )
    rows = [
        {
            "company_id": order.company_id,
            "order_id": order.id,
            "position": position,
            "sku_id": line.sku_id,
            "lot_id": line.lot_id,
            "quantity": line.quantity,
            **zeros,
        }
        for position, line in enumerate(lines, after + 1)
    ]
    _INSERT_LINE.run_many(on, rows)


def _tell(order: Any, by: int | None, on: Connection) -> None:
    told = OutboundOrdered(
        actor_id=by,
        company_id=order.company_id,
        ref=order.ref,
        warehouse_id=order.warehouse_id,
        status=order.status,
        order_ref=order.order_ref,
    )
    events.record(told, on=on)


def hand_in(order: Any, warehouse: Any, *, hours: Hours, by: int | None, on: Connection) -> Any:
    """Submit a draft: it is accepted and promised what is free; return its row.

    By when it leaves is promised by the cut-off of the warehouse. Orders that wait for the same
    goods are served first. Raises Invalid for a draft that lacks something, NotEnough by the
    policy of the order. Records OutboundMoved.
    """
    check_complete(order)
    at = clock.now()
    until = promise.ship_by(at, promise.cut_off_of(warehouse.cut_off), hours, order.wished_on)
    order = states.advance(order, rules.SUBMITTED, by=by, submitted_at=at, ship_by=until, on=on)
    order = states.advance(order, rules.ACCEPTED, by=None, on=on)
    waiting.serve_before(order, on=on)
    return allocating.allocate(order.id, order.company_id, by=None, on=on).order


def check_complete(order: Any) -> None:
    """Raise Invalid for an order without lines, or without all that a consignee needs."""
    errors = []
    if not order.line_count:
        errors.append(FieldError("lines", _l("Say which goods you want, and how many of them.")))
    for name in ("name", "phone", "address", "city", "country"):
        if not getattr(order, f"consignee_{name}"):
            errors.append(FieldError(f"consignee.{name}", _l("Please fill this in.")))
    if errors:
        raise Invalid(_l("Something is missing before this order can be placed."), errors)


def rewrite(order: Any, new: NewOrder, *, on: Connection) -> Any:
    """Replace what a draft says; return its row. Raises Refused for what is no draft."""
    if order.status != rules.DRAFT:
        raise Refused(_l("Only drafts are rewritten as a whole."))
    mine = (_LINE.c.company_id == order.company_id, _LINE.c.order_id == order.id)
    own = scope.of(order.company_id)
    on.execute(delete(_LINE).where(*mine).execution_options(**own))
    write_lines(order, new.lines, on=on)
    values = {name: new.columns[name] for name in SAID if name in new.columns}
    values |= _consignee(new.columns) or _fetched(new, on)
    values |= {
        "order_ref": new.columns.get("order_ref") or order.ref,
        "warehouse_id": new.warehouse.id,
        "line_count": len(new.lines),
        "version": order.version + 1,
    }
    changing = update(_ORDER).where(_ORDER.c.company_id == order.company_id)
    changing = changing.where(_ORDER.c.id == order.id).values(values).returning(*_ORDER.c)
    return on.execute(changing.execution_options(**own)).one()
