"""What papers say of one consignment, as texts in the language of whoever reads them.

All that needs the settings, the language or the database is done here; the papers themselves
are drawn from these texts alone, away from those who wait for other answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.consignments.rules import units, vocabulary
from portal.consignments.rules.promise import Service
from portal.consignments.shown.facts import PAYER_TEXT, SERVICE_TEXT, country_name, phone
from portal.core import i18n
from portal.core.i18n import gettext as _

NONE = "—"


@dataclass(frozen=True)
class Party:
    """Consignor or consignee."""

    name: str
    phone: str
    masked_phone: str
    address: str
    city: str
    place: str  # postcode, city and, abroad, the country
    country: str  # its code where it is abroad, else empty


@dataclass(frozen=True)
class Unit:
    """One piece."""

    sscc: str
    goods: str
    quantity: str
    weight: str
    measures: str  # length × width × height


@dataclass(frozen=True)
class Facts:
    """One consignment. Every text is ready to be printed; what is not known is empty."""

    no: str
    order_ref: str
    service: str
    service_name: str
    status: str
    status_text: str
    consignor: Party
    consignee: Party
    units: tuple[Unit, ...]
    gross: str
    chargeable: str
    volume: str
    declared: str
    cod: str
    insurance: str
    freight: str
    payer: str
    is_dangerous: bool
    temperature: str
    note: str
    ordered: str
    planned_pickup: str
    pickup: str
    delivery: str
    window: str
    delivered: str
    state_of: str  # when something was last recorded
    track_url: str

    @property
    def is_cold(self) -> bool:
        """Whether the goods travel cooled."""
        return bool(self.temperature) or self.service == Service.COLD


def facts(row: Any, pieces: Sequence[Any], site: str) -> Facts:
    """Return what papers say of the consignment ``row``; ``site`` is the public address."""
    return Facts(
        no=row.no,
        order_ref=row.order_ref or "",
        service=row.service,
        service_name=str(SERVICE_TEXT.get(row.service, row.service)),
        status=row.status,
        status_text=vocabulary.text(row.status),
        consignor=_party(row, "consignor"),
        consignee=_party(row, "consignee"),
        units=tuple(_unit(piece) for piece in pieces),
        gross=i18n.weight(row.gross_weight_g),
        chargeable=i18n.weight(row.chargeable_weight_g),
        volume=f"{i18n.number(row.volume_mm3 / 1e9, 3)} m³" if row.volume_mm3 else NONE,
        declared=_money(row, "declared"),
        cod=_money(row, "cod"),
        insurance=_money(row, "insurance"),
        freight=_money(row, "freight"),
        payer=str(PAYER_TEXT.get(row.payer, row.payer)),
        is_dangerous=row.dangerous,
        temperature=_temperature(row),
        note=row.note or "",
        ordered=moment(row.ordered_at),
        planned_pickup=moment(row.pickup_planned),
        pickup=moment(row.pickup_actual),
        delivery=moment(row.delivery_planned),
        window=_window(row),
        delivered=moment(row.delivery_actual),
        state_of=moment(row.changed_at),
        track_url=f"{site}/track/{row.no}",
    )


def moment(at: datetime | None) -> str:
    """Return a time as papers tell it: in full, since they are read on other days."""
    return f"{i18n.local(at):%Y-%m-%d %H:%M}" if at else ""


def _party(row: Any, side: str) -> Party:
    def get(name: str) -> str:
        return getattr(row, f"{side}_{name}") or ""

    abroad = get("country") if get("country") != "CN" else ""
    place = " ".join(filter(None, (get("postcode"), get("city"), country_name(abroad))))
    number = get("phone")
    return Party(
        name=get("name"),
        phone=phone(number),
        masked_phone=i18n.masked_phone(number) if number else "",
        address=get("address"),
        city=get("city"),
        place=place,
        country=abroad,
    )


def _unit(piece: Any) -> Unit:
    sides = [side for side in (piece.length_mm, piece.width_mm, piece.height_mm) if side]
    measures = " × ".join(i18n.number(side / 10) for side in sides)
    return Unit(
        sscc=piece.sscc,
        goods=piece.goods,
        quantity=f"{i18n.number(piece.quantity)} {units.unit_text(piece.unit)}".strip(),
        weight=i18n.weight(piece.weight_g),
        measures=f"{measures} cm" if measures else NONE,
    )


def _money(row: Any, name: str) -> str:
    minor = getattr(row, f"{name}_minor")
    return i18n.money(minor, getattr(row, f"{name}_currency")) if minor else ""


def _temperature(row: Any) -> str:
    low, high = row.temperature_min_c, row.temperature_max_c
    if low is None or high is None:
        return ""
    return _("%(low)s to %(high)s °C", low=low, high=high)


def _window(row: Any) -> str:
    since, until = moment(row.window_from), moment(row.window_to)
    if since and until:
        return _("%(first)s to %(last)s", first=since, last=until)
    if until:
        return _("until %(time)s", time=until)
    return _("from %(time)s", time=since) if since else ""
