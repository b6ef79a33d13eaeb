"""A tariff as values, its zones, and how it lives."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from portal.core.errors import FieldError, Refused
from portal.core.i18n import lazy as _l

MOST_ZONES = 20
MOST_MINOR = 100_000_000  # a million of a currency with two decimals
MOST_BP = 10_000  # a hundred per cent


class State(StrEnum):
    """Where a tariff stands: only drafts are changed."""

    DRAFT = "draft"
    ACTIVE = "active"
    RETIRED = "retired"


STATE_NAMES = {
    State.DRAFT: _l("Draft tariff"),
    State.ACTIVE: _l("In force"),
    State.RETIRED: _l("Out of force"),
}
MOVES: dict[State, tuple[State, ...]] = {
    State.DRAFT: (State.ACTIVE,),
    State.ACTIVE: (State.RETIRED,),
    State.RETIRED: (),
}


class ZoneKind(StrEnum):
    """What makes a destination belong to a zone."""

    CITY = "city"
    DISTANCE = "distance"
    COUNTRIES = "countries"
    REST = "rest"


ZONE_KINDS = {
    ZoneKind.CITY: _l("Within the same city"),
    ZoneKind.DISTANCE: _l("At most so many kilometres, within the country"),
    ZoneKind.COUNTRIES: _l("To one of these countries"),
    ZoneKind.REST: _l("Everywhere else"),
}


@dataclass(frozen=True)
class Rate:
    """What the first weight costs, and each further step that is begun."""

    first_g: int
    first_minor: int
    step_g: int
    step_minor: int


@dataclass(frozen=True)
class Zone:
    """A zone with its rates by service."""

    name: str
    kind: ZoneKind
    km: int | None = None
    countries: frozenset[str] = frozenset()
    rates: dict[str, Rate] = field(default_factory=dict)


@dataclass(frozen=True)
class Prices:
    """All that a price is made of; amounts in minor units, shares in hundredths of a per cent."""

    currency: str
    zones: tuple[Zone, ...]
    fuel_bp: int = 0
    tax_bp: int = 0
    insurance_bp: int = 0
    insurance_least_minor: int = 0
    cod_bp: int = 0
    cod_least_minor: int = 0
    pickup_minor: int = 0
    pallet_day_minor: int = 0
    pallet_in_minor: int = 0
    pallet_out_minor: int = 0
    free_days: int = 0


@dataclass(frozen=True)
class Ends:
    """From where to where: countries, whether it is one city, kilometres as the crow flies."""

    from_country: str
    to_country: str
    same_city: bool
    km: float | None


def advance(state: str, wanted: State) -> State:
    """Return ``wanted`` if a tariff may get there from ``state``; raises Refused otherwise."""
    if wanted not in MOVES[State(state)]:
        raise Refused(_l("This tariff stands otherwise than you saw it. Look at it again."))
    return wanted


def zone_of(zones: tuple[Zone, ...], ends: Ends) -> Zone | None:
    """Return the first zone that fits; None: the tariff does not go there."""
    return next((zone for zone in zones if _fits(zone, ends)), None)


def _fits(zone: Zone, ends: Ends) -> bool:
    home = ends.from_country == ends.to_country
    if zone.kind is ZoneKind.CITY:
        return home and ends.same_city
    if zone.kind is ZoneKind.DISTANCE:
        return home and ends.km is not None and ends.km <= (zone.km or 0)
    if zone.kind is ZoneKind.COUNTRIES:
        return ends.to_country in zone.countries
    return True


def check(zones: list[dict[str, Any]]) -> list[FieldError]:
    """Return what keeps a tariff with these zones from being put in force; nothing: it may."""
    errors = []
    if not zones:
        errors.append(FieldError("zones", _l("A tariff needs one zone at least.")))
    for at, zone in enumerate(zones):
        errors += [FieldError(f"zones.{at}.{name}", text) for name, text in _wrong(zone)]
    if any(zone["kind"] == ZoneKind.REST for zone in zones[:-1]):
        errors.append(FieldError("zones", _l("“Everywhere else” must be the last zone.")))
    return errors


def _wrong(zone: dict[str, Any]) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    if not any(zone["names"].values()):
        found.append(("names", _l("Name the zone.")))
    if zone["kind"] == ZoneKind.DISTANCE and not zone["km"]:
        found.append(("km", _l("Say up to how many kilometres.")))
    if zone["kind"] == ZoneKind.COUNTRIES and not zone["countries"]:
        found.append(("countries", _l("Name one country at least.")))
    if not zone["rates"]:
        found.append(("rates", _l("Give the prices of one service at least.")))
    return found
