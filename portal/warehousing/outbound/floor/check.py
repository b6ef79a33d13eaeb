"""The floor screens of checking: what was picked is counted again, goods by goods."""

from decimal import Decimal
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
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
from portal.warehousing.goods.queries import sku_row
from portal.warehousing.goods.rules import unit_text
from portal.warehousing.outbound.floor import here
from portal.warehousing.outbound.queries import packs, walks
from portal.warehousing.outbound.rules import orders as rules
from portal.warehousing.outbound.rules.picking import REASONS
from portal.warehousing.outbound.service import checking
from portal.warehousing.outbound.service.shorts import Missing

bp = Blueprint("check_floor", __name__)
SCREEN = f"{HOME}/check"
TASK = "check"


class Counted(Said):
    """So many of the goods that were scanned; ``holds``: base units in one of them."""

    sku_id: Id
    quantity: str = Field(max_length=20)
    holds: str = Field(default="1", max_length=20)
    lot: str = Field(default="", max_length=60)


class Lacking(Said):
    """So many of a line are missing, and why."""

    line_id: Id
    quantity: str = Field(max_length=20)
    reason: str = Field(max_length=20)
    note: str = Field(default="", max_length=300)


@bp.get("")
def index() -> str | Response:
    """Show the orders that wait to be checked."""
    house = here.house()
    if house is None:
        return redirect(url_for("floor.choose"))
    orders = walks.orders_at(house.id, rules.PICKED, on=here.connection())
    return render_template("warehousing/outbound/floor/check_index.html", orders=orders)


@bp.post("/find")
@command("outbound.check_find", Said)
def find(said: Said, by: User, on: Connection) -> Answer:
    """Open the order whose reference, or whose staging place, was scanned."""
    scan = scans.need(scans.parse(said.scan), "reference", "location")
    house = reading.warehouse_of(by, on)
    if scan.kind == "reference":
        order = walks.order_at(house, scan.text, on=on)
        return Answer(say=_l("Order %(ref)s.", ref=order.ref), next=f"{SCREEN}/{order.ref}")
    location = reading.location_of(said.scan, by, on)
    lying = walks.staged_at(house, location.id, rules.PICKED, on=on)
    if len(lying) != 1:
        raise Refused(
            _l(
                "%(count)s orders to be checked lie at %(code)s. Choose one.",
                count=len(lying),
                code=location.code,
            )
        )
    return Answer(say=_l("Order %(ref)s.", ref=lying[0].ref), next=f"{SCREEN}/{lying[0].ref}")


@bp.get("/<ref>")
def show(ref: str) -> str | Response:
    """Show what was picked for an order, and how much of it was counted."""
    house = here.house()
    if house is None:
        return redirect(url_for("floor.choose"))
    on = here.connection()
    order = walks.order_at(house.id, ref, on=on)
    lines = packs.lines_of(order, on=on)
    return render_template(
        "warehousing/outbound/floor/check.html",
        order=order,
        lines=[line for line in lines if line.picked > 0],
        chosen=_chosen(lines),
        open=[line for line in lines if line.checked < line.picked],
        name_of=here.name_of,
        unit_text=unit_text,
        written=written,
    )


def _chosen(lines: Any) -> dict[str, Any] | None:
    """Return the goods that were scanned just now: the first of their lines, what is in one."""
    sku_id = request.args.get("goods", type=row_id)
    if sku_id is None:
        return None
    line = next((line for line in lines if line.sku_id == sku_id), None)
    if line is None:
        abort(404)
    return {"line": line, **{name: request.args.get(name, "")[:60] for name in ("holds", "lot")}}


@bp.post("/<ref>/scan")
@command("outbound.check_scan", Said)
def scan(said: Said, by: User, on: Connection, ref: str) -> Answer:
    """Take goods that were scanned: count them, or ask how many they are."""
    order = walks.order_at(reading.warehouse_of(by, on), ref, on=on)
    seen = scans.need(scans.parse(said.scan), "goods")
    found = here.goods_in(order, seen, on)
    lines = [line for line in packs.lines_of(order, on=on) if line.sku_id == found.sku.id]
    open_ = sum((line.picked - line.checked for line in lines), NOTHING)
    lot = seen.serial or seen.lot
    if not lines or open_ <= found.holds or seen.quantity or found.sku.lot_policy == "serial":
        return _count(order, found.sku, here.count_of(seen, found.holds), lot, said, by, on)
    asked = {"goods": str(found.sku.id), "holds": written(found.holds), "lot": lot or ""}
    return Answer(
        say=_l("%(sku)s: how many?", sku=found.sku.code),
        next=with_query(f"{SCREEN}/{ref}", asked.items()),
        task=(TASK, ref),
    )


def _count(
    order: Any, sku: Any, quantity: Decimal, lot: str | None, said: Said, by: User, on: Connection
) -> Answer:
    hand = here.hand(by, said)
    order = checking.count(order, sku.id, quantity, hand, lot=lot or None, on=on)
    say = _l("%(count)s × %(sku)s checked.", count=written(quantity), sku=sku.code)
    is_done = order.status == rules.CHECKED
    if is_done:
        say = _l("Order %(ref)s is checked. Now pack it.", ref=order.ref)
    screen = f"{HOME}/pack/{order.ref}" if is_done else f"{SCREEN}/{order.ref}"
    return Answer(say=say, next=screen, task=(TASK, order.ref), done=is_done)


@bp.post("/<ref>/count")
@command("outbound.check", Counted)
def count(said: Counted, by: User, on: Connection, ref: str) -> Answer:
    """Count so many of the goods that were scanned."""
    order = walks.order_at(reading.warehouse_of(by, on), ref, on=on)
    sku = sku_row(said.sku_id, order.company_id, on)
    holds = reading.quantity_of(said.holds, _Any(sku.unit))
    quantity = reading.quantity_of(said.quantity, sku, holds)
    return _count(order, sku, quantity, said.lot, said, by, on)


class _Any:
    """Goods as ``reading.quantity_of`` wants them: by their unit."""

    def __init__(self, unit: str) -> None:
        self.unit = unit


@bp.get("/<ref>/missing/<int:line_id>")
def lacking(ref: str, line_id: int) -> str | Response:
    """Ask how many of a line are missing, and why."""
    house = here.house()
    if house is None:
        return redirect(url_for("floor.choose"))
    on = here.connection()
    order = walks.order_at(house.id, ref, on=on)
    line = next((each for each in packs.lines_of(order, on=on) if each.id == line_id), None)
    if line is None or line.picked <= line.checked:
        abort(404)
    return render_template(
        "warehousing/outbound/floor/check_missing.html",
        order=order,
        line=line,
        reasons=REASONS,
        name_of=here.name_of,
        unit_text=unit_text,
        written=written,
    )


@bp.post("/<ref>/missing")
@command("outbound.check_missing", Lacking)
def miss(said: Lacking, by: User, on: Connection, ref: str) -> Answer:
    """Report that goods of a line are missing or not fit."""
    order = walks.order_at(reading.warehouse_of(by, on), ref, on=on)
    line = next((each for each in packs.lines_of(order, on=on) if each.id == said.line_id), None)
    if line is None:
        raise Refused(_l("Say what is missing, and why: short, damaged or another lot."))
    missing = Missing(
        quantity=reading.quantity_of(said.quantity, line),
        reason=said.reason,
        noted_at="check",
        note=said.note.strip() or None,
        picture_key=said.picture_key,
    )
    order = checking.miss(order, line.id, missing, here.hand(by, said), on=on)
    is_over = order.status != rules.PICKED
    return Answer(
        say=_after(order),
        cue="warn",
        next=HOME if is_over else f"{SCREEN}/{ref}",
        task=(TASK, ref),
        done=is_over,
    )


def _after(order: Any) -> Any:
    if order.status == rules.PICKING:
        return _l("Noted. It is picked again elsewhere.")
    if order.status == rules.BACKORDERED:
        return _l("Noted. The order wants all or nothing: it waits, what was picked goes back.")
    return _l("Noted. It is sent without.")
