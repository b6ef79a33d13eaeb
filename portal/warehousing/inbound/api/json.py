"""Notices as programs get them."""

from typing import Any

from flask import current_app

from portal.core.quantities import written
from portal.warehousing.inbound.queries import one

_HEAD = (
    "ref",
    "order_ref",
    "status",
    "warehouse",
    "supplier",
    "carrier",
    "vehicle",
    "driver_phone",
    "note",
    "expected_at",
    "dock",
    "open_differences",
    "reached",
    "created_at",
)
_LINE = ("position", "sku", "sscc", "level", "unit", "expires_on")
_SUMS = ("announced", "received", "damaged", "put_away")


def head(row: Any) -> dict[str, Any]:
    """Return a notice as it stands in a list."""
    base = str(current_app.config["PUBLIC_URL"]).rstrip("/")
    return {
        **{name: getattr(row, name) for name in _HEAD},
        "company": row.company_ref,
        "links": {
            "self": f"{base}/api/v1/inbound/{row.ref}",
            "page": f"{base}/portal/inbound/{row.ref}",
        },
    }


def whole(row: Any) -> dict[str, Any]:
    """Return a notice with its lines, differences and receipts."""
    return {
        **head(row),
        "lines": [_line(line) for line in one.lines_of(row)],
        "differences": [_difference(each) for each in one.differences_of(row)],
        "receipts": [
            {"ref": each.ref, "begun_at": each.begun_at, "closed_at": each.closed_at}
            for each in one.receipts_of(row)
        ],
    }


def _line(line: Any) -> dict[str, Any]:
    return {
        **{name: getattr(line, name) for name in _LINE},
        "name": line.sku_name,
        "lot": line.lot_code,
        "quantity": written(line.said),
        **{name: written(getattr(line, name)) for name in _SUMS},
    }


def _difference(row: Any) -> dict[str, Any]:
    named = ("id", "sku", "kind", "status", "note", "answer_note", "outcome")
    return {
        **{name: getattr(row, name) for name in named},
        "line": row.position,
        "quantity": written(row.quantity),
    }
