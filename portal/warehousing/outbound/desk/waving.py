"""What a supervisor does with waves: make, release, give up, add, take out."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import flash, redirect, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from portal.core.db import write
from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.warehousing.ledger.service.commands import MAX_KEY, Command, once
from portal.warehousing.outbound.desk.blueprint import waves_bp
from portal.warehousing.outbound.queries import waves as queries
from portal.warehousing.outbound.queries.visible import order_for
from portal.warehousing.outbound.rules.waves import MOST_ORDERS
from portal.warehousing.outbound.service import waves as service
from portal.warehousing.outbound.service.waves import NewWave
from portal.warehousing.outbound.shown.entering import asker
from portal.warehousing.sites import queries as sites


@waves_bp.post("/make")
def make() -> Response:
    """Make a wave of the orders that were chosen; release it at once if that was asked."""
    user = asker()
    house = sites.warehouse_for(user, request.form.get("warehouse", ""))
    chosen = _chosen()
    new = NewWave(
        warehouse_id=house.id,
        orders=chosen,
        method=request.form.get("method", "order"),
        service=request.form.get("service") or None,
        zone_id=queries.zones_named(house.id).get(request.form.get("zone", "")),
    )
    is_released = request.form.get("do") == "release"

    def work(on: Connection) -> Any:
        wave = service.make(new, by=user.person_id, on=on)
        return service.release(wave.id, by=user.person_id, on=on) if is_released else wave

    said = _on_the_floor if is_released else _planned
    return _done("wave.make", work, said, url_for(".index", warehouse=house.code))


def _chosen() -> list[tuple[int, int]]:
    """Return the orders (id, company) that were ticked; raises NotFound for what is not there."""
    refs = request.form.getlist("order")[: MOST_ORDERS + 1]
    return [(row.id, row.company_id) for row in (order_for(asker(), ref) for ref in refs)]


@waves_bp.post("/<ref>/release")
def release(ref: str) -> Response:
    """Give a planned wave to the floor."""
    wave, by = queries.wave_for(asker(), ref), asker().person_id
    return _done(
        "wave.release",
        lambda on: service.release(wave.id, by=by, on=on),
        _on_the_floor,
        url_for(".detail", ref=ref),
    )


@waves_bp.post("/<ref>/give-up")
def give_up(ref: str) -> Response:
    """Take all orders out of a wave."""
    wave, by = queries.wave_for(asker(), ref), asker().person_id
    return _done(
        "wave.give_up",
        lambda on: service.give_up(wave.id, by=by, on=on),
        _given_up,
        url_for(".detail", ref=ref),
    )


@waves_bp.post("/<ref>/take-out")
def take_out(ref: str) -> Response:
    """Take orders out of a wave."""
    wave, by = queries.wave_for(asker(), ref), asker().person_id
    found = [order_for(asker(), each) for each in request.form.getlist("order")[:MOST_ORDERS]]
    mine = [order for order in found if order.wave_id == wave.id]

    def work(on: Connection) -> Any:
        for order in sorted(mine, key=lambda each: int(each.id)):
            service.take_out(order, by=by, on=on)
        return wave

    return _done("wave.take_out", work, _changed, url_for(".detail", ref=ref))


def _on_the_floor(ref: str) -> str:
    return _("%(ref)s is on the floor.", ref=ref)


def _planned(ref: str) -> str:
    return _("%(ref)s is planned.", ref=ref)


def _given_up(ref: str) -> str:
    return _("%(ref)s is given up; its orders wait for another wave.", ref=ref)


def _changed(ref: str) -> str:
    return _("%(ref)s is changed.", ref=ref)


def _done(
    name: str, work: Callable[[Connection], Any], said: Callable[[str], str], back: str
) -> Response:
    """Do something with a wave once; show where it led, or why it was refused."""
    given: dict[str, Sequence[str]] = {
        key: request.form.getlist(key) for key in request.form if key not in ("csrf_token", "once")
    }
    key = request.form.get("once", "")[:MAX_KEY]
    command = Command(key, name, {"path": request.path, **given})

    def answer(on: Connection) -> dict[str, Any]:
        return {"ref": work(on).ref}

    try:
        made = write(lambda on: once(command, asker(), answer, on=on) if key else answer(on))
    except PortalError as error:
        flash(str(error), "bad")
        return redirect(back)
    flash(said(made["ref"]), "good")
    return redirect(url_for(".detail", ref=made["ref"]))
