"""The floor screen of a short pick: how many are missing at a stop, and why."""

from collections.abc import Sequence
from typing import Any

from flask import redirect, render_template, request, url_for
from pydantic import Field
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from portal.accounts.access import User
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.core.numbers import row_id
from portal.core.quantities import NOTHING, written
from portal.warehousing.floor.commands import command
from portal.warehousing.floor.said import Answer, Id, Said
from portal.warehousing.floor.service import reading
from portal.warehousing.goods.rules import unit_text
from portal.warehousing.outbound.floor import here
from portal.warehousing.outbound.floor.pick import SCREEN, TASK, bp, is_over, stop_of
from portal.warehousing.outbound.queries import walks
from portal.warehousing.outbound.rules import orders as rules
from portal.warehousing.outbound.rules.picking import REASONS
from portal.warehousing.outbound.service import shorts
from portal.warehousing.outbound.service.shorts import Missing, Short


class Lacking(Said):
    """How many are missing at a stop, and why."""

    stop: Id
    quantity: str = Field(max_length=20)
    reason: str = Field(max_length=20)
    note: str = Field(default="", max_length=300)


@bp.get("/<walk>/short")
def lacking(walk: str) -> str | Response:
    """Ask how many are missing at a stop."""
    house = here.house()
    if house is None:
        return redirect(url_for("floor.choose"))
    found = walks.walk_at(house.id, walk, on=here.connection())
    stop = found.stop(request.args.get("stop", type=row_id))
    reason = request.args.get("reason", "")
    if stop is None or reason not in REASONS:
        raise NotFound(_l("Nothing is to be picked here any more."))
    return render_template(
        "warehousing/outbound/floor/pick_short.html",
        walk=found,
        stop=stop,
        reason=reason,
        reasons=REASONS,
        name_of=here.name_of,
        unit_text=unit_text,
        written=written,
    )


@bp.post("/<walk>/short")
@command("outbound.short", Lacking)
def short(said: Lacking, by: User, on: Connection, walk: str) -> Answer:
    """Report that goods are missing or not fit; others are looked for at once."""
    stop = stop_of(walk, said.stop, by, on)
    missing = Missing(
        quantity=reading.quantity_of(said.quantity, here.ByUnit(stop.first.unit)),
        reason=said.reason,
        note=said.note.strip() or None,
        picture_key=said.picture_key,
    )
    found = shorts.report(walk, said.stop, missing, here.hand(by, said), on=on)
    return Answer(
        say=_outcome(found),
        cue="warn",
        next=f"{SCREEN}/{walk}",
        task=(TASK, walk),
        done=is_over(walk, by, on),
    )


def _outcome(found: Sequence[Short]) -> Any:
    missing = sum((each.quantity for each in found), NOTHING)
    replaced = sum((each.replaced for each in found), NOTHING)
    if replaced == missing:
        return _l("Noted. %(count)s are found elsewhere, on your way.", count=written(missing))
    if any(each.order.status == rules.BACKORDERED for each in found):
        return _l("Noted. The order wants all or nothing: it waits, what was picked goes back.")
    if replaced:
        return _l(
            "Noted. %(count)s are found elsewhere, %(rest)s are not sent now.",
            count=written(replaced),
            rest=written(missing - replaced),
        )
    return _l(
        "Noted. %(count)s are not sent now. The place will be counted.", count=written(missing)
    )
