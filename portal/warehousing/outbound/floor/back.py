"""The floor screens of goods that go back: of orders that were cancelled or given up."""

from flask import Blueprint, redirect, render_template, url_for
from pydantic import Field
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from portal.accounts.access import User
from portal.core.i18n import lazy as _l
from portal.core.quantities import written
from portal.warehousing.floor.commands import HOME, command
from portal.warehousing.floor.said import Answer, Said
from portal.warehousing.floor.service import reading
from portal.warehousing.goods.rules import unit_text
from portal.warehousing.outbound.floor import here
from portal.warehousing.outbound.queries import packs
from portal.warehousing.outbound.rules.picking import BACK
from portal.warehousing.outbound.service import restocking

bp = Blueprint("back_floor", __name__)
SCREEN = f"{HOME}/back"
TASK = "back"


class Put(Said):
    """How many were put into the location that was scanned."""

    quantity: str = Field(default="", max_length=20)


@bp.get("")
def index() -> str | Response:
    """Show the goods that have to be put back."""
    house = here.house()
    if house is None:
        return redirect(url_for("floor.choose"))
    tasks = packs.back_at(house.id, on=here.connection())
    return render_template(
        "warehousing/outbound/floor/back_index.html",
        tasks=tasks,
        name_of=here.name_of,
        written=written,
        unit_text=unit_text,
    )


@bp.get("/<ref>")
def show(ref: str) -> str | Response:
    """Show where goods lie that have to be put back, and where they came from."""
    house = here.house()
    if house is None:
        return redirect(url_for("floor.choose"))
    on = here.connection()
    task = packs.back_task(house.id, ref, on=on)
    return render_template(
        "warehousing/outbound/floor/back.html",
        task=task,
        lying=packs.lies_at(task, on=on),
        reasons=BACK,
        name_of=here.name_of,
        unit_text=unit_text,
        written=written,
    )


@bp.post("/<ref>/put")
@command("outbound.put_back", Put)
def put(said: Put, by: User, on: Connection, ref: str) -> Answer:
    """Put goods into the location that was scanned; they are free stock from then on."""
    task = packs.back_task(reading.warehouse_of(by, on), ref, on=on)
    location = reading.location_of(said.scan, by, on)
    quantity = task.quantity - task.done
    if said.quantity.strip():
        quantity = reading.quantity_of(said.quantity, task)
    hand = here.hand(by, said)
    after = restocking.restock(task.id, quantity, location.id, hand, on=on).task
    is_done = after.done_at is not None
    say = _l(
        "%(count)s × %(sku)s are back at %(code)s.",
        count=written(quantity),
        sku=task.sku,
        code=location.code,
    )
    return Answer(
        say=say,
        next=SCREEN if is_done else f"{SCREEN}/{ref}",
        task=(TASK, ref),
        done=is_done,
        location_id=location.id,
    )
