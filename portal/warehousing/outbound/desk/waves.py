"""Waves: what is proposed, those that are planned or on the floor, one of them."""

from typing import Any

from flask import Response, render_template, request

from portal.core import clock, pagination
from portal.core.i18n import gettext as _
from portal.core.i18n import pgettext
from portal.warehousing.outbound.desk.blueprint import waves_bp
from portal.warehousing.outbound.queries import waves as queries
from portal.warehousing.outbound.rules import waves as rules
from portal.warehousing.outbound.shown import pick_list, words
from portal.warehousing.outbound.shown.entering import asker
from portal.warehousing.outbound.shown.links import address
from portal.warehousing.sites import queries as sites

USUAL = 20  # waves on a page
TABS = {
    "open": (rules.PLANNED, rules.RELEASED),
    "planned": (rules.PLANNED,),
    "released": (rules.RELEASED,),
    "done": (rules.DONE, rules.GIVEN_UP),
}


@waves_bp.get("")
def index() -> str:
    """Show proposals for one warehouse, and its waves."""
    return render_template("warehousing/outbound/desk/waves.html", **_overview())


@waves_bp.get("/list")
def overview() -> str:
    """Return proposals and waves anew, for pages that follow the warehouse."""
    return render_template("warehousing/outbound/desk/_waves.html", **_overview())


def _overview() -> dict[str, Any]:
    user = asker()
    houses = sites.warehouses_for(user)
    code, tab = request.args.get("warehouse", ""), request.args.get("tab", "open")
    house = next((each for each in houses if each.code == code), houses[0] if houses else None)
    ready = queries.ready_in(user, house.id) if house else []
    page = queries.waves_for(
        user,
        statuses=TABS.get(tab, ()),
        warehouse_id=house.id if house else None,
        after=request.args.get("after"),
        limit=pagination.limit(request.args.get("limit", str(USUAL))),
    )
    kept = {"warehouse": house.code} if house else {}
    return {
        "house": house,
        "house_options": words.house_options(houses),
        "proposals": rules.propose(ready),
        "ready": len(ready),
        "page": page,
        "older": page.next and address(".index", kept, tab=tab, after=page.next),
        "tabs": _tabs(tab, kept),
        "fragment": address(".overview", request.args.to_dict()),
        "present": clock.now(),
        "words": words,
        **words.TABLES,
    }


def _tabs(tab: str, kept: dict[str, str]) -> list[tuple[Any, ...]]:
    named = {
        "open": _("Under way"),
        "planned": pgettext("wave", "Planned"),
        "released": _("On the floor"),
        "done": _("Ended"),
    }
    return [
        (text, address(".index", kept, tab=name), name == tab, None) for name, text in named.items()
    ]


@waves_bp.get("/<ref>")
def detail(ref: str) -> str:
    """Show one wave: its orders, and the list by which it is picked."""
    return render_template("warehousing/outbound/desk/wave.html", **_wave(ref))


@waves_bp.get("/<ref>/live")
def live(ref: str) -> str:
    """Show what of the page changes, for pages that follow the warehouse."""
    return render_template("warehousing/outbound/desk/_wave.html", **_wave(ref))


def _wave(ref: str) -> dict[str, Any]:
    user = asker()
    wave = queries.wave_for(user, ref)
    stops = queries.stops_of(wave.id)
    return {
        "wave": wave,
        "orders": queries.orders_of(user, wave.id),
        "batch": pick_list.batch(stops),
        "by_order": pick_list.by_order(stops),
        "present": clock.now(),
        "words": words,
        **words.TABLES,
    }


@waves_bp.get("/<ref>/pick-list.pdf")
def paper(ref: str) -> Response:
    """Print the list by which a wave is picked: order by order, or all at once."""
    wave = queries.wave_for(asker(), ref)
    method = request.args.get("method", wave.method)
    stops = queries.stops_of(wave.id)
    data = pick_list.pdf(wave, stops, "batch" if method == "batch" else "order")
    name = f"{wave.ref}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"}
    return Response(data, mimetype="application/pdf", headers=headers)
