"""The desk's pages of warehouses: places, the floor plan, labels, docks and their calendar."""

from portal.warehousing.layout.desk import (
    calendar,
    docks,
    labels,
    locations,
    plan,
    warehouses,
    zones,
)
from portal.warehousing.layout.desk.blueprint import bp

calendar_bp = calendar.bp

__all__ = [
    "bp",
    "calendar",
    "calendar_bp",
    "docks",
    "labels",
    "locations",
    "plan",
    "warehouses",
    "zones",
]
