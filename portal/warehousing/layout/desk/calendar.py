"""The calendar of docks: who comes when to which, moved and cancelled."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import format_date
from werkzeug.wrappers import Response

from portal.core import clock, working
from portal.core.db import AnyRow
from portal.core.errors import PortalError, Refused
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy as _l
from portal.warehousing.layout.desk.blueprint import (
    NoHouse,
    asker,
    houses,
    refusal_of,
    to_the_places,
)
from portal.warehousing.sites import queries as sites
from portal.warehousing.sites.rules import DOCK_KINDS
from portal.warehousing.sites.service import docks
from portal.warehousing.sites.service.slots import slots_of
from portal.warehousing.sites.shown import slots_for_form

bp = Blueprint("docks_desk", __name__)
bp.register_error_handler(NoHouse, to_the_places)
VIEWS = ("day", "week")
#: Documents that begin like this take goods out; all others bring them.
_OUT = ("OUT", "W-")


@bp.get("")
def index() -> str:
    """Show a day, or the seven days from it, with the docks as columns."""
    return render_template("warehousing/layout/calendar.html", **_calendar(houses()))


@bp.get("/list")
def rows() -> str:
    """Return the calendar anew, for pages that follow it."""
    return render_template("warehousing/layout/_calendar.html", **_calendar(houses()))


def _calendar(warehouses: Sequence[AnyRow]) -> dict[str, Any]:
    wanted = request.args.get("warehouse") or warehouses[0].code
    warehouse = sites.warehouse_for(asker(), wanted)
    view = request.args.get("view", "day")
    view = view if view in VIEWS else "day"
    on = _day(request.args.get("on"))
    days = [on + timedelta(days=n) for n in range(7 if view == "week" else 1)]
    places = [row for row in sites.docks_of(warehouse.id) if row.active]
    step = timedelta(days=len(days))
    kept = {"warehouse": warehouse.code, "view": view}
    return {
        "warehouse": warehouse,
        "warehouses": [(row.code, f"{row.code} {sites.name_in(row.names)}") for row in warehouses],
        "view": view,
        "on": on,
        "docks": places,
        "days": _days(warehouse, places, days),
        "kinds": DOCK_KINDS,
        "present": clock.now(),
        "weekday": weekday,
        "before": url_for(".index", **kept, on=(on - step).isoformat()),
        "after": url_for(".index", **kept, on=(on + step).isoformat()),
        "today": url_for(".index", **kept),
        "views": {each: url_for(".index", **(kept | {"view": each}), on=on) for each in VIEWS},
        "fragment": url_for(".rows", **kept, on=on.isoformat()),
    }


def _day(text: str | None) -> date:
    """Return the day that is asked for; today, or the next that is worked, for what is none."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        day = date.min
    if 2000 < day.year < 9000:
        return day
    return working.hours().next_open(clock.now()).astimezone(clock.zone()).date()


def weekday(day: date) -> str:
    """Return what a day of the week is called in the language that is spoken."""
    return str(format_date(day, "EEEE"))


def _days(warehouse: AnyRow, places: Sequence[AnyRow], days: Sequence[date]) -> list[Any]:
    """Return (day, [(start, end, {dock → booking, True where free, None})]) of each day."""
    hours = working.hours()
    begin, end = (_midnight(days[0]), _midnight(days[-1] + timedelta(days=1)))
    booked = sites.booked_between(warehouse.id, begin, end)
    grids = [_Dock(row.id, row.code, warehouse.slot_minutes) for row in places]
    found = []
    for day in days:
        spans = {(s.starts_at, s.ends_at) for s in slots_of(grids, day, hours)}
        here = [row for row in booked if row.starts_at.astimezone(clock.zone()).date() == day]
        spans |= {(row.starts_at, row.ends_at) for row in here}
        found.append((day, [_row(begin, end, here, grids) for begin, end in sorted(spans)]))
    return found


class _Dock:
    """A dock as the grid of slots wants it."""

    def __init__(self, id_: int, code: str, slot_minutes: int) -> None:
        self.id, self.code, self.slot_minutes = id_, code, slot_minutes


def _row(begin: datetime, end: datetime, booked: Sequence[AnyRow], grids: Sequence[_Dock]) -> Any:
    """Return one line of the calendar: what each dock has in it from ``begin`` on."""
    cells: dict[str, Any] = {}
    for dock in grids:
        mine = [row for row in booked if row.dock_id == dock.id]
        starting = next((row for row in mine if row.starts_at == begin), None)
        busy = any(row.starts_at < end and row.ends_at > begin for row in mine)
        cells[dock.code] = starting or (None if busy or begin <= clock.now() else True)
    return begin, end, cells


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.zone())


def kind_of(about: str) -> str:
    """Return whether a document brings goods (in) or takes them (out)."""
    return "out" if about.startswith(_OUT) else "in"


@bp.route("/<int:booking>/move", methods=["GET", "POST"])
def move(booking: int) -> Response | str | tuple[str, int]:
    """Give a document another slot."""
    row = sites.booking_for(asker(), booking)
    refusal: PortalError | None = None
    chosen = request.form.get("slot", "")
    if request.method == "POST":
        refusal = _moved(row, chosen)
        if refusal is None:
            flash(_("%(document)s has another slot.", document=row.about), "good")
            return redirect(_back(row))
    errors = [] if refusal is None else [refusal]
    page = render_template(
        "warehousing/layout/move_slot.html",
        row=row,
        back=_back(row),
        slots=slots_for_form(row.warehouse_id, kind_of(row.about), chosen=chosen, errors=errors),
    )
    return (page, 422) if refusal else page


def _moved(row: AnyRow, chosen: str) -> PortalError | None:
    if not chosen:
        return Refused(_l("Choose a slot."))
    by, kind = asker().person_id, kind_of(row.about)
    keeper = docks.keeper_of(row.about)
    if keeper is not None:
        return refusal_of(lambda on: keeper.move(row.about, chosen, by=by, on=on))
    return refusal_of(lambda on: docks.retake(row.id, kind, chosen, row.company_id, by=by, on=on))


def _back(row: AnyRow) -> str:
    warehouse = sites.warehouse_of(row.warehouse_id)
    on = row.starts_at.astimezone(clock.zone()).date().isoformat()
    return url_for(".index", warehouse=warehouse.code, on=on)


@bp.post("/<int:booking>/cancel")
def cancel(booking: int) -> Response:
    """Give a slot back."""
    row = sites.booking_for(asker(), booking)
    by, keeper = asker().person_id, docks.keeper_of(row.about)
    refusal = refusal_of(
        (lambda on: keeper.cancel(row.about, by=by, on=on))
        if keeper is not None
        else lambda on: docks.cancel(row.id, row.company_id, by=by, on=on)
    )
    said = _("The slot of %(document)s is free again.", document=row.about)
    flash(str(refusal or said), "bad" if refusal else "good")
    return redirect(_back(row))
