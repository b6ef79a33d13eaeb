"""The floor screens of packing: choose a carton, fill it, weigh it, label it, stage it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from pydantic import Field
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from portal.accounts.access import User
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.core.links import with_query
from portal.core.numbers import row_id
from portal.core.quantities import NOTHING, written
from portal.warehousing.floor import scans
from portal.warehousing.floor.commands import HOME, command
from portal.warehousing.floor.said import Answer, Id, Said
from portal.warehousing.floor.service import reading
from portal.warehousing.goods.rules import unit_text
from portal.warehousing.outbound.floor import here
from portal.warehousing.outbound.queries import packs, walks
from portal.warehousing.outbound.queries.packs import Box
from portal.warehousing.outbound.rules import cartons as rules
from portal.warehousing.outbound.rules import orders as order_rules
from portal.warehousing.outbound.rules.cartons import Item
from portal.warehousing.outbound.service import cartons, packing
from portal.warehousing.sites.queries import name_in

bp = Blueprint("pack_floor", __name__)
SCREEN = f"{HOME}/pack"
TASK = "pack"
OWN_PACKING = "own"


class Kind(Said):
    """Which kind of carton is begun: its id, or ``own`` for goods in their own packing."""

    kind: str = Field(max_length=20)


class OfCarton(Said):
    """Which carton of the order it is about."""

    carton: Id


class Filling(OfCarton):
    """How many of which goods go in, or come out."""

    sku_id: Id
    quantity: str = Field(max_length=20)


@bp.get("")
def index() -> str | Response:
    """Show the orders that wait to be packed, and those that wait to be staged."""
    house = here.house()
    if house is None:
        return redirect(url_for("floor.choose"))
    on = here.connection()
    orders = walks.orders_at(house.id, order_rules.CHECKED, order_rules.PACKED, on=on)
    return render_template("warehousing/outbound/floor/pack_index.html", orders=orders)


@bp.get("/<ref>")
def show(ref: str) -> str | Response:
    """Show the carton that is being packed; without one, which to begin."""
    house = here.house()
    if house is None:
        return redirect(url_for("floor.choose"))
    on = here.connection()
    order = walks.order_at(house.id, ref, on=on)
    lines, boxes = packs.lines_of(order, on=on), packs.boxes_of(order, on=on)
    current = next((box for box in boxes if box.row.status == "open"), None)
    kinds = packs.kinds(on=on)
    left = [line for line in lines if line.packed < line.picked]
    return render_template(
        "warehousing/outbound/floor/pack.html",
        order=order,
        boxes=boxes,
        current=current,
        left=left,
        picked=sum((line.picked for line in lines), NOTHING),
        packed=sum((line.packed for line in lines), NOTHING),
        kinds=kinds,
        plan=rules.plan([cartons.box_of(kind) for kind in kinds], _items(left)),
        expected=_expected(current, kinds),
        goods=_chosen(left),
        statuses=rules.STATUSES,
        may_accept=here.user().may("warehouse.supervise"),
        name_of=here.name_of,
        name_in=name_in,
        unit_text=unit_text,
        written=written,
    )


def _items(left: Sequence[Any]) -> list[Item]:
    return [_item(line, line.picked - line.packed) for line in left]


def _item(row: Any, quantity: Decimal) -> Item:
    sides = (row.length_mm, row.width_mm, row.height_mm)
    known = None if None in sides else sides
    return Item(key=row.sku_id, quantity=quantity, weight_g=row.weight_g, sides=known)


def _expected(current: Box | None, kinds: Sequence[Any]) -> int | None:
    if current is None:
        return None
    tare = next((kind.tare_g for kind in kinds if kind.id == current.row.type_id), 0)
    return rules.expected_g(tare, [_item(each, each.quantity) for each in current.contents])


def _chosen(left: Sequence[Any]) -> dict[str, Any] | None:
    """Return the goods that were scanned just now, and how many of them are left."""
    sku_id = request.args.get("goods", type=row_id)
    mine = [line for line in left if line.sku_id == sku_id]
    if not mine:
        return None
    open_ = sum((line.picked - line.packed for line in mine), NOTHING)
    return {"line": mine[0], "left": open_}


def order_at(ref: str, by: User, on: Connection) -> Any:
    """Return an order in the warehouse of ``by``; raises NotFound for another's."""
    return walks.order_at(reading.warehouse_of(by, on), ref, on=on)


@bp.post("/<ref>/begin")
@command("outbound.carton", Kind)
def begin(said: Kind, by: User, on: Connection, ref: str) -> Answer:
    """Begin a carton of the kind that was chosen."""
    kind = None if said.kind == OWN_PACKING else _number(said.kind)
    made = packing.begin(
        order_at(ref, by, on), kind, here.hand(by, said), prefix=here.prefix(), on=on
    )
    return Answer(
        say=_l("Carton %(number)s. Scan what goes in.", number=made.number),
        next=f"{SCREEN}/{ref}",
        task=(TASK, ref),
    )


def _number(text: str) -> int:
    try:
        return row_id(text)
    except ValueError:
        raise Refused(_l("Choose a kind of carton.")) from None


@bp.post("/<ref>/scan")
@command("outbound.pack_scan", OfCarton)
def scan(said: OfCarton, by: User, on: Connection, ref: str) -> Answer:
    """Take goods that were scanned: put them in, or ask how many they are."""
    order = order_at(ref, by, on)
    seen = scans.need(scans.parse(said.scan), "goods")
    found = here.goods_in(order, seen, on)
    lines = [line for line in packs.lines_of(order, on=on) if line.sku_id == found.sku.id]
    open_ = sum((line.picked - line.packed for line in lines), NOTHING)
    one = here.count_of(seen, found.holds)
    if not lines or open_ <= one or seen.quantity:
        return _put(order, said.carton, found.sku, one, said, by, on)
    return Answer(
        say=_l("%(sku)s: how many go in?", sku=found.sku.code),
        next=with_query(f"{SCREEN}/{ref}", [("goods", str(found.sku.id))]),
        task=(TASK, ref),
    )


def _put(
    order: Any, carton: int, sku: Any, quantity: Decimal, said: Said, by: User, on: Connection
) -> Answer:
    packing.put_in(order, carton, sku.id, quantity, hand=here.hand(by, said), on=on)
    return Answer(
        say=_l("%(count)s × %(sku)s are in.", count=written(quantity), sku=sku.code),
        next=f"{SCREEN}/{order.ref}",
        task=(TASK, order.ref),
        undo={
            "order": [order.id, order.company_id],
            "ref": order.ref,
            "carton": carton,
            "goods": [[sku.id, written(quantity)]],
        },
    )


def _undo(given: Any, by: User, on: Connection) -> Answer:
    """Take out again what was put in last."""
    order = packing.states.locked(*given["order"], on=on)
    hand = here.Hand(by.person_id)
    for sku_id, quantity in given["goods"]:
        packing.take_out(order, given["carton"], sku_id, Decimal(quantity), hand=hand, on=on)
    return Answer(say=_l("Taken out again."), next=f"{SCREEN}/{given['ref']}")


@bp.post("/<ref>/put")
@command("outbound.pack", Filling, undo=_undo)
def put(said: Filling, by: User, on: Connection, ref: str) -> Answer:
    """Put so many of the goods that were scanned into the carton."""
    order = order_at(ref, by, on)
    line = _line(order, said.sku_id, on)
    quantity = reading.quantity_of(said.quantity, line)
    return _put(order, said.carton, _Goods(line.sku_id, line.sku), quantity, said, by, on)


class _Goods:
    """Goods by id and code."""

    def __init__(self, id_: int, code: str) -> None:
        self.id, self.code = id_, code


def _line(order: Any, sku_id: int, on: Connection) -> Any:
    for line in packs.lines_of(order, on=on):
        if line.sku_id == sku_id:
            return line
    raise Refused(_l("These goods are not in this order. Put them back."))


@bp.post("/<ref>/fill")
@command("outbound.pack_fill", OfCarton, undo=_undo)
def fill(said: OfCarton, by: User, on: Connection, ref: str) -> Answer:
    """Put into the carton all that is proposed for it."""
    order = order_at(ref, by, on)
    left = [line for line in packs.lines_of(order, on=on) if line.packed < line.picked]
    carton = cartons.get(order, said.carton, on=on)
    items = _proposed(carton, _items(left), on)
    for item in items:
        packing.put_in(order, carton.id, item.key, item.quantity, hand=here.hand(by, said), on=on)
    return Answer(
        say=_l("All of it is in carton %(number)s. Weigh it.", number=carton.number),
        next=f"{SCREEN}/{ref}",
        task=(TASK, ref),
        undo={
            "order": [order.id, order.company_id],
            "ref": ref,
            "carton": carton.id,
            "goods": [[item.key, written(item.quantity)] for item in items],
        },
    )


def _proposed(carton: Any, items: Sequence[Item], on: Connection) -> Sequence[Item]:
    """Return what of ``items`` goes into this carton: as much as it holds."""
    if not items:
        raise Refused(_l("All of this order is packed already."))
    kinds = [box for box in cartons.boxes(on=on) if box.id == carton.type_id]
    taken = rules.plan(kinds, items)[0] if kinds else None
    if taken is not None and taken.box is None:
        raise Refused(_l("These goods do not go into this carton. Choose a larger one."))
    return taken.items if taken is not None else items


@bp.post("/<ref>/out")
@command("outbound.unpack", Filling)
def out(said: Filling, by: User, on: Connection, ref: str) -> Answer:
    """Take goods out of the open carton."""
    order = order_at(ref, by, on)
    line = _line(order, said.sku_id, on)
    quantity = reading.quantity_of(said.quantity, line)
    packing.take_out(order, said.carton, said.sku_id, quantity, hand=here.hand(by, said), on=on)
    say = _l("%(count)s × %(sku)s taken out.", count=written(quantity), sku=line.sku)
    return Answer(say=say, next=f"{SCREEN}/{ref}", task=(TASK, ref))
