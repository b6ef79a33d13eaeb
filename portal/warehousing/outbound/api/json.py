"""Orders as JSON; quantities are decimal strings."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from portal.core.quantities import written

FIGURES = ("allocated", "picked", "packed", "shipped", "short", "backordered")


class OutboundOut(BaseModel):
    """An order as it is answered."""

    ref: str
    order_ref: str
    status: str
    version: int
    company: str
    warehouse: str
    policy: str
    service: str
    lines: list[dict[str, Any]]
    consignee: dict[str, Any]
    promise: dict[str, Any]
    hold: dict[str, Any] | None
    consignment: str | None
    rest_of: str | None
    created_at: str
    links: dict[str, str]


class OutboundList(BaseModel):
    """A page of orders, without their lines."""

    items: list[dict[str, Any]]
    next: str | None


def head(order: Any) -> dict[str, Any]:
    """Return what a list says of an order (``queries.visible.heads``)."""
    return {
        "ref": order.ref,
        "order_ref": order.order_ref,
        "status": order.status,
        "version": order.version,
        "company": order.company_ref,
        "warehouse": order.warehouse,
        "policy": order.policy,
        "service": order.service,
        "priority": order.priority,
        "line_count": order.line_count,
        "consignee": _consignee(order),
        "promise": {"ship_by": _at(order.ship_by), "wished_on": _at(order.wished_on)},
        "hold": _hold(order),
        "consignment": order.consignment_no,
        "note": order.note,
        "created_at": _at(order.created_at),
        "submitted_at": _at(order.submitted_at),
        "shipped_at": _at(order.shipped_at),
        "links": _links(order),
    }


def whole(order: Any, lines: Sequence[Any], related: Sequence[Any] = ()) -> dict[str, Any]:
    """Return everything of an order, with its lines."""
    first = next((other.ref for other in related if other.id == order.rest_of_id), None)
    rests = [other.ref for other in related if other.rest_of_id == order.id]
    return head(order) | {
        "lines": [_line(line) for line in lines],
        "rest_of": first,
        "rests": rests,
    }


def _line(line: Any) -> dict[str, Any]:
    return {
        "position": line.position,
        "sku": line.sku,
        "quantity": written(line.quantity),
        "unit": line.unit,
        "lot": line.lot,
        **{name: written(getattr(line, name)) for name in FIGURES},
    }


def _consignee(order: Any) -> dict[str, Any]:
    names = ("name", "phone", "address", "city", "country", "postcode", "lat", "lon")
    said = {name: getattr(order, f"consignee_{name}") for name in names}
    return said | {"division_code": order.consignee_division}


def _hold(order: Any) -> dict[str, Any] | None:
    if order.hold_reason is None:
        return None
    return {"reason": order.hold_reason, "note": order.hold_note}


def _at(moment: Any) -> str | None:
    return None if moment is None else moment.isoformat()


def _links(order: Any) -> dict[str, str]:
    found = {"self": f"/api/v1/outbound/{order.ref}"}
    if order.consignment_no:
        found["consignment"] = f"/api/v1/consignments/{order.consignment_no}"
    return found


__all__ = ["OutboundList", "OutboundOut", "head", "whole"]
