"""The floor screens of sets: what to take from where, then scan where the sets are put."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user
from pydantic import ConfigDict, Field
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from portal.accounts.access import User
from portal.core import clock, quantities
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.core.quantities import NOTHING, written
from portal.warehousing.floor import tasks
from portal.warehousing.floor.commands import HOME, command
from portal.warehousing.floor.queries.waiting import presence_of
from portal.warehousing.floor.said import Answer, Said
from portal.warehousing.floor.service import reading
from portal.warehousing.floor.tasks import Task
from portal.warehousing.floor.views import here_in
from portal.warehousing.goods.queries import sku_rows
from portal.warehousing.kits import rows, rules
from portal.warehousing.kits.labels import labels_of, needing
from portal.warehousing.kits.queries import orders
from portal.warehousing.kits.service import doing, ordering
from portal.warehousing.kits.service.doing import Doing
from portal.warehousing.kits.shown import around, words_of
from portal.warehousing.sites.queries import warehouses_for

bp = Blueprint("kit_floor", __name__)
SCREEN = f"{HOME}/kit"
TASK = "kit"


class Done(Said):
    """So many sets, and by ``scan`` the location where they were put.

    More fields name lots and dates of goods that are told apart: ``lot_ID``, ``expires_ID``.
    """

    model_config = ConfigDict(extra="allow", str_strip_whitespace=True, str_max_length=200)
    sets: str = Field(max_length=20)


def _user() -> User:
    user: User = current_user._get_current_object()
    return user


@bp.get("")
def index() -> str | Response:
    """Show the orders of sets that can be gone on with."""
    user = _user()
    house = here_in(warehouses_for(user), presence_of(user.person_id))
    if house is None:
        return redirect(url_for("floor.choose"))
    waiting = orders.waiting_for(user, house.id)
    return render_template("warehousing/kits/floor/index.html", waiting=waiting, **words_of())


@bp.post("/begin")
@command("kit.begin", Said)
def begin(said: Said, by: User, on: Connection) -> Answer:
    """Open the order whose reference was scanned."""
    order = ordering.held(said.scan, on)
    if order.warehouse_id != reading.warehouse_of(by, on):
        raise Refused(_l("%(ref)s is done in another warehouse.", ref=order.ref))
    rules.check_open(order.status)
    return Answer(
        say=_l("%(ref)s: take the goods named here.", ref=order.ref),
        next=f"{SCREEN}/{order.ref}",
        task=(TASK, order.ref),
    )


@bp.get("/<ref>")
def order(ref: str) -> str | Response:
    """Show what to take from where for so many sets, and ask where they are put."""
    row = orders.order_for(_user(), ref)
    shown = around(row)
    if not shown["is_open"]:
        return redirect(url_for(".index"))
    sets = _sets(shown["doable"])
    return render_template(
        "warehousing/kits/floor/order.html",
        sets=sets,
        taking=_taking(shown["uses"], sets),
        asked=needing(shown["outputs"]),
        written=written,
        **shown,
    )


def _sets(most: Decimal) -> Decimal:
    """Return how many sets the person wants to do at once: all that can be, unless he says so."""
    try:
        wanted = quantities.read(request.args.get("sets", ""))
    except ValueError:
        return most
    return min(max(wanted.to_integral_value(), Decimal(1)), most) if most > NOTHING else most


def _taking(uses: Iterable[Any], sets: Decimal) -> list[tuple[Any, Any, Decimal]]:
    """Return what to take in walking order: (goods, promise with its place and lot, how many)."""
    found = []
    for use in uses:
        parts, _missing = rules.parted(use.promised, use.line.per_kit * sets)
        found += [(use.sku, taken, many) for taken, many in parts]
    return sorted(found, key=lambda each: (each[1].place.walk, each[0].code))


def _undo(given: Mapping[str, Any], by: User, on: Connection) -> Answer:
    """Take the last sets back."""
    held = ordering.held(str(given["ref"]), on)
    doing.undo(int(given["run"]), held, by=by.person_id, on=on)
    return Answer(
        say=_l("Taken back. Put the goods where they lay before."), next=f"{SCREEN}/{held.ref}"
    )


@bp.post("/<ref>/do")
@command("kit.do", Done, undo=_undo)
def do(said: Done, by: User, on: Connection, ref: str) -> Answer:
    """Do so many sets and put them to the location that was scanned."""
    held = ordering.held(ref, on)
    if held.warehouse_id != reading.warehouse_of(by, on):
        raise Refused(_l("%(ref)s is done in another warehouse.", ref=held.ref))
    place = reading.location_of(said.scan, by, on)
    sets = _number(said.sets)
    parts = rows.outputs(held, on)
    skus = sku_rows([part.sku_id for part in parts], held.company_id, on)
    labels = labels_of(
        needing((skus[part.sku_id], part.quantity) for part in parts), said.model_extra or {}
    )
    what = Doing(quantity=sets, location_id=place.id, labels=labels)
    run = doing.do(held, what, by=by.person_id, on=on)
    is_over = held.done + sets >= held.quantity
    return Answer(
        say=_l(
            "%(sets)s sets of %(code)s done, put to %(location)s.",
            sets=written(sets),
            code=ordering.code_of(held, on),
            location=place.code,
        ),
        next=SCREEN if is_over else f"{SCREEN}/{held.ref}",
        undo={"run": run, "ref": held.ref},
        task=(TASK, held.ref),
        done=is_over,
        location_id=place.id,
    )


def _number(text: str) -> Decimal:
    try:
        return quantities.read(text)
    except ValueError:
        raise Refused(_l("That is no quantity. Type a number such as 12.")) from None


def waiting_tasks(user: User, warehouse_id: int) -> Iterable[Task]:
    """Return the orders of sets that can be gone on with as tasks of the floor."""
    for row in orders.waiting_for(user, warehouse_id):
        left = written(row.quantity - row.done)
        making = row.kind == rules.MAKE
        yield Task(
            ref=row.ref,
            kind=TASK,
            title=_l("Make %(sets)s × %(name)s", sets=left, name=row.name)
            if making
            else _l("Take apart %(sets)s × %(name)s", sets=left, name=row.name),
            url=f"{SCREEN}/{row.ref}",
            due_at=_end_of(row.wanted_on),
            since=row.created_at,
        )


def _end_of(day: Any) -> datetime | None:
    return None if day is None else datetime.combine(day, time(18), clock.zone())


tasks.provide(TASK, _l("Sets"), waiting_tasks)
tasks.provide_screen("kit_floor.index", _l("Sets"))
