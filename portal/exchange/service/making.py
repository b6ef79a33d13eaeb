"""What the check kept of a consignment → the order that is created."""

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any

from portal.consignments.rules.vocabulary import Status
from portal.consignments.service.orders import PARTY_FIELDS, Order, Party, Unit
from portal.core import clock

_RENAMED = {"division_code": "division"}
#: Further facts of a history without a column of their own; kept as remarks under their header.
_REMARKED = ("status", "recorded")
_REMARKED_LINES = {"line_id": "id", "origin": "origin", "product_group": "product_group"}


def order_of(
    body: Mapping[str, Any], import_id: int, columns: Mapping[str, str], now: datetime
) -> Order:
    """Return the order to create of what ``Findings.good_after`` gave.

    ``columns`` (header → field) names the remarks that a history keeps; what does not say when
    it was ordered is ordered ``now``.
    """
    if body["history"] is None:
        return _new(body, import_id, now)
    return _delivered(body, import_id, columns)


def _new(body: Mapping[str, Any], import_id: int, now: datetime) -> Order:
    order = body["order"]
    window = order.get("window") or {}
    until = _instant(window.get("to"))
    return Order(
        order_ref=order["order_ref"],
        service=order["service"],
        consignor=_sender(tuple(order["consignor"].items())),
        consignee=party(order["consignee"]),
        pieces=[_unit(piece) for piece in order["pieces"]],
        ordered_at=_instant(order.get("ordered_at")) or now,
        window_to=until,
        extra={
            **_common(order, import_id),
            "window_from": _instant(window.get("from")),
            "window_to": until,
            "remarks": body["references"] or None,
        },
    )


def _delivered(body: Mapping[str, Any], import_id: int, columns: Mapping[str, str]) -> Order:
    order, past = body["order"], body["history"]
    delivered_at = _midnight(past["delivered"])
    return Order(
        order_ref=order["order_ref"],
        service=order["service"],
        consignor=party(order["consignor"]),
        consignee=party(order["consignee"]),
        pieces=[
            _unit(piece, line["value"])
            for piece, line in zip(order["pieces"], past["lines"], strict=True)
        ],
        ordered_at=_instant(order.get("ordered_at")) or delivered_at,
        begins=Status.DELIVERED,
        begins_at=delivered_at,
        planned_delivery=_midnight(past["planned"]) if past["planned"] else None,
        extra={
            **_common(order, import_id),
            **_money("freight", past["freight"]),
            **_money("insurance", past["insurance"]),
            "window_from": None,
            "window_to": None,
            "mode": past["mode"],
            "remarks": remarks_of(past, columns) or None,
        },
    )


def remarks_of(past: Mapping[str, Any], columns: Mapping[str, str]) -> dict[str, str]:
    """Return column → text as given, of all that has no place of its own."""
    remarks = {**past["references"]}
    for header, key in columns.items():
        if key in _REMARKED and past[key]:
            remarks[header] = past[key]
        elif key in _REMARKED_LINES:
            texts = dict.fromkeys(str(line[_REMARKED_LINES[key]] or "") for line in past["lines"])
            if joined := "; ".join(filter(None, texts)):
                remarks[header] = joined
    return remarks | past["remarks"]


def _common(order: Mapping[str, Any], import_id: int) -> dict[str, Any]:
    return {
        **_money("declared", order.get("declared_value")),
        **_money("cod", order.get("cod")),
        "note": order.get("note"),
        "import_id": import_id,
    }


def _money(name: str, amount: Mapping[str, Any] | None) -> dict[str, Any]:
    known = amount or {}
    return {f"{name}_minor": known.get("minor"), f"{name}_currency": known.get("currency")}


@lru_cache(maxsize=256)  # a file has few senders, mostly one
def _sender(given: tuple[tuple[str, Any], ...]) -> Party:
    return party(dict(given))


_PARTY = {**{name: name for name in PARTY_FIELDS}, **_RENAMED}


def party(given: Mapping[str, Any]) -> Party:
    """Return a PARTY of the API as the services know it; what is empty is unknown."""
    return Party(
        **{_PARTY[name]: value for name, value in given.items() if value and name in _PARTY}
    )


_NO_VALUE: Mapping[str, Any] = {}


def _unit(piece: Mapping[str, Any], value: Mapping[str, Any] | None = None) -> Unit:
    known = value or _NO_VALUE
    return Unit(
        goods=piece["goods"],
        quantity=Decimal(piece["quantity"]),
        unit=piece["unit"],
        weight_g=piece["weight_g"],
        length_mm=piece.get("length_mm"),
        width_mm=piece.get("width_mm"),
        height_mm=piece.get("height_mm"),
        value_minor=known.get("minor"),
        value_currency=known.get("currency"),
    )


def _instant(given: str | None) -> datetime | None:
    return datetime.fromisoformat(given) if given else None


def _midnight(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(), clock.zone())
