"""The supervisor's board of one warehouse, and the list from which tasks are given out."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.accounts.access import User
from portal.core.api import parsed
from portal.core.db import AnyRow, write
from portal.core.errors import PortalError, Refused
from portal.core.i18n import lazy as _l
from portal.core.links import with_query
from portal.warehousing.counting.queries.accuracy import accuracy_for
from portal.warehousing.floor import tasks
from portal.warehousing.floor.queries.waiting import all_waiting, order, presence_of
from portal.warehousing.floor.service import assignments
from portal.warehousing.overview.forms import Given
from portal.warehousing.overview.queries.day import Day, today
from portal.warehousing.overview.queries.docks import docks_today
from portal.warehousing.overview.queries.orders import due_today, waves_open
from portal.warehousing.overview.queries.people import at_work, workers_of
from portal.warehousing.overview.queries.throughput import KINDS, throughput
from portal.warehousing.overview.shown import words
from portal.warehousing.sites.queries import name_in, warehouses_for

bp = Blueprint("overview", __name__)
Reader = Callable[[User, AnyRow, Day], Any]

#: What is read for the board, each by one to three statements (tasks: by those of their kinds).
READERS: dict[str, Reader] = {
    "due": lambda _user, house, day: due_today(house.id, day),
    "done": lambda _user, house, day: throughput(house.id, day),
    "accuracy": lambda user, _house, _day: accuracy_for(user),
    "people": lambda _user, house, _day: at_work(house.id),
    "docks": lambda _user, house, day: docks_today(house.id, day),
    "waves": lambda _user, house, _day: waves_open(house.id),
    "waiting": lambda user, house, _day: all_waiting(user, house.id),
}
#: Part of the board → what it needs of that.
PARTS = {
    "figures": ("due", "done", "accuracy", "people"),
    "docks": ("docks",),
    "orders": ("due",),
    "waves": ("waves",),
    "tasks": ("waiting",),
    "people": ("people",),
    "hours": ("done",),
}


@bp.get("")
def index() -> str:
    """Show the board of the chosen warehouse, or of the one in which the reader works."""
    user = _user()
    houses = warehouses_for(user)
    house = _chosen(houses, user)
    if house is None:
        return render_template("warehousing/overview/empty.html")
    day = today()
    return render_template(
        "warehousing/overview/index.html",
        house=house,
        houses=houses,
        **_read(READERS, user, house, day),
        **_common(day),
    )


@bp.get("/parts/<name>")
def part(name: str) -> str:
    """Show one part of the board anew."""
    user = _user()
    house = _chosen(warehouses_for(user), user)
    if name not in PARTS or house is None:
        abort(404)
    day = today()
    return render_template(
        f"warehousing/overview/_{name}.html",
        house=house,
        **_read(PARTS[name], user, house, day),
        **_common(day),
    )


def _read(names: Iterable[str], user: User, house: AnyRow, day: Day) -> dict[str, Any]:
    return {name: READERS[name](user, house, day) for name in names}


@bp.get("/tasks")
def task_list() -> str:
    """Show the tasks that wait, with who is at them, to be given out."""
    user = _user()
    houses = warehouses_for(user)
    house = _chosen(houses, user)
    if house is None:
        return render_template("warehousing/overview/empty.html")
    template = "_list" if request.headers.get("X-Fragment") else "tasks"
    return render_template(
        f"warehousing/overview/{template}.html",
        house=house,
        houses=houses,
        **_tasks(user, house),
        **_common(today()),
    )


@bp.post("/tasks/give")
def give() -> Response:
    """Give a task to a person, or take it out of all hands."""
    user, back = _user(), _back()
    house = _chosen(warehouses_for(user), user)
    try:
        if house is None:
            raise Refused(
                _l("There is no warehouse yet. Whoever edits places makes the first one.")
            )
        flash(_given(user, house), "good")
    except PortalError as error:
        flash(str(error), "bad")
    return redirect(back)


def _given(user: User, house: AnyRow) -> str:
    sent = {name: value for name, value in request.form.items() if value}
    said = parsed(Given, {name: sent[name] for name in ("kind", "ref", "person") if name in sent})
    worker = next((each for each in workers_of(house.id) if each.id == said.person), None)
    if said.person is None:
        write(lambda on: assignments.free(said.kind, said.ref, user, on=on))
        return str(_l("%(ref)s is free for all again.", ref=said.ref))
    if worker is None:
        raise Refused(_l("This person does not work in this warehouse."))
    write(
        lambda on: assignments.give(
            said.kind, said.ref, worker.id, user, on=on, warehouse_id=house.id
        )
    )
    return str(_l("%(ref)s is now in the hands of %(name)s.", ref=said.ref, name=worker.name))


def _tasks(user: User, house: AnyRow) -> dict[str, Any]:
    waiting = all_waiting(user, house.id)
    kind, person = request.args.get("kind", ""), request.args.get("person", "")
    found = [task for queue in waiting.queues for task in queue.tasks if kind in ("", task.kind)]
    if person:
        found = [task for task in found if str(task.assigned_to or "nobody") == person]
    return {
        "waiting": waiting,
        "tasks": sorted(found, key=lambda task: order(task, 0, None)[1:]),
        "workers": workers_of(house.id),
        "asked": {"kind": kind, "person": person},
    }


def _chosen(houses: Sequence[AnyRow], user: User) -> AnyRow | None:
    """Return the warehouse of the address, else the reader's own, else the first."""
    code = request.args.get("warehouse")
    if code:
        return next((house for house in houses if house.code == code), None) or abort(404)
    here = presence_of(user.person_id)
    own = next((house for house in houses if here and house.id == here.warehouse_id), None)
    return own or next(iter(houses), None)


def _back() -> str:
    kept = ("warehouse", "kind", "person")
    return with_query(
        url_for(".task_list"),
        [(name, request.args[name]) for name in kept if request.args.get(name)],
    )


def _user() -> User:
    return current_user._get_current_object()


def _common(day: Day) -> dict[str, Any]:
    """Return what every part needs to know."""
    return {
        "day": day,
        "kinds": KINDS,
        "name_in": name_in,
        "label_of": tasks.label_of,
        "most": tasks.MOST,
        **words.NAMES,
    }
