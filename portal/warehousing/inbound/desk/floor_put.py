"""The floor screens of putting away: which goods, where to, and the location scanned."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask import Blueprint, redirect, render_template, request
from pydantic import Field
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from portal.accounts.access import User
from portal.core import tokens
from portal.core.db import db
from portal.core.errors import Invalid, NotFound
from portal.core.i18n import lazy as _l
from portal.core.quantities import read as read_quantity
from portal.core.quantities import written
from portal.warehousing.floor import scans, tasks
from portal.warehousing.floor.commands import HOME, command
from portal.warehousing.floor.queries.waiting import presence_of
from portal.warehousing.floor.said import Answer, Said
from portal.warehousing.floor.tasks import Task
from portal.warehousing.floor.views import here_in
from portal.warehousing.goods.rules import unit_text
from portal.warehousing.inbound.queries import floor as queries
from portal.warehousing.inbound.rules.putting import WHY
from portal.warehousing.inbound.service import looking, placing, putting
from portal.warehousing.inbound.service.putting import OVERRIDES, Put
from portal.warehousing.inbound.shown import words
from portal.warehousing.inbound.shown.asking import asker
from portal.warehousing.ledger.rules import REASONS
from portal.warehousing.sites.queries import warehouses_for

bp = Blueprint("put_away_floor", __name__)
SCREEN = f"{HOME}/put-away"
TASK = "put_away"
SEAL = "put away as proposed"  # so that nobody names another place as what was proposed


class Placed(Said):
    """Where the goods were put, how many, and why not where it was proposed."""

    quantity: str = Field(max_length=20)
    proposed: str = Field(default="", max_length=200)  # as the screen sealed it
    reason: str = ""
    note: str = Field(default="", max_length=500)


@bp.get("")
def index() -> str | Response:
    """Show what waits to be put away."""
    user = asker()
    house = here_in(warehouses_for(user), presence_of(user.person_id))
    if house is None:
        return redirect(f"{HOME}")
    return render_template(
        "warehousing/inbound/floor/tasks.html",
        tasks=queries.tasks(user, house.id),
        words=words,
        unit_text=unit_text,
    )


@bp.get("/<int:task_id>")
def show(task_id: int) -> str:
    """Show one task: the goods, and the place that is proposed for them."""
    task = queries.task_for(asker(), task_id)
    on = db.session.connection()
    free = min(task.quantity - task.done, putting.waiting(task, on))
    reason = request.args.get("reason", "")
    proposed = placing.propose(task, free, on) if free else []
    if reason in OVERRIDES and proposed:
        unfit = {proposed[0].location.id}
        proposed = placing.propose(task, free, on, without=unfit) or proposed
    amount = proposed[0].quantity if proposed else free
    return render_template(
        "warehousing/inbound/floor/put.html",
        task=task,
        free=free,
        proposed=proposed,
        sealed=tokens.signed([task.id, proposed[0].location.id], SEAL) if proposed else "",
        amount=written(amount),
        why=WHY,
        reason=reason if reason in OVERRIDES else "",
        reasons=[(code, REASONS[code]) for code in OVERRIDES],
        words=words,
        unit_text=unit_text,
    )


@bp.post("/find")
@command("inbound.find_task", Said)
def find(said: Said, by: User, on: Connection) -> Answer:
    """Open the task of the goods or the pallet that was scanned."""
    scan = scans.need(scans.parse(said.scan), "goods", "sscc")
    found = looking.task_of(scan, looking.house_of(by, on), on)
    if found is None:
        raise NotFound(_l("Nothing with this code waits to be put away."))
    return Answer(
        say=_l("Bring it to its place, then scan the location."),
        next=f"{SCREEN}/{found}",
        task=(TASK, str(found)),
    )


def take_back(given: Mapping[str, Any], by: User, on: Connection) -> Answer:
    """Bring the goods back to where they were received."""
    putting.undo(
        given["task"], given["movement"], Decimal(given["quantity"]), by=by.person_id, on=on
    )
    return Answer(say=_l("Back where it was received."), next=f"{SCREEN}/{given['task']}")


@bp.post("/<int:task_id>/put")
@command("inbound.put_away", Placed, undo=take_back)
def put(said: Placed, by: User, on: Connection, task_id: int) -> Answer:
    """Put goods of a task where the location was scanned."""
    looking.check_house(looking.house_of_task(task_id, on), by, on)
    scan = scans.need(scans.parse(said.scan), "location")
    try:
        quantity = read_quantity(said.quantity)
    except ValueError:
        raise Invalid(_l("That is no quantity. Type a number such as 12.")) from None
    done = Put(
        location=scan.text,
        quantity=quantity,
        proposed=_opened(said.proposed, task_id),
        reason=said.reason or None,
        note=said.note or None,
        said_at=said.said_at,
    )
    stored = putting.put_away(task_id, done, by=by.person_id, on=on)
    return Answer(
        say=_l(
            "%(much)s of %(code)s at %(place)s.",
            much=words.amount_lazy(quantity, stored.sku.unit),
            code=stored.sku.code,
            place=stored.location.code,
        ),
        next=f"{SCREEN}/{task_id}" if stored.left else SCREEN,
        task=(TASK, str(task_id)),
        done=not stored.left,
        undo={
            "task": task_id,
            "movement": stored.movement_id,
            "quantity": written(quantity),
        },
        location_id=stored.location.id,
    )


def _opened(sealed: str, task_id: int) -> int | None:
    """Return the location that the screen of this task proposed; None for what we did not seal."""
    said = tokens.read_signed(sealed, SEAL) if sealed else None
    return int(said[1]) if isinstance(said, list) and said[0] == task_id else None


def waiting(user: User, warehouse_id: int) -> list[Task]:
    """Return what waits to be put away, for the floor and its board."""
    return [
        Task(
            ref=str(row.id),
            kind=TASK,
            title=f"{row.sku} {words.sku_name(row)}",
            url=f"{SCREEN}/{row.id}",
            where=row.place,
            walk=row.walk,
            since=row.created_at,
        )
        for row in queries.tasks(user, warehouse_id)
    ]


tasks.provide(TASK, _l("Put away"), waiting)
tasks.provide_screen("put_away_floor.index", _l("Put away"))
