"""The floor screens of moving: without a task, and task by task."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user
from pydantic import Field
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from portal.accounts.access import User
from portal.core import quantities
from portal.core.db import db
from portal.core.i18n import lazy as _l
from portal.core.i18n import lazy_pgettext
from portal.core.links import with_query
from portal.core.numbers import row_id
from portal.core.quantities import NOTHING, written
from portal.warehousing.floor import scans, tasks
from portal.warehousing.floor.commands import HOME, command
from portal.warehousing.floor.queries.waiting import presence_of
from portal.warehousing.floor.said import Answer, Id, Said
from portal.warehousing.floor.service import reading
from portal.warehousing.floor.tasks import MOST, Task
from portal.warehousing.floor.views import here_in
from portal.warehousing.goods.rules import unit_text
from portal.warehousing.layout.queries import contents_of
from portal.warehousing.ledger.rules import STATUSES
from portal.warehousing.ledger.service.posting import reverse
from portal.warehousing.moving import queries, rules, walking
from portal.warehousing.moving.service import goods
from portal.warehousing.moving.service import tasks as doing
from portal.warehousing.moving.service.goods import Doing
from portal.warehousing.sites.queries import locations_of, warehouses_for

bp = Blueprint("move_floor", __name__)
SCREEN = f"{HOME}/move"


class What(Said):
    """Goods that are scanned at a location."""

    from_id: Id


class Amount(Said):
    """How many, typed."""

    balance_id: Id
    quantity: str = Field(default="", max_length=20)


class Unit(Said):
    """A handling unit."""

    unit_id: Id


class Put(Said):
    """How much of a task was put somewhere; ``elsewhere``: why not where the task says."""

    quantity: str = Field(default="", max_length=20)
    elsewhere: str = Field(default="", max_length=20)


class Skip(Said):
    """Why a task is skipped."""

    why: str = Field(max_length=20)


def _user() -> User:
    user: User = current_user._get_current_object()
    return user


def _page(name: str, **values: Any) -> str:
    return render_template(
        f"warehousing/moving/floor/{name}.html",
        unit_text=unit_text,
        statuses=STATUSES,
        written=written,
        **values,
    )


@bp.get("")
def free() -> str | Response:
    """Show the next step of a move without a task: from where, what, how many, whereto."""
    user = _user()
    house = here_in(warehouses_for(user), presence_of(user.person_id))
    if house is None:
        return redirect(url_for("floor.choose"))
    on = db.session.connection()
    if (balance_id := request.args.get("balance", type=row_id)) is not None:
        return _whereto(balance_id, user, on)
    if (unit_id := request.args.get("unit", type=row_id)) is not None:
        unit, lines = walking.unit_here(unit_id, user, on)
        places = locations_of({line.location_id for line in lines}, on)
        return _page("unit", unit=unit, lines=lines, places=places)
    from_id = request.args.get("from", type=row_id)
    place = locations_of([from_id], on).get(from_id) if from_id is not None else None
    if place is None or place.warehouse_id != house.id:
        return _page("begin")
    return _page("what", place=place, lying=contents_of([place.id]))


def _whereto(balance_id: int, user: User, on: Connection) -> str:
    balance = walking.balance_here(balance_id, user, on)
    place = locations_of([balance.location_id], on)[balance.location_id]
    quantity = walking.amount(request.args.get("quantity", ""), balance, goods.free_of(balance))
    return _page("whereto", balance=balance, place=place, quantity=quantity)


@bp.post("/from")
@command("move.from", Said)
def begin(said: Said, by: User, on: Connection) -> Answer:
    """Take the location that was scanned, or the pallet or carton."""
    scan = scans.need(scans.parse(said.scan), "location", "sscc")
    if scan.kind == "sscc":
        unit = walking.unit_by_sscc(scan.sscc or "", on)
        walking.unit_here(unit.id, by, on)
        where = with_query(SCREEN, [("unit", str(unit.id))])
        return Answer(say=_l("The whole unit. Where does it go?"), next=where)
    place = reading.location_of(said.scan, by, on)
    lying = walking.balances_at(place.id, on)
    if len(lying) == 1:
        where = with_query(SCREEN, [("balance", str(lying[0].id))])
    else:
        where = with_query(SCREEN, [("from", str(place.id))])
    if not lying:
        return Answer(
            say=_l("Nothing that can be moved lies at %(code)s.", code=place.code),
            cue="warn",
            location_id=place.id,
        )
    return Answer(say=_l("From %(code)s.", code=place.code), next=where, location_id=place.id)


@bp.post("/what")
@command("move.what", What)
def what(said: What, by: User, on: Connection) -> Answer:
    """Take the goods that were scanned at a location."""
    found = walking.chosen_at(said.from_id, said.scan, on)
    balance = walking.balance_here(found.id, by, on)
    where = with_query(SCREEN, [("balance", str(balance.id))])
    return Answer(say=_l("%(name)s. Where do they go?", name=balance.name), next=where)


@bp.post("/quantity")
@command("move.quantity", Amount)
def quantity(said: Amount, by: User, on: Connection) -> Answer:
    """Take another quantity than all of it."""
    balance = walking.balance_here(said.balance_id, by, on)
    many = walking.amount(said.quantity, balance, goods.free_of(balance))
    pairs = [("balance", str(balance.id)), ("quantity", written(many))]
    say = _l("%(many)s %(unit)s. Where do they go?", many=many, unit=unit_text(balance.unit))
    return Answer(say=say, next=with_query(SCREEN, pairs))


def _undo(given: Mapping[str, Any], by: User, on: Connection) -> Answer:
    """Bring goods back by a counter-entry."""
    movement, company = int(given["movement"]), int(given["company"])
    reverse(movement, company, by=by.person_id, note="", on=on)
    return Answer(say=_l("Taken back. The goods belong where they came from."), next=SCREEN)


@bp.post("/put")
@command("move.put", Amount, undo=_undo)
def put(said: Amount, by: User, on: Connection) -> Answer:
    """Put goods at the location that was scanned."""
    balance = walking.balance_here(said.balance_id, by, on)
    place = reading.location_of(said.scan, by, on)
    many = walking.amount(said.quantity, balance, goods.free_of(balance))
    who = Doing(actor_id=by.person_id, reason="other", said_at=said.said_at)
    posted = goods.move(balance, many, place.id, who, on=on)
    return Answer(
        say=_l("%(many)s put at %(place)s.", many=written(many), place=place.code),
        next=SCREEN,
        undo={"movement": posted.id, "company": balance.company_id},
        location_id=place.id,
    )


@bp.post("/put-unit")
@command("move.put_unit", Unit, undo=_undo)
def put_unit(said: Unit, by: User, on: Connection) -> Answer:
    """Put a whole pallet, carton or tote at the location that was scanned."""
    unit, _lines = walking.unit_here(said.unit_id, by, on)
    place = reading.location_of(said.scan, by, on)
    who = Doing(actor_id=by.person_id, reason="other", said_at=said.said_at)
    posted = goods.move_unit(unit.id, unit.company_id, place.id, who, on=on)
    return Answer(
        say=_l("The unit is at %(place)s.", place=place.code),
        next=SCREEN,
        undo={"movement": posted.id, "company": unit.company_id},
        location_id=place.id,
    )


@bp.get("/<ref>")
def task(ref: str) -> str | Response:
    """Show the next step of a task: its source, its goods, its target."""
    row = queries.task_for(_user(), ref)
    if row.state != "open":
        return redirect(url_for("floor.index"))
    step = request.args.get("step", "")
    return _page(
        "task",
        row=row,
        left=row.quantity - row.done,
        step=step if step in ("goods", "to") else "from",
        quantity=request.args.get("quantity", "")[:20],
        elsewhere="full" if request.args.get("elsewhere") else "",
        skipped=rules.SKIPPED,
        kinds=rules.KINDS,
        screen=url_for(".task", ref=ref),
    )


@bp.post("/<ref>/source")
@command("move.source", Said)
def source(said: Said, by: User, on: Connection, ref: str) -> Answer:
    """Check that one stands where the goods of a task lie."""
    row = walking.task_here(ref, by, on)
    rules.check_open(row)
    place = reading.location_of(said.scan, by, on)
    walking.check_source(row, place, on)
    return Answer(
        say=_l("Location right, now the goods."),
        next=f"{SCREEN}/{ref}?step=goods",
        task=(row.kind, ref),
        location_id=place.id,
    )


@bp.post("/<ref>/goods")
@command("move.goods", Said)
def right_goods(said: Said, by: User, on: Connection, ref: str) -> Answer:
    """Check that one has taken what a task moves."""
    row = walking.task_here(ref, by, on)
    rules.check_open(row)
    walking.check_goods(row, said.scan, on)
    place = locations_of([row.to_id], on)[row.to_id]
    return Answer(
        say=_l("Goods right. Bring them to %(place)s.", place=place.code),
        next=f"{SCREEN}/{ref}?step=to",
        task=(row.kind, ref),
    )


@bp.post("/<ref>/quantity")
@command("move.part", Put)
def part(said: Put, by: User, on: Connection, ref: str) -> Answer:
    """Take less than the task asks for."""
    row = walking.task_here(ref, by, on)
    many = _much(said.quantity, row, on)
    return Answer(
        say=_l("%(many)s now; the rest stays with the task.", many=written(many)),
        next=with_query(f"{SCREEN}/{ref}", [("step", "to"), ("quantity", written(many))]),
        task=(row.kind, ref),
    )


def _much(text: str, row: Any, on: Connection) -> Any:
    sku = queries.sku_on(row.sku_id, on)
    return walking.amount(text, sku, row.quantity - row.done)


def _undo_task(given: Mapping[str, Any], by: User, on: Connection) -> Answer:
    """Bring the goods of a task back, and open it again."""
    ref, many = str(given["ref"]), quantities.read(str(given["quantity"]))
    doing.take_back(ref, int(given["movement"]), many, by=by.person_id, on=on)
    return Answer(say=_l("Taken back. The task is open again."), next=f"{SCREEN}/{ref}")


@bp.post("/<ref>/put")
@command("move.put_task", Put, undo=_undo_task)
def put_task(said: Put, by: User, on: Connection, ref: str) -> Answer:
    """Put the goods of a task at the location that was scanned."""
    row = walking.task_here(ref, by, on)
    place = reading.location_of(said.scan, by, on)
    many = _much(said.quantity, row, on)
    reason = "full" if said.elsewhere else None
    done = doing.do(
        ref, many, place.id, by=by.person_id, said_at=said.said_at, reason=reason, on=on
    )
    is_over = done.left == NOTHING
    return Answer(
        say=_l("%(many)s put at %(place)s.", many=written(many), place=place.code),
        next=HOME if is_over else f"{SCREEN}/{ref}",
        undo={"ref": ref, "movement": done.posted.id, "quantity": written(many)},
        task=(row.kind, ref),
        done=is_over,
        location_id=place.id,
    )


@bp.post("/<ref>/skip")
@command("move.skip", Skip)
def skip(said: Skip, by: User, on: Connection, ref: str) -> Answer:
    """Leave a task undone, and say why."""
    row = walking.task_here(ref, by, on)
    doing.skip(ref, said.why, by=by.person_id, on=on)
    return Answer(
        say=_l("Skipped: %(why)s.", why=str(rules.SKIPPED[said.why])),
        cue="warn",
        next=HOME,
        task=(row.kind, ref),
        done=True,
    )


def _source_of(kind: str) -> tasks.Source:
    def waiting(_user: User, warehouse_id: int) -> Iterable[Task]:
        return [_task(row) for row in queries.open_tasks(warehouse_id, kind, most=MOST)]

    return waiting


def _task(row: Any) -> Task:
    return Task(
        ref=row.ref,
        kind=row.kind,
        title=_l(
            "%(many)s %(unit)s %(name)s to %(place)s",
            many=written(row.quantity - row.done),
            unit=unit_text(row.unit),
            name=row.name,
            place=row.to_code,
        ),
        url=f"{SCREEN}/{row.ref}",
        where=row.from_code,
        walk=row.walk,
        priority=row.priority,
        since=row.created_at,
    )


tasks.provide("replenish", _l("Replenish"), _source_of("replenish"))
tasks.provide("move", lazy_pgettext("goods", "Move"), _source_of("move"))
tasks.provide_screen("move_floor.free", _l("Move goods"))
