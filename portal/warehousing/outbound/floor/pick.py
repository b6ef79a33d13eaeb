"""The floor screens of picking: begin a walk, then location, goods, quantity, stop by stop."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from pydantic import Field
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from portal.accounts.access import User
from portal.core import clock
from portal.core.db import AnyRow
from portal.core.errors import NotFound, Refused
from portal.core.i18n import lazy as _l
from portal.core.links import with_query
from portal.core.numbers import row_id
from portal.core.quantities import NOTHING, written
from portal.core.quantities import read as read_quantity
from portal.warehousing.floor import scans
from portal.warehousing.floor.commands import HOME, command
from portal.warehousing.floor.said import Answer, Id, Said
from portal.warehousing.floor.scans import Scan
from portal.warehousing.floor.service import assignments, reading
from portal.warehousing.goods.rules import unit_text
from portal.warehousing.outbound.floor import here
from portal.warehousing.outbound.queries import walks
from portal.warehousing.outbound.queries.walks import Walk
from portal.warehousing.outbound.rules import orders as rules
from portal.warehousing.outbound.rules.picking import Stop
from portal.warehousing.outbound.service import picking
from portal.warehousing.outbound.service.picking import Picked

bp = Blueprint("pick_floor", __name__)
SCREEN = f"{HOME}/pick"
TASK = "pick"


class ToBegin(Said):
    """References of what is to be picked: an order, or a wave; the scan is the staging place."""

    order: str = Field(default="", max_length=20)
    wave: str = Field(default="", max_length=24)


class Seen(Said):
    """A scan at a stop: whether the location was right, and how many were scanned."""

    stop: Id
    located: str = Field(default="", max_length=1)
    counted: str = Field(default="", max_length=20)


class Taken(Seen):
    """How many were taken at a stop."""

    quantity: str = Field(max_length=20)


@bp.get("")
def index() -> str | Response:
    """Show what waits to be picked, and the walks that go on."""
    house = here.house()
    if house is None:
        return redirect(url_for("floor.choose"))
    on = here.connection()
    waiting = walks.orders_at(house.id, rules.RELEASED, on=on)
    return render_template(
        "warehousing/outbound/floor/pick_index.html",
        orders=[order for order in waiting if order.method != "batch"],
        batches=_batches(waiting),
        walks=walks.open_walks(house.id, on=on),
        me=here.user().person_id,
    )


def _batches(orders: Iterable[AnyRow]) -> list[tuple[str, list[AnyRow]]]:
    """Return the waves that are picked as a batch, with their orders."""
    found: dict[str, list[AnyRow]] = {}
    for order in orders:
        if order.method == "batch":
            found.setdefault(order.wave, []).append(order)
    return list(found.items())


@bp.get("/begin")
def ready() -> str | Response:
    """Ask where the goods of an order, or of a wave, are laid down."""
    house = here.house()
    if house is None:
        return redirect(url_for("floor.choose"))
    asked = {name: request.args.get(name, "")[:24] for name in ("order", "wave")}
    orders = _asked(house.id, asked["order"], asked["wave"], here.connection())
    return render_template("warehousing/outbound/floor/pick_begin.html", orders=orders, asked=asked)


def _asked(warehouse_id: int, order: str, wave: str, on: Connection) -> Sequence[AnyRow]:
    if order:
        return [walks.order_at(warehouse_id, order, on=on)]
    found = walks.wave_orders(warehouse_id, wave, on=on)
    if not found:
        raise NotFound(_l("Nothing of this wave waits to be picked here."))
    return found[: picking.MOST_ORDERS]


@bp.post("/begin")
@command("outbound.begin", ToBegin)
def begin(said: ToBegin, by: User, on: Connection) -> Answer:
    """Begin a walk: from now on the goods go to the staging place that was scanned."""
    orders = _asked(reading.warehouse_of(by, on), said.order, said.wave, on)
    stage = reading.location_of(said.scan, by, on)
    for ref in (said.order or said.wave, *walks.walks_of(orders, on=on)):
        assignments.take(TASK, ref, by, on=on)  # refused while somebody else is at it
        assignments.let_go(TASK, ref, on=on)
    walk = picking.begin(orders, stage.id, here.hand(by, said), on=on)
    return Answer(
        say=_l("Lay it down at %(code)s. Here is your way.", code=stage.code),
        next=f"{SCREEN}/{walk}",
        task=(TASK, walk),
        location_id=stage.id,
    )


@bp.get("/<walk>")
def walk(walk: str) -> str | Response:
    """Show the stop that comes next: where to, what, how many."""
    house = here.house()
    if house is None:
        return redirect(url_for("floor.choose"))
    found = walks.walk_at(house.id, walk, on=here.connection())
    stop = found.stop(request.args.get("stop", type=row_id))
    is_asked = stop is not None and str(stop.first.balance_id) == request.args.get("stop")
    return render_template(
        "warehousing/outbound/floor/pick.html",
        walk=found,
        stop=stop,
        located="1" if is_asked and request.args.get("located") == "1" else "",
        counted=_counted(request.args.get("counted", "")) if is_asked else NOTHING,
        after=_after(found, stop),
        name_of=here.name_of,
        unit_text=unit_text,
        written=written,
    )


def _counted(text: str) -> Decimal:
    try:
        return max(read_quantity(text), NOTHING)
    except ValueError:
        return NOTHING


def _after(walk: Walk, stop: Stop | None) -> Stop | None:
    """Return the stop behind this one, to be kept for when the network is away."""
    others = [each for each in walk.stops if stop is None or each is not stop]
    return others[0] if others else None


def _at(walk: str, stop: Stop, **state: Any) -> str:
    asked = {"stop": stop.first.balance_id, **state}
    return with_query(f"{SCREEN}/{walk}", [(name, str(value)) for name, value in asked.items()])


@bp.post("/<walk>/scan")
@command("outbound.pick_scan", Seen)
def scan(said: Seen, by: User, on: Connection, walk: str) -> Answer:
    """Take a scan at a stop: first the location, then the goods, each as often as one likes."""
    stop = stop_of(walk, said.stop, by, on)
    if said.located != "1":
        return _at_location(walk, stop, said, by, on)
    seen = scans.need(scans.parse(said.scan), "goods")
    counted = _counted(said.counted) + _goods(stop, seen, on)
    if counted > stop.quantity:
        raise Refused(
            _l(
                "Only %(wanted)s are wanted here; that makes %(counted)s. Put the rest back.",
                wanted=written(stop.quantity),
                counted=written(counted),
            )
        )
    if counted == stop.quantity:
        return _take(walk, stop, counted, said, by, on)
    return Answer(
        say=_l("%(sku)s is right. Take %(wanted)s.", sku=stop.first.sku, wanted=_wanted(stop)),
        next=_at(walk, stop, located=1, counted=written(counted)),
        task=(TASK, walk),
    )


def _wanted(stop: Stop) -> str:
    return written(stop.quantity)


def stop_of(walk: str, balance_id: int, by: User, on: Connection) -> Stop:
    """Return a stop that is still open; raises Refused for one that is done with."""
    found = walks.walk_at(reading.warehouse_of(by, on), walk, on=on)
    for stop in found.stops:
        if stop.first.balance_id == balance_id:
            return stop
    raise Refused(_l("Nothing is to be picked here any more. It has been picked already."))


def _at_location(walk: str, stop: Stop, said: Seen, by: User, on: Connection) -> Answer:
    location = reading.location_of(said.scan, by, on)
    if location.id != stop.first.location_id:
        raise Refused(
            _l(
                "Location %(code)s is not right. Go to %(right)s.",
                code=location.code,
                right=stop.first.location,
            )
        )
    return Answer(
        say=_l("Location %(code)s is right. Now the goods.", code=location.code),
        next=_at(walk, stop, located=1),
        task=(TASK, walk),
        location_id=location.id,
    )


def _goods(stop: Stop, seen: Scan, on: Connection) -> Decimal:
    """Return how many base units were scanned; raises Refused for other goods or another lot."""
    wanted = stop.first
    if seen.text == wanted.lot and wanted.lot:  # a serial number, or the lot on a shelf label
        _check_date(wanted)
        return Decimal(1)
    found = here.goods_in(wanted, seen, on)
    if found.sku.id != wanted.sku_id:
        raise Refused(
            _l(
                "That is %(found)s. Take %(wanted)s.",
                found=found.sku.code,
                wanted=wanted.sku,
            )
        )
    said = seen.serial or seen.lot
    if said is not None and wanted.lot and said != wanted.lot:
        raise Refused(
            _l("Lot %(found)s is not right. Take lot %(lot)s.", found=said, lot=wanted.lot)
        )
    _check_date(wanted)
    return here.count_of(seen, found.holds)


def _check_date(wanted: Any) -> None:
    today = clock.now().astimezone(clock.zone()).date()
    if wanted.expires_on is not None and wanted.expires_on < today:
        raise Refused(_l("This lot is past its date. Report it as damaged; others are sent."))


def _take(walk: str, stop: Stop, quantity: Decimal, said: Said, by: User, on: Connection) -> Answer:
    home = stop.first.location_id
    done = picking.take(walk, stop.first.balance_id, quantity, here.hand(by, said), on=on)
    ended = sorted({each.order.ref for each in done if each.order.status != rules.PICKING})
    say = _l("%(count)s × %(sku)s picked.", count=written(quantity), sku=stop.first.sku)
    if ended:
        say = _l("That was the last of %(refs)s.", refs=", ".join(ended))
    return Answer(
        say=say,
        next=f"{SCREEN}/{walk}",
        undo={"walk": walk, "home": home, "parts": [_part(each) for each in done]},
        task=(TASK, walk),
        done=is_over(walk, by, on),
        location_id=home,
    )


def _part(each: Picked) -> list[Any]:
    order = each.order
    return [order.id, order.company_id, each.allocation, written(each.quantity)]


def is_over(walk: str, by: User, on: Connection) -> bool:
    """Return whether nothing is left to be picked on a walk."""
    return not walks.walk_at(reading.warehouse_of(by, on), walk, on=on).stops


def _undo(given: Mapping[str, Any], by: User, on: Connection) -> Answer:
    """Put what was picked last back to where it was, still promised to its orders."""
    hand = here.Hand(by.person_id)
    for order_id, company_id, allocation, quantity in given["parts"]:
        order = picking.states.locked(order_id, company_id, on=on)
        picking.put_back(order, allocation, given["home"], Decimal(quantity), hand=hand, on=on)
    return Answer(say=_l("Taken back. Put it where it was."), next=f"{SCREEN}/{given['walk']}")


@bp.post("/<walk>/take")
@command("outbound.pick", Taken, undo=_undo)
def take(said: Taken, by: User, on: Connection, walk: str) -> Answer:
    """Take so many at a stop whose location and goods were scanned."""
    stop = stop_of(walk, said.stop, by, on)
    if said.located != "1" or _counted(said.counted) <= 0:
        raise Refused(_l("Scan the location first, then the goods."))
    sku = here.ByUnit(stop.first.unit)
    return _take(walk, stop, reading.quantity_of(said.quantity, sku), said, by, on)
