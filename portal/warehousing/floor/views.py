"""The floor's home: where one works, what comes next, what was done last."""

from pathlib import Path
from typing import Any

from flask import Response, render_template, send_file, url_for
from flask_login import current_user
from sqlalchemy import Connection

from portal.accounts.access import User
from portal.core.db import AnyRow
from portal.core.errors import Invalid, NotFound, Refused
from portal.core.i18n import lazy as _l
from portal.warehousing.floor import tasks
from portal.warehousing.floor.blueprint import bp
from portal.warehousing.floor.commands import HOME, command
from portal.warehousing.floor.queries.waiting import order, presence_of, waiting_for
from portal.warehousing.floor.rules import UNDO
from portal.warehousing.floor.said import Answer, Said
from portal.warehousing.floor.service import assignments, presence
from portal.warehousing.sites.queries import name_in, warehouses_for

WORKER = Path(__file__).parent.parent.parent / "static" / "js" / "floor-worker.js"


class OfTask(Said):
    """A command about one task."""

    kind: str
    ref: str
    to: str = HOME


class ToUndo(Said):
    """The key of the command that is to be taken back."""

    of: str


class Choice(Said):
    """The code of the warehouse to work in."""

    warehouse: str


@bp.get("")
def index() -> str:
    """Show what comes next, or ask in which warehouse one works."""
    user = _user()
    own, here = warehouses_for(user), presence_of(user.person_id)
    house = here_in(own, here)
    if house is None:
        return render_template("warehousing/floor/choose.html", houses=own, name_in=name_in)
    waiting = waiting_for(user, house.id)
    return render_template(
        "warehousing/floor/home.html",
        house=house,
        houses=own,
        name_in=name_in,
        here=here,
        waiting=waiting,
        mine=waiting.mine(user.person_id),
        following=waiting.next_of(user.person_id, here.walk if here else None),
        screens=tasks.screens_for(user),
        label_of=tasks.label_of,
        most=tasks.MOST,
    )


def here_in(own: Any, here: AnyRow | None) -> AnyRow | None:
    """Return the warehouse in which somebody works: the one he chose, or his only one."""
    chosen = next((house for house in own if here and house.id == here.warehouse_id), None)
    return chosen or (own[0] if len(own) == 1 else None)


@bp.get("/tasks/<kind>")
def kind(kind: str) -> str:
    """Show all tasks of one kind, with who is at them."""
    user = _user()
    here = presence_of(user.person_id)
    house = here_in(warehouses_for(user), here)
    waiting = waiting_for(user, house.id) if house is not None else None
    found = [queue for queue in waiting.queues if queue.kind.kind == kind] if waiting else []
    if not found or waiting is None:
        raise NotFound(_l("There are no tasks of that kind."))
    walk = here.walk if here else None
    ordered = sorted(found[0].tasks, key=lambda task: order(task, user.person_id, walk))
    return render_template(
        "warehousing/floor/kind.html", queue=found[0], tasks=ordered, waiting=waiting
    )


@bp.get("/choose")
def choose() -> str:
    """Ask in which warehouse one works."""
    houses = warehouses_for(_user())
    return render_template("warehousing/floor/choose.html", houses=houses, name_in=name_in)


@bp.get("/worker.js")
def worker() -> Response:
    """Send the service worker, which opens screens again while the network is away."""
    answer = send_file(WORKER, mimetype="text/javascript", max_age=0)
    answer.headers["Service-Worker-Allowed"] = url_for("floor.index")
    return answer


def _user() -> User:
    return current_user._get_current_object()


@bp.post("/warehouse")
@command("floor.warehouse", Choice)
def work_in(said: Choice, by: User, on: Connection) -> Answer:
    """Keep in which warehouse one works."""
    presence.choose_warehouse(said.warehouse, by, on=on)
    return Answer(say=_l("You work in %(code)s.", code=said.warehouse), next=HOME)


@bp.post("/take")
@command("floor.take", OfTask)
def take(said: OfTask, by: User, on: Connection) -> Answer:
    """Take a task into one's hands and go to its screen."""
    if not said.to.startswith("/desk/warehouse/") or "\\" in said.to:
        raise Invalid(_l("This address is no screen of the floor."))
    label = tasks.label_of(said.kind)
    say = _l("%(kind)s %(ref)s is yours.", kind=label, ref=said.ref)
    return Answer(say=say, next=said.to, task=(said.kind, said.ref))


@bp.post("/hand-back")
@command("floor.hand_back", OfTask)
def hand_back(said: OfTask, by: User, on: Connection) -> Answer:
    """Hand a task back, so that somebody else can take it."""
    held = assignments.holder(said.kind, said.ref, on)
    if held is not None and held.person_id != by.person_id:
        raise Refused(_l("%(name)s is at this task, not you.", name=held.name))
    assignments.free(said.kind, said.ref, by, on=on)
    say = _l("%(ref)s can be taken by others again.", ref=said.ref)
    return Answer(say=say, next=HOME, task=(said.kind, said.ref), done=True)


@bp.post("/undo")
@command(UNDO, ToUndo)
def undo(said: ToUndo, by: User, on: Connection) -> Answer:
    """Take back the last command, by a counter-entry where it moved goods."""
    return presence.undo(said.of, by, on)
