"""What a form begins with: the values of a consignment, or the usual ones of a company."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_precision

from portal.consignments.forms.order import CURRENCIES, MOST_COPIES, AmendForm
from portal.consignments.forms.party import FIELDS, data_of
from portal.consignments.rules.promise import Service
from portal.core import i18n

LONGEST = 100  # characters of what an address may fill in
_SIDES = ("consignor", "consignee")
_WHERE = ("division", "lat", "lon")
_ALIKE = ("goods", "quantity", "weight_g", "length_mm", "width_mm", "height_mm")


def from_consignment(consignment: Any, pieces: Sequence[Any]) -> dict[str, Any]:
    """Return the form's data of a consignment; pieces that are alike share a row."""
    return {
        **terms(consignment),
        "order_ref": consignment.order_ref or "",
        "service": consignment.service
        if consignment.service in list(Service)
        else Service.STANDARD,
        "pieces": _rows(pieces) or [{}],
        **_money(consignment, "declared"),
        **_money(consignment, "cod"),
    }


def terms(consignment: Any) -> dict[str, Any]:
    """Return the form's data of what may still be amended after ordering."""
    return {
        "consignor": _party(consignment, "consignor"),
        "consignee": _party(consignment, "consignee"),
        "window_from": _local(consignment.window_from),
        "window_to": _local(consignment.window_to),
        "note": consignment.note or "",
    }


def from_company(company: Any) -> dict[str, Any]:
    """Return the form's data for a new order of the company."""
    usual = company.consignor or {"name": company.name, "city": company.city}
    consignor = {name: str(usual.get(name) or "") for name in FIELDS}
    consignor["country"] = consignor["country"] or company.country
    return {"consignor": consignor, "consignee": {"country": company.country}, "pieces": [{}]}


def from_estimate(asked: Mapping[str, str], start: dict[str, Any]) -> dict[str, Any]:
    """Return the form's data ``start`` with what an estimate was asked for.

    What is no text of a sensible length is left out; the form checks the rest.
    """
    given = {name: text.strip()[:LONGEST] for name, text in asked.items() if text.strip()}
    sizes = ("weight", "length", "width", "height")
    piece = {name: given[name] for name in sizes if name in given}
    consignor = start["consignor"]
    from_home = consignor.get("city") == given.get("from_city")
    sender = {} if from_home else _place(given, "from")
    return start | {
        "service": given.get("service", Service.STANDARD),
        "consignor": {**({} if sender else consignor), **sender} or consignor,
        "consignee": start["consignee"] | _place(given, "to"),
        "pieces": [piece | {"copies": given.get("pieces", "1")}],
    }


def _place(given: Mapping[str, str], end: str) -> dict[str, str]:
    found = {name: given.get(f"{end}_{name}") for name in ("city", "country")}
    return {name: text for name, text in found.items() if text}


def _party(consignment: Any, side: str) -> dict[str, str]:
    known = data_of(consignment, side)
    return known | {"country": known["country"] or "CN"}


def _rows(pieces: Sequence[Any]) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = []
    for alike, count in Counter(tuple(getattr(p, n) for n in _ALIKE) for p in pieces).items():
        while count > 0:
            rows.append(_row(alike, min(count, MOST_COPIES)))
            count -= MOST_COPIES
    return rows


def _row(alike: tuple[Any, ...], copies: int) -> dict[str, str]:
    goods, quantity, weight_g, *lengths = alike
    length, width, height = (_plain(Decimal(mm) / 10) if mm else "" for mm in lengths)
    return {
        "goods": goods,
        "copies": str(copies),
        "quantity": _plain(quantity),
        "weight": _plain(Decimal(weight_g) / 1000) if weight_g else "",
        "length": length,
        "width": width,
        "height": height,
    }


def _plain(number: Any) -> str:
    """Return a number without needless zeros and without an exponent."""
    text = f"{Decimal(number):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _money(consignment: Any, name: str) -> dict[str, str]:
    minor, currency = (
        getattr(consignment, f"{name}_minor"),
        getattr(consignment, f"{name}_currency"),
    )
    if not minor or currency not in CURRENCIES:
        return {name: "", f"{name}_currency": "CNY"}
    amount = Decimal(minor).scaleb(-get_currency_precision(currency))
    return {name: _plain(amount), f"{name}_currency": currency}


def _local(at: datetime | None) -> str:
    return f"{i18n.local(at):%Y-%m-%dT%H:%M}" if at else ""


def changes_of(consignment: Any, form: AmendForm) -> dict[str, Any]:
    """Return the columns as the form has them, and forget what we knew of a former place."""
    changes: dict[str, Any] = {**form.window(), "note": (form.note.data or "").strip() or None}
    for side in _SIDES:
        party = form[side].form.party()
        for name in ("name", "phone", "address", "city", "country", "postcode"):
            changes[f"{side}_{name}"] = getattr(party, name)
        if any(
            changes[f"{side}_{n}"] != getattr(consignment, f"{side}_{n}")
            for n in ("address", "city")
        ):
            changes |= {f"{side}_{name}": None for name in _WHERE}
    return changes
