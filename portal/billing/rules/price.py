"""What a consignment costs, line by line, each line with its arithmetic. Pure.

Amounts are whole minor units; each line is rounded half up by itself, so that the lines add up.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import ceil

from portal.billing.rules.tariffs import Ends, Prices, Rate, Zone, zone_of

BP = 10_000  # hundredths of a per cent in a whole


class Item(StrEnum):
    """What a line is for."""

    FREIGHT = "freight"
    FUEL = "fuel"
    PICKUP = "pickup"
    INSURANCE = "insurance"
    COD = "cod"
    TAX = "tax"


@dataclass(frozen=True)
class Load:
    """What is sent, and what is asked for it beside."""

    service: str
    chargeable_g: int
    is_picked_up: bool = True
    declared_minor: int = 0
    cod_minor: int = 0


@dataclass(frozen=True)
class Line:
    """One line: what for, how much, and the figures that it was made of."""

    item: Item
    minor: int
    of_minor: int = 0  # what a share is a share of
    bp: int = 0
    rate: Rate | None = None
    steps: int = 0
    is_least: bool = False  # the least amount counted, not the share


@dataclass(frozen=True)
class Priced:
    """A price: zone, lines, and their sum."""

    zone: Zone
    currency: str
    lines: tuple[Line, ...]

    @property
    def total_minor(self) -> int:
        """The sum of the lines."""
        return sum(line.minor for line in self.lines)


def price(prices: Prices, ends: Ends, load: Load) -> Priced | None:
    """Return what a consignment costs; None: the tariff does not go there by that service."""
    zone = zone_of(prices.zones, ends)
    rate = zone.rates.get(load.service) if zone else None
    if zone is None or rate is None:
        return None
    freight = _freight(rate, load.chargeable_g)
    lines = [freight, *_beside(prices, load, freight.minor)]
    before_tax = sum(line.minor for line in lines)
    if prices.tax_bp:
        tax = share(before_tax, prices.tax_bp)
        lines.append(Line(Item.TAX, tax, of_minor=before_tax, bp=prices.tax_bp))
    return Priced(zone, prices.currency, tuple(lines))


def _freight(rate: Rate, chargeable_g: int) -> Line:
    steps = max(0, ceil((chargeable_g - rate.first_g) / rate.step_g)) if rate.step_g else 0
    minor = rate.first_minor + steps * rate.step_minor
    return Line(Item.FREIGHT, minor, of_minor=chargeable_g, rate=rate, steps=steps)


def _beside(prices: Prices, load: Load, freight: int) -> list[Line]:
    """Return the lines beside the freight; those that cost nothing are left out."""
    lines = []
    if prices.fuel_bp:
        fuel = share(freight, prices.fuel_bp)
        lines.append(Line(Item.FUEL, fuel, of_minor=freight, bp=prices.fuel_bp))
    if load.is_picked_up and prices.pickup_minor:
        lines.append(Line(Item.PICKUP, prices.pickup_minor))
    insured = (prices.insurance_bp, prices.insurance_least_minor)
    collected = (prices.cod_bp, prices.cod_least_minor)
    lines += _least_or_share(Item.INSURANCE, load.declared_minor, *insured)
    lines += _least_or_share(Item.COD, load.cod_minor, *collected)
    return lines


def _least_or_share(item: Item, of_minor: int, bp: int, least: int) -> list[Line]:
    if of_minor <= 0 or not (bp or least):
        return []
    minor = share(of_minor, bp)
    return [Line(item, max(minor, least), of_minor, bp, is_least=minor < least)]


def share(minor: int, bp: int) -> int:
    """Return hundredths of a per cent of an amount, rounded half up."""
    return (minor * bp + BP // 2) // BP


@dataclass(frozen=True)
class Stored:
    """What pallets cost in the warehouse."""

    paid_days: int
    days_minor: int
    in_minor: int
    out_minor: int
    tax_minor: int

    @property
    def total_minor(self) -> int:
        """The sum."""
        return self.days_minor + self.in_minor + self.out_minor + self.tax_minor


def storage(prices: Prices, pallets: int, days: int) -> Stored:
    """Return what so many pallets cost for so many days, brought in and taken out once."""
    paid = max(0, days - prices.free_days)
    parts = (
        pallets * paid * prices.pallet_day_minor,
        pallets * prices.pallet_in_minor,
        pallets * prices.pallet_out_minor,
    )
    return Stored(paid, *parts, share(sum(parts), prices.tax_bp))
