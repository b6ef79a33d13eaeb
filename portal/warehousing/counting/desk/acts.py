"""What is done with a count at the desk: decided, called off, a place left out or set free."""

from typing import Any

from flask import request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from portal.core.errors import NotFound, Refused
from portal.core.i18n import lazy as _l
from portal.warehousing.counting import rules
from portal.warehousing.counting.desk.blueprint import asker, bp
from portal.warehousing.counting.queries import desk
from portal.warehousing.counting.service import deciding, planning, tallying
from portal.warehousing.counting.service.deciding import DECISIONS, Decision
from portal.warehousing.floor.forms import done

_SAID = {
    "adjust": _l("The ledger has been adjusted."),
    "keep": _l("The ledger stays as it was."),
    "recount": _l("It is counted once more, by somebody else."),
}


@bp.post("/<ref>/lines/<int:line_id>")
def decide(ref: str, line_id: int) -> Response:
    """Decide about one line."""
    count, by = desk.count_for(asker(), ref), asker()
    _own(line_id, desk.lines_of(by, count))
    what, note = request.form.get("what", ""), request.form.get("note", "").strip()
    release = request.form.get("release") == "1"

    def work(on: Connection) -> Any:
        if what not in DECISIONS or len(note) > rules.MAX_NOTE:
            raise Refused(_l("Choose what to do, with at most 300 characters of explanation."))
        wanted = Decision(what=what, note=note or None, release=release)
        deciding.decide(line_id, wanted, by_id=by.person_id or 0, on=on)
        return _SAID[what]

    return done("count.decide", work, _page(ref))


def _own(id_: int, rows: Any) -> None:
    if id_ not in {row.id for row in rows}:
        raise NotFound(_l("There is no such line in this count."))


def _page(ref: str) -> str:
    return url_for("counts_desk.show", ref=ref)


@bp.post("/<ref>/cancel")
def cancel(ref: str) -> Response:
    """Call a count off."""
    count, by_id = desk.count_for(asker(), ref), asker().person_id or 0

    def work(on: Connection) -> Any:
        planning.cancel(count.id, by_id=by_id, on=on)
        return _l("The count was called off.")

    return done("count.cancel", work, _page(ref))


@bp.post("/<ref>/places/<int:place_id>/drop")
def drop(ref: str, place_id: int) -> Response:
    """Leave a place out."""
    _own(place_id, desk.places_of(desk.count_for(asker(), ref)))
    by_id = asker().person_id or 0

    def work(on: Connection) -> Any:
        planning.drop(place_id, by_id=by_id, on=on)
        return _l("The place was left out.")

    return done("count.drop", work, _page(ref))


@bp.post("/<ref>/places/<int:place_id>/free")
def free(ref: str, place_id: int) -> Response:
    """Forget a round that lasts, so that somebody else can count the place."""
    _own(place_id, desk.places_of(desk.count_for(asker(), ref)))
    by_id = asker().person_id or 0

    def work(on: Connection) -> Any:
        tallying.give_up(place_id, by_id=by_id, on=on)
        return _l("What was counted there is forgotten. Somebody else can count it.")

    return done("count.free", work, _page(ref))
