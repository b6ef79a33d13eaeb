"""The floor screens of full cartons: weigh, label, open again, void, stage."""

from decimal import Decimal

from pydantic import Field
from sqlalchemy import Connection

from portal.accounts.access import User
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.core.quantities import NOTHING
from portal.warehousing.floor.commands import command
from portal.warehousing.floor.said import Answer, Said
from portal.warehousing.floor.service import reading
from portal.warehousing.outbound.floor import here
from portal.warehousing.outbound.floor.pack import SCREEN, TASK, OfCarton, bp, order_at
from portal.warehousing.outbound.rules import cartons as rules
from portal.warehousing.outbound.service import cartons, closing, packing
from portal.warehousing.outbound.service.closing import Scales


class Weighing(OfCarton):
    """What the scales show, in grams, and a word where that is far off."""

    weight: str = Field(max_length=12)
    note: str = Field(default="", max_length=300)


@bp.post("/<ref>/close")
@command("outbound.carton_close", Weighing)
def close(said: Weighing, by: User, on: Connection, ref: str) -> Answer:
    """Close the carton with its weight; its label can be printed then."""
    order = order_at(ref, by, on)
    scales = Scales(
        weight_g=_grams(said.weight),
        note=said.note.strip() or None,
        may_accept=by.may("warehouse.supervise"),
    )
    done = closing.close(order, said.carton, scales, here.hand(by, said), on=on)
    say = _l("Carton %(number)s is closed. Put its label on.", number=done.number)
    return Answer(say=say, next=f"{SCREEN}/{ref}", task=(TASK, ref))


def _grams(text: str) -> int:
    """Return grams as typed: ``2080``, or kilograms with a point: ``2.08``."""
    plain = text.strip().replace(",", ".")
    try:
        value = Decimal(plain)
    except ArithmeticError:
        value = NOTHING
    grams = value * 1000 if "." in plain else value
    if not grams.is_finite() or not 0 < grams <= rules.MOST_G:
        raise Refused(
            _l("Say what the scales show: grams such as 2080, or kilograms such as 2.08.")
        )
    return int(grams)


@bp.post("/<ref>/open")
@command("outbound.carton_open", OfCarton)
def reopen(said: OfCarton, by: User, on: Connection, ref: str) -> Answer:
    """Open a closed carton again."""
    done = closing.reopen(order_at(ref, by, on), said.carton, here.hand(by, said), on=on)
    say = _l("Carton %(number)s is open again. Weigh it anew.", number=done.number)
    return Answer(say=say, cue="warn", next=f"{SCREEN}/{ref}", task=(TASK, ref))


@bp.post("/<ref>/void")
@command("outbound.carton_void", OfCarton)
def give_up(said: OfCarton, by: User, on: Connection, ref: str) -> Answer:
    """Void an empty carton: its label counts no more."""
    packing.give_up(order_at(ref, by, on), said.carton, here.hand(by, said), on=on)
    return Answer(say=_l("The carton is void."), next=f"{SCREEN}/{ref}", task=(TASK, ref))


@bp.post("/<ref>/stage")
@command("outbound.stage", Said)
def stage(said: Said, by: User, on: Connection, ref: str) -> Answer:
    """Lay all closed cartons of an order down at the staging place that was scanned."""
    order = order_at(ref, by, on)
    location = reading.location_of(said.scan, by, on)
    closed = [each for each in cartons.all_of(order, on=on) if each.status == "packed"]
    if not closed:
        raise Refused(_l("No carton of this order waits to be staged."))
    for carton in closed:
        closing.stage(order, carton.id, location.id, here.hand(by, said), on=on)
    return Answer(
        say=_l(
            "%(count)s cartons of %(ref)s stand at %(code)s.",
            count=len(closed),
            ref=ref,
            code=location.code,
        ),
        next=SCREEN,
        task=(TASK, ref),
        done=True,
        location_id=location.id,
    )
