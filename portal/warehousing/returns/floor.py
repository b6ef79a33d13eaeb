"""The floor screens of returns: take in by scan, inspect, put back."""

from collections.abc import Iterable, Mapping
from datetime import date
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_login import current_user
from pydantic import Field
from sqlalchemy import Connection, select
from werkzeug.wrappers import Response

from portal.accounts.access import User
from portal.core import scope
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.core.links import with_query
from portal.core.numbers import row_id
from portal.core.quantities import NOTHING, written
from portal.warehousing.floor import scans, tasks
from portal.warehousing.floor.commands import HOME, command
from portal.warehousing.floor.queries.waiting import presence_of
from portal.warehousing.floor.said import Answer, Id, Said
from portal.warehousing.floor.service import reading
from portal.warehousing.floor.tasks import Task
from portal.warehousing.floor.views import here_in
from portal.warehousing.goods.models import Sku
from portal.warehousing.goods.queries import sku_row
from portal.warehousing.goods.rules import unit_text
from portal.warehousing.inbound.rules.putting import WHY
from portal.warehousing.inbound.service import placing
from portal.warehousing.ledger.rules import STATUSES
from portal.warehousing.returns import rules
from portal.warehousing.returns.queries import floor as waiting
from portal.warehousing.returns.queries import one
from portal.warehousing.returns.queries.visible import return_for
from portal.warehousing.returns.service import receiving, scanning, settling
from portal.warehousing.sites.queries import warehouses_for

bp = Blueprint("returns_floor", __name__)
SCREEN = f"{HOME}/returns"
_SKU = Sku.__table__


class Back(Said):
    """So many of which goods came; ``holds``: base units in one of what was counted."""

    sku_id: Id
    quantity: str = Field(max_length=20)
    holds: str = Field(default="1", max_length=20)
    lot: str = Field(default="", max_length=60)
    expires_on: date | None = None
    new_lot: str = ""
    location_id: Id | None = None


class Goods(Said):
    """Goods that came without word."""

    sku_id: Id
    company_id: Id


def _user() -> User:
    user: User = current_user._get_current_object()
    return user


def _house(user: User) -> Any:
    return here_in(warehouses_for(user), presence_of(user.person_id))


@bp.get("")
def index() -> str | Response:
    """Show the returns that are expected; a scan of their papers, or of the goods, opens one."""
    house = _house(_user())
    if house is None:
        return redirect(url_for("floor.choose"))
    return render_template(
        "warehousing/returns/floor/index.html",
        coming=waiting.coming_in(house.id),
        to_inspect=waiting.parts_in(house.id, "received"),
        to_put_back=waiting.parts_in(house.id, "decided", "restock"),
        statuses=rules.STATUSES,
        found=_goods(),
        written=written,
    )


def _goods() -> Any:
    id_ = request.args.get("goods", type=row_id)
    wanted = select(_SKU).where(_SKU.c.id == id_).execution_options(**scope.CENTRE)
    return None if id_ is None else db.session.execute(wanted).first() or abort(404)


@bp.post("/open")
@command("return.open", Said)
def open_(said: Said, by: User, on: Connection) -> Answer:
    """Open the return that papers name, or that expects the goods that were scanned."""
    row = scanning.named(said.scan, by, on)
    if row is None:
        return _by_goods(said, by, on)
    if row.status not in rules.COMING:
        raise Refused(
            _l("%(ref)s is “%(status)s”.", ref=row.ref, status=rules.STATUSES[row.status])
        )
    return _opened(row)


def _opened(row: Any) -> Answer:
    return Answer(
        say=_l("%(ref)s: scan the goods.", ref=row.ref),
        next=f"{SCREEN}/{row.ref}",
        task=("return", row.ref),
    )


def _by_goods(said: Said, by: User, on: Connection) -> Answer:
    scan = scans.parse(said.scan)
    if scan.kind not in ("goods", "text"):
        raise scans.unknown(scan)
    sku = reading.goods_of(scan, None, on).sku
    expected = scanning.expected_with(sku, by, on)
    if len(expected) == 1:
        return _opened(expected[0])
    say = (
        _l("Several returns expect %(sku)s. Choose one of them.", sku=sku.name)
        if expected
        else _l("No return expects %(sku)s.", sku=sku.name)
    )
    return Answer(say=say, cue="warn", next=with_query(SCREEN, [("goods", str(sku.id))]))


@bp.post("/found")
@command("return.found", Goods)
def found(said: Goods, by: User, on: Connection) -> Answer:
    """Begin a return for goods that came without word."""
    house = reading.warehouse_of(by, on)
    sku_row(said.sku_id, said.company_id, on)  # nobody has a return for goods that are not his
    row = receiving.found(said.company_id, house, by_id=by.person_id or 0, on=on)
    return _opened(row)


@bp.get("/<ref>")
def take(ref: str) -> str | Response:
    """Take goods of a return in."""
    row = return_for(_user(), ref)
    if row.status not in rules.COMING:
        return redirect(url_for(".index"))
    parts = one.parts_of(row)
    return render_template(
        "warehousing/returns/floor/take.html",
        row=row,
        lines=one.lines_of(row),
        parts=parts,
        came=one.came_by_line(parts),
        chosen=_goods(),
        asked=request.args,
        needs_lot=reading.needs_lot,
        unit_text=unit_text,
        written=written,
        nothing=NOTHING,
    )


@bp.post("/<int:return_id>/look")
@command("return.look", Said)
def look(said: Said, by: User, on: Connection, return_id: int) -> Answer:
    """Take goods that were scanned, and ask how many."""
    row = scanning.here(return_id, by, on)
    goods, scan = scanning.goods_at(row, said.scan, on)
    asked = {
        "goods": str(goods.sku.id),
        "holds": written(goods.holds),
        "lot": scan.serial or scan.lot or "",
        "expires_on": scan.expires_on.isoformat() if scan.expires_on else "",
        "quantity": written(scan.quantity) if scan.quantity else "",
    }
    return Answer(
        say=_l("%(sku)s: how many?", sku=goods.sku.name),
        next=with_query(f"{SCREEN}/{row.ref}", asked.items()),
        task=("return", row.ref),
    )


def _undo(given: Mapping[str, Any], by: User, on: Connection) -> Answer:
    """Take the last scan back by its counter-entry."""
    row = scanning.here(int(given["return"]), by, on)
    receiving.undo(int(given["part"]), row.id, row.company_id, by_id=by.person_id or 0, on=on)
    return Answer(say=_l("Taken back. Scan it again."), next=f"{SCREEN}/{row.ref}")


@bp.post("/<int:return_id>/receive")
@command("return.receive", Back, undo=_undo)
def receive(said: Back, by: User, on: Connection, return_id: int) -> Answer:
    """Take so many of goods in; more than announced is taken too, with a warning."""
    row = scanning.here(return_id, by, on)
    sku, quantity, part_id, over = scanning.came(row, said, said.location_id, by=by, on=on)
    figures = {"sku": sku.name, "quantity": written(quantity), "over": written(over)}
    say = (
        _l("%(sku)s × %(quantity)s, %(over)s more than announced.", **figures)
        if over > NOTHING
        else _l("%(sku)s × %(quantity)s taken in.", **figures)
    )
    return Answer(
        say=say,
        cue="warn" if over > NOTHING else "good",
        next=f"{SCREEN}/{row.ref}",
        undo={"return": row.id, "part": part_id},
        task=("return", row.ref),
    )


@bp.post("/<int:return_id>/finish")
@command("return.finish", Said)
def finish(said: Said, by: User, on: Connection, return_id: int) -> Answer:
    """End receiving; the goods wait to be inspected."""
    row = scanning.here(return_id, by, on)
    receiving.finish(row.id, row.company_id, by_id=by.person_id or 0, on=on)
    return Answer(
        say=_l("%(ref)s is received. Inspect the goods.", ref=row.ref),
        next=f"{SCREEN}/{row.ref}/inspect",
        task=("return", row.ref),
        done=True,
    )


@bp.get("/<ref>/inspect")
def inspect(ref: str) -> str | Response:
    """Look at what came, one after the other: condition, words, picture."""
    row = return_for(_user(), ref)
    left = [each for each in one.parts_of(row) if each.status == "received"]
    if row.status != "received" or not left:
        return redirect(url_for(".index"))
    return render_template(
        "warehousing/returns/floor/inspect.html",
        row=row,
        part=left[0],
        left=len(left),
        conditions=rules.CONDITIONS,
        most_note=rules.MAX_NOTE,
        unit_text=unit_text,
        written=written,
    )


@bp.get("/<ref>/put-back/<int:part_id>")
def put_back(ref: str, part_id: int) -> str | Response:
    """Put goods back that may go into stock again, with a proposal where."""
    row = return_for(_user(), ref)
    part = one.part_of(row, part_id)
    if (part.status, part.disposition) != ("decided", "restock"):
        return redirect(url_for(".index"))
    return render_template(
        "warehousing/returns/floor/put_back.html",
        row=row,
        part=part,
        proposals=placing.propose(_task(row, part), part.quantity, db.session.connection()),
        why=WHY,
        unit_text=unit_text,
        written=written,
    )


def _task(row: Any, part: Any) -> Any:
    """Return the part as the rules of putting away want goods that wait."""
    return SimpleNamespace(
        sku_id=part.sku_id,
        company_id=part.company_id,
        lot_id=part.lot_id,
        status="approved",
        handling_unit_id=None,
        location_id=part.location_id,
        warehouse_id=row.warehouse_id,
    )


@bp.post("/<int:return_id>/put-back/<int:part_id>")
@command("return.put_back", Said)
def put(said: Said, by: User, on: Connection, *, return_id: int, part_id: int) -> Answer:
    """Put goods back to the location that was scanned."""
    row = scanning.here(return_id, by, on)
    place = reading.location_of(said.scan, by, on)
    status = settling.restock(
        part_id,
        row.id,
        row.company_id,
        place,
        by_id=by.person_id or 0,
        on=on,
        said_at=said.said_at,
    )
    say = (
        _l("Put back to %(place)s.", place=place.code)
        if status == "approved"
        else _l(
            "Put back to %(place)s. The lot is “%(status)s”, so are these goods.",
            place=place.code,
            status=STATUSES[status],
        )
    )
    return Answer(
        say=say,
        cue="good" if status == "approved" else "warn",
        next=SCREEN,
        task=("restock_return", str(part_id)),
        done=True,
        location_id=place.id,
    )


def coming_tasks(_user: User, warehouse_id: int) -> Iterable[Task]:
    """Return the returns that are on their way as tasks of the floor."""
    for row in waiting.coming_in(warehouse_id):
        if row.status == "in_transit":
            yield Task(
                ref=row.ref,
                kind="return",
                title=row.owner,
                url=f"{SCREEN}/{row.ref}",
                priority=55,
                since=row.changed_at,
            )


def inspecting_tasks(_user: User, warehouse_id: int) -> Iterable[Task]:
    """Return what is to be inspected, one task for each return."""
    seen: set[str] = set()
    for part in waiting.parts_in(warehouse_id, "received"):
        if part.ref not in seen:
            seen.add(part.ref)
            yield Task(
                ref=part.ref,
                kind="inspect_return",
                title=part.name,
                url=f"{SCREEN}/{part.ref}/inspect",
                where=part.location,
                walk=part.walk,
                priority=50,
                since=part.received_at,
            )


def restocking_tasks(_user: User, warehouse_id: int) -> Iterable[Task]:
    """Return what goes back into stock."""
    for part in waiting.parts_in(warehouse_id, "decided", "restock"):
        yield Task(
            ref=str(part.id),
            kind="restock_return",
            title=part.name,
            url=f"{SCREEN}/{part.ref}/put-back/{part.id}",
            where=part.location,
            walk=part.walk,
            priority=50,
            since=part.inspected_at,
        )


tasks.provide("return", _l("Take a return in"), coming_tasks)
tasks.provide("inspect_return", _l("Inspect a return"), inspecting_tasks)
tasks.provide("restock_return", _l("Put a return back"), restocking_tasks)
tasks.provide_screen("returns_floor.index", _l("Returns"))
