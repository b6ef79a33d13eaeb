"""Looking up on the floor: scan anything, see what it is, where it lies, what is promised."""

from typing import Any

from flask import render_template, request
from flask_login import current_user
from sqlalchemy import Connection

from portal.accounts.access import User
from portal.core.db import AnyRow, db
from portal.core.errors import PortalError
from portal.core.i18n import lazy as _l
from portal.core.links import with_query
from portal.warehousing.floor import scans, tasks
from portal.warehousing.floor.blueprint import bp
from portal.warehousing.floor.commands import HOME, command
from portal.warehousing.floor.queries.look import look as look_up
from portal.warehousing.floor.queries.waiting import presence_of, waiting_for
from portal.warehousing.floor.said import Answer, Said
from portal.warehousing.floor.scans import Scan
from portal.warehousing.floor.service import presence
from portal.warehousing.floor.views import here_in
from portal.warehousing.ledger.rules import STATUSES
from portal.warehousing.sites.queries import location_by_barcode, name_in, warehouses_for

LOOK = f"{HOME}/look"


@bp.post("/find")
@command("floor.find", Said)
def find(said: Said, by: User, on: Connection) -> Answer:
    """Take a scan to the page that tells what it is; a location is where one stands now."""
    scan = scans.parse(said.scan)
    row = presence.of(by.person_id, on)
    place = None
    if row is not None and row.warehouse_id is not None:
        place = location_by_barcode(scan.text, row.warehouse_id, on)
    return Answer(
        say=_l("Looked up %(code)s.", code=scan.gtin or scan.sscc or scan.text[:40]),
        next=with_query(LOOK, [("code", scan.text)]),
        location_id=place.id if place is not None else None,
    )


@bp.get("/look")
def look() -> str:
    """Show what a code is, where it lies and what of it is promised."""
    user, code = current_user._get_current_object(), request.args.get("code", "")
    here = presence_of(user.person_id)
    house = here_in(warehouses_for(user), here)
    if house is None:
        return render_template(
            "warehousing/floor/choose.html", houses=warehouses_for(user), name_in=name_in
        )
    return render_template(
        "warehousing/floor/look.html",
        house=house,
        code=code,
        name_in=name_in,
        statuses=STATUSES,
        label_of=tasks.label_of,
        **(_looked(user, house, code) if code else {}),
    )


def _looked(user: User, house: AnyRow, code: str) -> dict[str, Any]:
    try:
        scan = scans.parse(code)
    except PortalError as error:
        return {"fault": error}
    if scan.kind in ("reference", "consignment"):
        return {"scan": scan, "jobs": _jobs(user, house.id, scan)}
    return {"scan": scan, "found": look_up(scan, house.id, db.session.connection())}


def _jobs(user: User, warehouse_id: int, scan: Scan) -> list[tasks.Task]:
    """Return the open tasks that bear a reference, or belong to what bears it."""
    every = (task for queue in waiting_for(user, warehouse_id).queues for task in queue.tasks)
    return [task for task in every if task.ref.upper().startswith(scan.text)]


tasks.provide_screen("floor.look", _l("Look something up"), right="warehouse.see")
