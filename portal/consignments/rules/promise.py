"""What we promise and how we measure: planned times, chargeable weight, on time or late."""

from datetime import datetime, time, timedelta
from enum import StrEnum
from math import ceil
from zoneinfo import ZoneInfo


class Service(StrEnum):
    """The services a shipper can order."""

    STANDARD = "standard"
    EXPRESS = "express"
    COLD = "cold"


#: Days from the order to delivery, by service. Source: docs/services.md.
DAYS = {Service.EXPRESS: 1, Service.COLD: 2, Service.STANDARD: 3}
HOME_COUNTRY = "CN"  # where the centre stands
DAYS_ABROAD = 10  # added for a consignee outside the centre's country
EVENING = time(18, 0)  # a promised day ends when the last round is back
PICKUP_WITHIN = timedelta(hours=4)
#: cm³ that count as one kilogram. Source: IATA TACT rules 3.9, usual in express traffic.
VOLUMETRIC_DIVISOR = 6000


def is_abroad(country: str | None) -> bool:
    """Return whether goods for ``country`` leave the centre's own; an unknown one is not."""
    return (country or HOME_COUNTRY) != HOME_COUNTRY


def planned_delivery(
    service: str, ordered_at: datetime, zone: ZoneInfo, *, abroad: bool, until: datetime | None
) -> datetime:
    """Return until when delivery is promised: the asked window's end, else by service."""
    if until is not None:
        return until
    days = DAYS[Service(service)] + (DAYS_ABROAD if abroad else 0)
    day = ordered_at.astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(day, EVENING, zone)


def planned_pickup(ordered_at: datetime) -> datetime:
    """Return until when pick-up is promised."""
    return ordered_at + PICKUP_WITHIN


def chargeable_weight_g(gross_weight_g: int | None, volume_mm3: int | None) -> int | None:
    """Return the larger of weight and volumetric weight, in grams; None if neither is known."""
    volumetric = ceil((volume_mm3 or 0) / VOLUMETRIC_DIVISOR)  # mm³/6000 = g of cm³/6000 kg
    return max(gross_weight_g or 0, volumetric) or None


def is_on_time(actual: datetime | None, planned: datetime | None) -> bool | None:
    """Return whether it was kept; None where there is nothing to compare."""
    if actual is None or planned is None:
        return None
    return actual <= planned


def minutes_late(planned: datetime | None, expected: datetime | None) -> int | None:
    """Return by how many minutes ``expected`` lies after ``planned`` (negative: before)."""
    if planned is None or expected is None:
        return None
    return round((expected - planned).total_seconds() / 60)
