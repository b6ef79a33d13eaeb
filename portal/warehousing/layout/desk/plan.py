"""The floor plan: how full every bay is, and what lies in the one that was chosen."""

from typing import Any

from flask import render_template, request

from portal.core.db import AnyRow
from portal.warehousing.layout import drawing, queries
from portal.warehousing.layout.desk.blueprint import asker, bp, warehouse_at
from portal.warehousing.layout.desk.locations import words
from portal.warehousing.layout.drawing import Bay
from portal.warehousing.layout.queries import Filter
from portal.warehousing.sites import queries as sites

MOST = 200  # locations above each other that are shown


@bp.get("/<code>/plan")
def plan(code: str) -> str:
    """Draw the floor; ``?at=x,y`` chooses a bay, ``?zone=`` lists the bays of a zone."""
    warehouse = warehouse_at(code)
    zones = sites.zones_of(warehouse.id)
    names = {zone.id: sites.name_in(zone.names) for zone in zones}
    bays = queries.bays_for(asker(), warehouse)
    drawn = drawing.drawn(zones, names, bays)
    listed = next((zone for zone in zones if zone.code == request.args.get("zone")), None)
    return render_template(
        "warehousing/layout/plan.html",
        plan=drawn,
        zones=zones,
        filled=queries.occupancy_of_zones(warehouse.id),
        fillings=drawing.FILLINGS,
        listed=listed,
        rows=[drawing.bay_of(row) for row in bays if listed and row.zone_id == listed.id],
        **_chosen(warehouse, drawn.bays),
        **words(warehouse),
    )


def _chosen(warehouse: AnyRow, bays: Any) -> dict[str, Any]:
    """Return the bay that was chosen with its locations and what lies in them."""
    at = request.args.get("at")
    bay: Bay | None = next((each for each in bays if each.at == at), None)
    if bay is None:
        return {"bay": None}
    asked = Filter(bay=(bay.x, bay.y))
    rows = queries.all_locations_for(asker(), warehouse, asked, most=MOST)
    ids = [row.id for row in rows]
    lying: dict[int, list[AnyRow]] = {}
    for each in queries.contents_of(ids):
        lying.setdefault(each.location_id, []).append(each)
    return {
        "bay": bay,
        "places": sorted(rows, key=lambda row: -row.level),
        "loads": queries.occupancy_of(ids),
        "lying": lying,
    }
