"""The floor screens of counting: scan the location, then what lies there, then end."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask_login import current_user
from pydantic import Field
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from portal.accounts.access import User
from portal.core.i18n import lazy as _l
from portal.core.links import with_query
from portal.core.numbers import row_id
from portal.core.quantities import written
from portal.warehousing.counting import rules
from portal.warehousing.counting.queries import accuracy_for, places
from portal.warehousing.counting.service import scanning, tallying
from portal.warehousing.floor import tasks
from portal.warehousing.floor.commands import HOME, command
from portal.warehousing.floor.queries.waiting import presence_of
from portal.warehousing.floor.said import Answer, Id, Said
from portal.warehousing.floor.service import reading
from portal.warehousing.floor.service.reading import Labelled
from portal.warehousing.floor.tasks import Task
from portal.warehousing.floor.views import here_in
from portal.warehousing.goods.queries import sku_row
from portal.warehousing.goods.rules import unit_text
from portal.warehousing.sites.queries import warehouses_for

bp = Blueprint("count_floor", __name__)
SCREEN = f"{HOME}/count"
TASK = "count"


@bp.record_once
def _give_names(state: BlueprintSetupState) -> None:
    """Let the owner’s page of stock, which lies beside counts, show how right it was."""
    state.app.jinja_env.globals["stock_accuracy"] = lambda: accuracy_for(_user())


class Counted(Said):
    """How many of which goods; ``holds``: base units in one of what was counted."""

    sku_id: Id
    company_id: Id
    quantity: str = Field(max_length=20)
    holds: str = Field(default="1", max_length=20)
    lot: str = Field(default="", max_length=60)
    expires_on: date | None = None
    new_lot: str = ""


def _user() -> User:
    user: User = current_user._get_current_object()
    return user


@bp.get("")
def index() -> str | Response:
    """Show the places that wait to be counted, in walking order."""
    user = _user()
    house = here_in(warehouses_for(user), presence_of(user.person_id))
    if house is None:
        return redirect(url_for("floor.choose"))
    waiting = places.waiting_for(user, house.id)
    return render_template(
        "warehousing/counting/floor/index.html", waiting=waiting, statuses=rules.PLACE_STATUSES
    )


@bp.get("/<int:place_id>")
def place(place_id: int) -> str | Response:
    """Show the place that one counts: what was scanned so far, never what is expected."""
    user = _user()
    row = places.place_for(user, place_id)
    if row.counting_id != user.person_id:
        return redirect(url_for(".index"))
    return render_template(
        "warehousing/counting/floor/place.html",
        place=row,
        tallies=places.own_tallies(user, row),
        again=places.to_recount(row) if row.round > 1 else [],
        only=places.skus_named(row.only_skus) if row.only_skus else [],
        chosen=_chosen(),
        needs_lot=reading.needs_lot,
        unit_text=unit_text,
        written=written,
    )


def _chosen() -> Mapping[str, Any] | None:
    """Return the goods that were scanned just now, with what the label said of them."""
    sku_id = request.args.get("goods", type=row_id)
    if sku_id is None:
        return None
    sku = places.sku_by_id(sku_id)
    if sku is None:
        abort(404)
    named = ("holds", "lot", "expires_on", "quantity")
    return {"sku": sku, **{name: request.args.get(name, "")[:60] for name in named}}


@bp.post("/begin")
@command("count.begin", Said)
def begin(said: Said, by: User, on: Connection) -> Answer:
    """Begin counting the location that was scanned."""
    row, location = scanning.begin_at(said.scan, by, on)
    return Answer(
        say=_l("Count what lies at %(code)s.", code=location.code),
        next=f"{SCREEN}/{row.id}",
        task=(TASK, str(row.id)),
        location_id=location.id,
    )


@bp.post("/<int:place_id>/look")
@command("count.look", Said)
def look(said: Said, by: User, on: Connection, place_id: int) -> Answer:
    """Take goods that were scanned: ask for what the label did not say, or count them at once."""
    seen = scanning.seen_at(place_id, said.scan, on)
    label = scanning.label_of(seen)
    if scanning.is_complete(seen):
        many = Decimal(1) if seen.sku.lot_policy == "serial" else seen.scan.quantity or Decimal(1)
        return _tallied(place_id, seen.sku, label, many * seen.holds, by=by, on=on)
    asked = {
        "goods": str(seen.sku.id),
        "holds": written(seen.holds),
        "lot": label.lot,
        "expires_on": label.expires_on.isoformat() if label.expires_on else "",
        "quantity": written(seen.scan.quantity) if seen.scan.quantity else "",
    }
    return Answer(
        say=_l("%(sku)s: how many?", sku=seen.sku.name),
        next=with_query(f"{SCREEN}/{place_id}", asked.items()),
        task=(TASK, str(place_id)),
    )


def _undo(given: Mapping[str, Any], by: User, on: Connection) -> Answer:
    """Take the last count back."""
    tallying.void(int(given["tally"]), by_id=by.person_id or 0, on=on)
    return Answer(say=_l("Taken back. Count it again."), next=f"{SCREEN}/{given['place']}")


@bp.post("/<int:place_id>/tally")
@command("count.tally", Counted, undo=_undo)
def tally(said: Counted, by: User, on: Connection, place_id: int) -> Answer:
    """Count so many of the goods that were scanned."""
    sku = sku_row(said.sku_id, said.company_id, on)
    quantity = reading.quantity_of(said.quantity, sku, _holds(said, sku))
    label = Labelled(lot=said.lot, expires_on=said.expires_on, is_new=bool(said.new_lot))
    return _tallied(place_id, sku, label, quantity, by=by, on=on)


def _holds(said: Counted, sku: Any) -> Decimal:
    return reading.quantity_of(said.holds, sku)


def _tallied(
    place_id: int, sku: Any, label: Labelled, quantity: Decimal, *, by: User, on: Connection
) -> Answer:
    id_ = scanning.count(place_id, sku, label, quantity, by=by, on=on)
    return Answer(
        say=_l(
            "%(sku)s × %(quantity)s %(unit)s",
            sku=sku.name,
            quantity=written(quantity),
            unit=unit_text(sku.unit),
        ),
        next=f"{SCREEN}/{place_id}",
        task=(TASK, str(place_id)),
        undo={"tally": id_, "place": place_id},
    )


@bp.post("/<int:place_id>/finish")
@command("count.finish", Said)
def finish(said: Said, by: User, on: Connection, place_id: int) -> Answer:
    """End the round; whether it was right is told to nobody who counts."""
    tallying.finish(place_id, by_id=by.person_id or 0, on=on)
    return Answer(
        say=_l("Counted. Go on with the next place."),
        next=SCREEN,
        task=(TASK, str(place_id)),
        done=True,
    )


def waiting_tasks(user: User, warehouse_id: int) -> Iterable[Task]:
    """Return the places that ``user`` may count as tasks of the floor."""
    for row in places.waiting_for(user, warehouse_id):
        again = row.status == "recount" or row.round > 1
        yield Task(
            ref=str(row.id),
            kind=TASK,
            title=_l("Count again") if again else _l("Count all that lies there"),
            url=SCREEN,
            where=row.code,
            walk=row.walk,
            priority=60 if again else 80,
            since=row.created_at,
        )


tasks.provide(TASK, _l("Counting"), waiting_tasks)
tasks.provide_screen("count_floor.index", _l("Count"))
