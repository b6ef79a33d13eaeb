"""Reads of places with what lies in them."""

from portal.warehousing.layout.lying import (
    contents_of,
    filled,
    loads_of,
    occupancy_of,
    occupancy_of_zones,
)
from portal.warehousing.layout.queries.places import (
    Filter,
    all_locations_for,
    bays_for,
    count_for,
    location_for,
    locations_for,
    totals_for,
    workers_for,
)

__all__ = [
    "Filter",
    "all_locations_for",
    "bays_for",
    "contents_of",
    "count_for",
    "filled",
    "loads_of",
    "location_for",
    "locations_for",
    "occupancy_of",
    "occupancy_of_zones",
    "totals_for",
    "workers_for",
]
