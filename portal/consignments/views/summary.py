"""What an order comes to while it is being typed: pieces, weight, promise, with the arithmetic."""

from dataclasses import dataclass
from datetime import datetime

from portal.consignments.forms.order import SERVICE_NAMES, OrderForm
from portal.consignments.rules import promise
from portal.consignments.rules.promise import DAYS, DAYS_ABROAD, Service
from portal.core import clock


@dataclass(frozen=True)
class Summary:
    """Totals in grams; ``volume_mm3`` is 0 where no lengths are known."""

    pieces: int
    gross_g: int
    volume_mm3: int
    unweighed: int  # pieces without a weight
    chargeable_g: int | None
    pickup: datetime
    delivery: datetime | None

    @property
    def volumetric_g(self) -> int:
        """What the volume counts in weight, alone."""
        return promise.chargeable_weight_g(None, self.volume_mm3) or 0

    @property
    def volume_dm3(self) -> float:
        """The volume in litres."""
        return self.volume_mm3 / 1_000_000


def summary(form: OrderForm) -> Summary:
    """Return what can be said of a form already; what cannot be read counts nothing."""
    units = form.units()
    gross = sum(unit.weight_g or 0 for unit in units)
    volume = sum(unit.volume_mm3() for unit in units)
    return Summary(
        pieces=len(units),
        gross_g=gross,
        volume_mm3=volume,
        unweighed=sum(unit.weight_g is None for unit in units),
        chargeable_g=promise.chargeable_weight_g(gross, volume),
        pickup=promise.planned_pickup(clock.now()),
        delivery=_delivery(form, str(form.service.data)),
    )


@dataclass(frozen=True)
class Offer:
    """One service with the time that it promises for this order."""

    code: str
    name: str
    days: int
    until: datetime | None


def offers(form: OrderForm) -> list[Offer]:
    """Return the services to choose from; a window of the shipper's own is the promise."""
    return [
        Offer(
            str(service),
            str(name),
            DAYS[service] + (DAYS_ABROAD if _is_abroad(form) else 0),
            _delivery(form, str(service)),
        )
        for service, name in SERVICE_NAMES.items()
    ]


def _is_abroad(form: OrderForm) -> bool:
    return promise.is_abroad(form.consignee.form.country.data)


def _delivery(form: OrderForm, service: str) -> datetime | None:
    if service not in list(Service):
        return None
    window = form.window_to
    until = window.instant if window.instant and window.instant > clock.now() else None
    return promise.planned_delivery(
        service, clock.now(), clock.zone(), abroad=_is_abroad(form), until=until
    )
