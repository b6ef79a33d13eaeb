"""The floor screens of shipping: cartons are scanned onto the vehicle, then it leaves."""

from flask import Blueprint, redirect, render_template, url_for
from pydantic import Field
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from portal.accounts.access import User
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.warehousing.floor import scans
from portal.warehousing.floor.commands import HOME, command
from portal.warehousing.floor.said import Answer, Said
from portal.warehousing.floor.service import reading
from portal.warehousing.outbound.floor import here
from portal.warehousing.outbound.queries import packs, walks
from portal.warehousing.outbound.rules import orders as rules
from portal.warehousing.outbound.service import loading

bp = Blueprint("ship_floor", __name__)
SCREEN = f"{HOME}/ship"
TASK = "ship"
MOST = 50  # orders that leave at once


class OfCarton(Said):
    """Which carton it is about, by the SSCC on its label."""

    sscc: str = Field(max_length=18)


@bp.get("")
def index() -> str | Response:
    """Show what is staged, and what of it is on the vehicle."""
    house = here.house()
    if house is None:
        return redirect(url_for("floor.choose"))
    on = here.connection()
    orders = walks.orders_at(house.id, rules.STAGED, on=on)
    loaded = packs.loaded_by_order([order.id for order in orders], on=on)
    return render_template(
        "warehousing/outbound/floor/ship.html",
        orders=orders,
        loaded=loaded,
        ready=[order for order in orders if _is_ready(loaded.get(order.id, (0, 0)))],
        cartons=packs.cartons_at(house.id, "staged", "loaded", on=on),
    )


def _is_ready(counts: tuple[int, int]) -> bool:
    return 0 < counts[0] == counts[1]


@bp.post("/load")
@command("outbound.load", Said)
def load(said: Said, by: User, on: Connection) -> Answer:
    """Note that the carton whose label was scanned is on the vehicle."""
    scan = scans.need(scans.parse(said.scan), "sscc")
    house = reading.warehouse_of(by, on)
    found = packs.carton_at(house, scan.sscc or "", on=on)
    order = walks.order_at(house, found.order, on=on)
    carton, left = loading.load(order, found.id, here.hand(by, said), on=on)
    say = _l("Carton %(number)s of %(ref)s is on.", number=carton.number, ref=order.ref)
    if left == 0:
        say = _l("Order %(ref)s is complete on the vehicle.", ref=order.ref)
    return Answer(say=say, next=SCREEN)


@bp.post("/unload")
@command("outbound.unload", OfCarton)
def unload(said: OfCarton, by: User, on: Connection) -> Answer:
    """Take a carton off the vehicle again."""
    house = reading.warehouse_of(by, on)
    found = packs.carton_at(house, said.sscc, on=on)
    order = walks.order_at(house, found.order, on=on)
    carton = loading.unload(order, found.id, here.hand(by, said), on=on)
    say = _l("Carton %(number)s of %(ref)s is off again.", number=carton.number, ref=order.ref)
    return Answer(say=say, cue="warn", next=SCREEN)


@bp.post("/leave")
@command("outbound.ship", Said)
def leave(said: Said, by: User, on: Connection) -> Answer:
    """Let the vehicle leave: every order that is complete on it becomes a consignment."""
    house = reading.warehouse_of(by, on)
    orders = walks.orders_at(house, rules.STAGED, on=on)
    loaded = packs.loaded_by_order([order.id for order in orders], on=on)
    counts = {order.id: loaded.get(order.id, (0, 0)) for order in orders}
    halves = [order.ref for order in orders if 0 < counts[order.id][0] < counts[order.id][1]]
    if halves:
        raise Refused(
            _l(
                "Not all of %(refs)s is on the vehicle. Scan the rest, or take it off.",
                refs=", ".join(halves),
            )
        )
    ready = sorted((o for o in orders if _is_ready(counts[o.id])), key=lambda o: int(o.id))[:MOST]
    if not ready:
        raise Refused(_l("Nothing is on the vehicle yet. Scan the cartons."))
    hand = here.hand(by, said)
    left = [loading.ship(order, hand, prefix=here.prefix(), on=on) for order in ready]
    return Answer(
        say=_l(
            "On the way: %(numbers)s.",
            numbers=", ".join(str(order.consignment_no) for order in left),
        ),
        next=SCREEN,
    )
