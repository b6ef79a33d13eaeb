"""The form of a tariff: names, amounts as people write them, and a row for each zone."""

import re
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_precision
from werkzeug.datastructures import MultiDict
from wtforms import FieldList, Form, FormField, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from portal.accounts.forms import Choice, offers
from portal.billing.models import Tariff
from portal.billing.rules.tariffs import MOST_ZONES, ZONE_KINDS, ZoneKind
from portal.consignments.forms.kinds import Between, Figure, Needed
from portal.consignments.forms.order import CURRENCIES
from portal.consignments.rules.promise import Service
from portal.core.i18n import lazy as _l
from portal.pages.rules.kinds import LANGUAGE_NAMES

MOST_MONEY, MOST_PER_CENT, MOST_KM, MOST_KG = 1_000_000, 100, 20_000, 1000
MONEY = (
    "insurance_least_minor",
    "cod_least_minor",
    "pickup_minor",
    "pallet_day_minor",
    "pallet_in_minor",
    "pallet_out_minor",
)
SHARES = ("fuel_bp", "tax_bp", "insurance_bp", "cod_bp")
TAGS = {"zh_hans": "zh-Hans", "zh_hant": "zh-Hant", "en": "en"}
_CODE = re.compile(r"[A-Z]{2}")
_ROW = re.compile(r"zones-(\d{1,4})-")


def _name(tag: str, *, needed: bool = False) -> StringField:
    checks: list[Any] = [Needed(_l("Please name it."))] if needed else []
    checks.append(Length(max=80, message=_l("At most %(max)d characters.")))
    return StringField(LANGUAGE_NAMES[tag], checks)


def _money(label: Any) -> Figure:
    return Figure(label, [Between(0, MOST_MONEY)], default="0")


def _per_cent(label: Any) -> Figure:
    return Figure(label, [Between(0, MOST_PER_CENT)], default="0")


class RateForm(Form):
    """What one service costs in a zone; empty: it is not offered there."""

    first_kg = Figure(_l("First weight, kg"), [Between(Decimal("0.001"), MOST_KG)])
    first = Figure(_l("First weight costs"), [Between(0, MOST_MONEY)])
    step_kg = Figure(_l("Each further, kg"), [Between(Decimal("0.001"), MOST_KG)])
    step = Figure(_l("costs"), [Between(0, MOST_MONEY)])

    def fields(self) -> tuple[Figure, ...]:
        """Return the four figures."""
        return (self.first_kg, self.first, self.step_kg, self.step)

    def is_empty(self) -> bool:
        """Return whether nothing was typed."""
        return not any((field.data or "").strip() for field in self.fields())

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse a rate of which a part is missing."""
        good = bool(super().validate(extra_validators))
        missing = [field for field in self.fields() if not (field.data or "").strip()]
        if missing and not self.is_empty():
            missing[0].errors = [str(_l("Fill in all four, or none."))]
            return False
        return good


class ZoneForm(Form):
    """One zone with the rates of each service."""

    zh_hans, zh_hant, en = _name("zh-Hans", needed=True), _name("zh-Hant"), _name("en")
    kind = Choice(_l("Reaches"), choices=lambda: offers(ZONE_KINDS.items()), default="distance")
    km = Figure(_l("Up to km"), [Between(1, MOST_KM, whole=True)])
    countries = StringField(_l("Countries"), description=_l("Two letters each, such as JP KR SG."))
    standard, express, cold = (FormField(RateForm) for _service in Service)

    def validate_countries(self, field: Any) -> None:
        """Refuse what are no codes of countries."""
        field.data = " ".join(re.split(r"[\s,，、;]+", (field.data or "").upper())).strip()
        if any(not _CODE.fullmatch(code) for code in field.data.split()):
            raise ValidationError(_l("Write codes of two letters, such as JP KR SG."))


class TariffForm(Form):
    """A whole tariff."""

    zh_hans, zh_hant, en = _name("zh-Hans", needed=True), _name("zh-Hant"), _name("en")
    currency = Choice(_l("Currency"), choices=lambda: offers([(code, code) for code in CURRENCIES]))
    fuel_bp = _per_cent(_l("Fuel surcharge, percent of the freight"))
    tax_bp = _per_cent(_l("Tax, percent of the sum"))
    insurance_bp = _per_cent(_l("Insurance, percent of the declared value"))
    insurance_least_minor = _money(_l("Insurance, at least"))
    cod_bp = _per_cent(_l("Cash on delivery, percent of the amount"))
    cod_least_minor = _money(_l("Cash on delivery, at least"))
    pickup_minor = _money(_l("Collection"))
    pallet_day_minor = _money(_l("Pallet place and day"))
    pallet_in_minor = _money(_l("Pallet in"))
    pallet_out_minor = _money(_l("Pallet out"))
    free_days = Figure(_l("Days without charge"), [Between(0, 365, whole=True)], default="0")
    note = TextAreaField(
        _l("Note for colleagues"), [Length(max=1000, message=_l("At most %(max)d characters."))]
    )
    zones = FieldList(FormField(ZoneForm), max_entries=MOST_ZONES)

    def scale(self) -> int:
        """Return how many minor units one of the currency has."""
        return int(10 ** get_currency_precision(self.currency.data))

    def values(self) -> dict[str, Any]:
        """Return the columns of the tariff."""
        amounts = {name: _scaled(self[name], self.scale()) for name in MONEY}
        shares = {name: _scaled(self[name], 100) for name in SHARES}
        return {
            "names": _names(self),
            "currency": self.currency.data,
            "note": self.note.data or None,
            "free_days": _scaled(self.free_days, 1),
            **amounts,
            **shares,
        }

    def zone_values(self) -> list[dict[str, Any]]:
        """Return the zones in their order."""
        return [_zone(entry.form, self.scale()) for entry in self.zones]


def _names(form: Any) -> dict[str, str]:
    typed = {tag: (form[name].data or "").strip() for name, tag in TAGS.items()}
    return {tag: name for tag, name in typed.items() if name}


def _scaled(field: Figure, scale: int) -> int:
    return round((field.number or 0) * scale)


def _zone(form: ZoneForm, scale: int) -> dict[str, Any]:
    kind = form.kind.data
    return {
        "names": _names(form),
        "kind": kind,
        "km": _scaled(form.km, 1) if kind == ZoneKind.DISTANCE else None,
        "countries": form.countries.data.split() if kind == ZoneKind.COUNTRIES else [],
        "rates": {
            str(service): _rate(form[service].form, scale)
            for service in Service
            if not form[service].form.is_empty()
        },
    }


def _rate(form: RateForm, scale: int) -> dict[str, int]:
    return {
        "first_g": _scaled(form.first_kg, 1000),
        "first_minor": _scaled(form.first, scale),
        "step_g": _scaled(form.step_kg, 1000),
        "step_minor": _scaled(form.step, scale),
    }


def form_data(tariff: Tariff, zones: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a tariff as its form shows it."""
    scale = 10 ** get_currency_precision(tariff.currency)
    amounts = {name: _plain(getattr(tariff, name), scale) for name in MONEY}
    shares = {name: _plain(getattr(tariff, name), 100) for name in SHARES}
    return {
        **_typed_names(tariff.names),
        "currency": tariff.currency,
        "note": tariff.note or "",
        "free_days": str(tariff.free_days),
        **amounts,
        **shares,
        "zones": [_typed_zone(zone, scale) for zone in zones],
    }


def _typed_names(names: dict[str, str]) -> dict[str, str]:
    return {name: names.get(tag, "") for name, tag in TAGS.items()}


def _typed_zone(zone: dict[str, Any], scale: int) -> dict[str, Any]:
    rates = {
        service: {
            "first_kg": _plain(rate["first_g"], 1000),
            "first": _plain(rate["first_minor"], scale),
            "step_kg": _plain(rate["step_g"], 1000),
            "step": _plain(rate["step_minor"], scale),
        }
        for service, rate in zone["rates"].items()
    }
    return {
        **_typed_names(zone["names"]),
        "kind": zone["kind"],
        "km": str(zone["km"] or ""),
        "countries": " ".join(zone["countries"]),
        **rates,
    }


def _plain(value: int, scale: int) -> str:
    return format((Decimal(value) / scale).normalize(), "f")


def edited(given: MultiDict[str, str], do: str) -> MultiDict[str, str]:
    """Return the form data after the change of rows that the key ``do`` asks for: add, remove:N."""
    name, _, which = do.partition(":")
    changed = given.copy()
    if name == "add":
        taken = [int(match[1]) for key in given if (match := _ROW.match(key))]
        if len(set(taken)) < MOST_ZONES:
            changed[f"zones-{max(taken, default=-1) + 1}-kind"] = "distance"
    elif name == "remove" and which.isdigit():
        gone = [key for key in given if key.startswith(f"zones-{which}-")]
        for key in gone:
            changed.poplist(key)
    return changed
