"""The page on which somebody says where an address is: what is known, what may be chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request

from portal.consignments.forms.place import PlaceForm
from portal.consignments.rules.moves import SETTLED
from portal.core import i18n
from portal.core.i18n import lazy as _l
from portal.places import queries, rules
from portal.places.rules import Place

SIDE_NAMES = {"consignor": _l("Consignor"), "consignee": _l("Consignee")}


@dataclass(frozen=True)
class Address:
    """An address, and where it is held to be."""

    name: str
    lines: str
    lat: float | None
    lon: float | None
    confidence: float | None
    near: Place | None
    places: Sequence[Place]

    @property
    def is_low(self) -> bool:
        """Return whether it is to be put right."""
        return rules.is_low(self.confidence)


def unsure(consignment: Any) -> list[tuple[str, Any]]:
    """Return (side, its name) of the sides of a consignment that are to be put right."""
    if not consignment.unsure_places or consignment.status in SETTLED:
        return []
    row = consignment._mapping
    return [
        (side, name) for side, name in SIDE_NAMES.items() if rules.is_low(row[f"{side}_confidence"])
    ]


def of_side(consignment: Any, side: str) -> Address:
    """Return the address of one side of a consignment."""
    names = ("name", "address", "city", "country", "postcode", "lat", "lon", "confidence")
    values = {name: getattr(consignment, f"{side}_{name}") for name in names}
    return _address(values, getattr(consignment, f"{side}_division"))


def of_entry(entry: Any) -> Address:
    """Return the address of an entry of the address book."""
    return _address(entry._mapping, entry.division_code)


def _address(values: Any, division: str | None) -> Address:
    asked = {
        "city": values["city"],
        "country": values["country"],
        "division_code": division,
        "postcode": values["postcode"],
    }
    return Address(
        name=values["name"] or "",
        lines=" ".join(filter(None, (values["address"], values["city"], values["postcode"]))),
        lat=values["lat"],
        lon=values["lon"],
        confidence=values["confidence"],
        near=queries.find(values["address"], **asked),
        places=queries.candidates(values["address"], **asked),
    )


def form_of(address: Address) -> PlaceForm:
    """Return the form of this request, offering what the address may be."""
    form = PlaceForm(request.form)
    form.offer(address.places, i18n.tag())
    return form
