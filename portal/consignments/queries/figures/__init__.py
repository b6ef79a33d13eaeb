"""Figures, read from the counters that whoever changes a consignment keeps."""

from portal.consignments.queries.figures.cube import (
    Cube,
    Figure,
    Wanted,
    by_country_for,
    by_month_for,
    by_volume,
    cube_for,
    total_for,
)
from portal.consignments.queries.figures.incidents import (
    Trouble,
    incidents_by_month_for,
    incidents_for,
)
from portal.consignments.queries.figures.lanes import Lane, lanes_for, lanes_public
from portal.consignments.queries.figures.public import cube_public
from portal.consignments.queries.figures.under_way import Age, ages_for

__all__ = [
    "Age",
    "Cube",
    "Figure",
    "Lane",
    "Trouble",
    "Wanted",
    "ages_for",
    "by_country_for",
    "by_month_for",
    "by_volume",
    "cube_for",
    "cube_public",
    "incidents_by_month_for",
    "incidents_for",
    "lanes_for",
    "lanes_public",
    "total_for",
]
