"""An estimate for somebody who asks: which places, by which tariff, until when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.billing.rules.price import Load, Priced, price
from portal.billing.rules.tariffs import Ends, Prices
from portal.consignments.rules import promise
from portal.consignments.rules.promise import Service
from portal.consignments.service import estimates
from portal.core import clock
from portal.places import queries as places
from portal.places.rules import Place, distance_m

#: A place that is known less surely than this may be another one of that name.
UNSURE = 0.55


@dataclass(frozen=True)
class Wish:
    """What somebody wants to send; weight of all in grams, volume of all in mm³."""

    origin: Place
    destination: Place
    pieces: int
    gross_g: int
    volume_mm3: int
    is_picked_up: bool = True
    declared_minor: int = 0
    cod_minor: int = 0

    @property
    def volumetric_g(self) -> int:
        """The weight that the volume counts for."""
        return promise.chargeable_weight_g(0, self.volume_mm3) or 0

    @property
    def chargeable_g(self) -> int:
        """The larger of both, of which the price is made."""
        return promise.chargeable_weight_g(self.gross_g, self.volume_mm3) or 0

    @property
    def km(self) -> float:
        """As the crow flies."""
        return distance_m(*self.origin.position, *self.destination.position) / 1000

    def ends(self) -> Ends:
        """Return what zones are told by."""
        here, there = self.origin, self.destination
        return Ends(
            here.country or promise.HOME_COUNTRY,
            there.country or promise.HOME_COUNTRY,
            same_city(here, there),
            self.km,
        )


@dataclass(frozen=True)
class Offer:
    """One service: what it costs and when it comes. ``price`` None: not offered there."""

    service: Service
    price: Priced | None
    planned: datetime
    early: datetime | None
    expected: datetime | None
    late: datetime | None
    basis: str | None


def same_city(one: Place, other: Place) -> bool:
    """Return whether two places lie in one city: the first four digits of a division say so."""
    if one.country != other.country:
        return False
    if one.division_code and other.division_code:
        return one.division_code[:4] == other.division_code[:4]
    return one.name == other.name


def find(text: str, country: str) -> Place | None:
    """Return a city or an address in a country; None: nothing of that name is known there."""
    found = places.find(text, city=text, country=country or None)
    is_there = found is not None and (not country or found.country == country)
    return found if is_there and found is not None and found.kind != "country" else None


def offers(wish: Wish, prices: Prices) -> list[Offer]:
    """Return every service with its price and its times, if it were ordered now."""
    return [_offer(service, wish, prices) for service in Service]


def _offer(service: Service, wish: Wish, prices: Prices) -> Offer:
    load = Load(
        str(service), wish.chargeable_g, wish.is_picked_up, wish.declared_minor, wish.cod_minor
    )
    abroad = promise.is_abroad(wish.destination.country)
    planned = promise.planned_delivery(
        service, clock.now(), clock.zone(), abroad=abroad, until=None
    )
    expected = estimates.first_for(_as_consignment(service, wish, planned)).columns
    return Offer(
        service,
        price(prices, wish.ends(), load),
        planned,
        expected.get("delivery_estimated_from"),
        expected.get("delivery_estimated"),
        expected.get("delivery_estimated_to"),
        expected.get("estimate_basis"),
    )


def _as_consignment(service: Service, wish: Wish, planned: datetime) -> dict[str, Any]:
    """Return the columns of a consignment that is ordered now, as estimates need them."""
    here, there = wish.origin, wish.destination
    return {
        **estimates.UNKNOWN,
        "status": "ordered",
        "service": str(service),
        "mode": None,
        "ordered_at": clock.now(),
        "delivery_planned": planned,
        "window_from": None,
        "window_to": None,
        "history": False,
        "company_id": None,
        "consignor_country": here.country,
        "consignor_city": here.name,
        "consignor_lat": here.lat,
        "consignor_lon": here.lon,
        "consignee_country": there.country,
        "consignee_city": there.name,
        "consignee_lat": there.lat,
        "consignee_lon": there.lon,
    }
