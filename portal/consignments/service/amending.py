"""Amending consignments, as long as their goods wait for us."""

from typing import Any

from sqlalchemy import Connection, update

from portal.consignments import fulltext
from portal.consignments.events import ConsignmentAmended
from portal.consignments.models import Consignment
from portal.consignments.rules import moves, ordered, promise
from portal.consignments.rules.vocabulary import VOCABULARY, Status
from portal.consignments.service import estimates, locating, totals
from portal.consignments.service.estimates import ANEW
from portal.core import clock, events, scope
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l

_C = Consignment.__table__
_POSITIONS = frozenset({"consignor_lat", "consignee_lat"})
#: What follows from other changes, and need not be told.
_DERIVED = frozenset({"consignor_confidence", "consignee_confidence", "unsure_places"})


def amend(consignment: Any, changes: dict[str, Any], *, by: int, on: Connection) -> None:
    """Change what may still be changed: parties, window, note; ``changes`` are columns.

    What is promised and expected follows a changed window or place, and so do the totals.
    Raises Refused once the goods were picked up. Records ConsignmentAmended.
    """
    if consignment.status not in moves.AMENDABLE:
        word = VOCABULARY[Status(consignment.status)].text
        raise Refused(
            _l("This consignment is “%(status)s” and can no longer be changed.", status=word)
        )
    asked = {**_promised_anew(consignment, changes), **changes}
    asked |= locating.moved(consignment, asked)
    changed = {name: value for name, value in asked.items() if getattr(consignment, name) != value}
    if not changed:
        return
    expected = estimates.first_for({**consignment._asdict(), **changed})
    on.execute(
        update(_C)
        .where(_C.c.id == consignment.id)
        .values(**{**changed, **expected.columns, **ANEW}, changed_at=clock.now())
        .execution_options(**scope.of(consignment.company_id))
    )
    totals.apply([totals.changed(consignment, changed)], on=on)
    fulltext.change({**consignment._mapping, **changed}, on=on)
    amended = ConsignmentAmended(
        actor_id=by,
        company_id=consignment.company_id,
        no=consignment.no,
        fields=tuple(sorted(changed.keys() - _DERIVED)),
        order=ordered.digest({**consignment._mapping, **changed}),
    )
    events.record(amended, on=on)
    if changed.keys() & _POSITIONS:
        locating.ask_online(consignment.company_id, [consignment.id], on=on)


def _promised_anew(consignment: Any, changes: dict[str, Any]) -> dict[str, Any]:
    """Return the planned delivery if it follows from the changes that it is another one.

    Where it does not, a time that the centre has agreed otherwise stays as it is.
    """
    terms = {name: getattr(consignment, name) for name in _TERMS}
    before, after = _planned(consignment, terms), _planned(consignment, {**terms, **changes})
    return {} if before == after else {"delivery_planned": after}


_TERMS = ("service", "ordered_at", "consignee_country", "window_to")


def _planned(consignment: Any, terms: dict[str, Any]) -> Any:
    return promise.planned_delivery(
        terms["service"],
        terms["ordered_at"],
        clock.zone(),
        abroad=promise.is_abroad(terms["consignee_country"]),
        until=terms["window_to"],
    )
