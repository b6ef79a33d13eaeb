"""Where the parties of a consignment are: found as it is written, put right by people."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from sqlalchemy import Connection, update

from portal.consignments.events import ConsignmentAmended
from portal.consignments.models import Consignment
from portal.consignments.rules.moves import SETTLED
from portal.consignments.service import estimates
from portal.consignments.service.estimates import ANEW
from portal.core import clock, events, jobs, scope
from portal.core.errors import FieldError, Invalid, Refused
from portal.core.i18n import lazy as _l
from portal.places import elsewhere, queries, rules
from portal.places.rules import Place

_C = Consignment.__table__
Side = Literal["consignor", "consignee"]
SIDES: tuple[Side, Side] = ("consignor", "consignee")
#: What says where a party is.
WHERE = ("address", "city", "country", "postcode", "division")
#: The job that asks a geocoder elsewhere, when there is one.
KIND = "places.locate"


def found(party: Any) -> Place | None:
    """Return the likeliest place of a party: of anything that has the fields of WHERE."""
    return queries.find(
        party.address,
        city=party.city,
        country=party.country,
        division_code=party.division,
        postcode=party.postcode,
    )


def position(party: Any) -> tuple[float | None, float | None, float | None]:
    """Return (lat, lon, confidence): as given where it is, else as found; None: not known."""
    if party.lat is None or party.lon is None:
        place = found(party)
        return (None, None, None) if place is None else (place.lat, place.lon, place.confidence)
    if party.confidence is not None:
        return party.lat, party.lon, party.confidence
    return party.lat, party.lon, queries.trust(party.lat, party.lon, found(party))


def faults(party: Any, division: str | None, *, prefix: str) -> list[FieldError]:
    """Return what is wrong with the position that a party was given, by field."""
    if party.lat is None or party.lon is None:
        return rules.faults(party.lat, party.lon, prefix=prefix)
    near = queries.find(
        party.address,
        city=party.city,
        country=party.country,
        division_code=division,
        postcode=party.postcode,
    )
    return rules.faults(party.lat, party.lon, prefix=prefix, near=near)


def columns(side: str, party: Any) -> dict[str, Any]:
    """Return the columns of the position of one side."""
    lat, lon, confidence = position(party)
    return {f"{side}_lat": lat, f"{side}_lon": lon, f"{side}_confidence": confidence}


def unsure(row: Mapping[str, Any]) -> int:
    """Return how many sides of a consignment are to be put right: of those that are somewhere."""
    return sum(
        rules.is_low(row[confidence]) and bool(row[city] or row[address] or row[country])
        for confidence, city, address, country in _JUDGED
    )


_JUDGED = tuple(
    tuple(f"{side}_{name}" for name in ("confidence", "city", "address", "country"))
    for side in SIDES
)


class _Side:
    """One side of a consignment with changes put over it, as a party."""

    confidence = None

    def __init__(self, row: Mapping[str, Any], side: str) -> None:
        self._row, self._side = row, side

    def __getattr__(self, name: str) -> Any:
        return self._row[f"{self._side}_{name}"]


def party_of(consignment: Any, side: str) -> Any:
    """Return one side of a consignment as a party: anything with the fields of WHERE."""
    return _Side(consignment._mapping, side)


def moved(consignment: Any, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of the positions that follow from ``changes`` to a consignment.

    Whoever moves is looked for again, unless the changes say where he is now.
    """
    before = dict(consignment._mapping)
    after, new = {**before, **changes}, dict[str, Any]()
    for side in SIDES:
        named = [f"{side}_{name}" for name in (*WHERE, "lat", "lon")]
        if f"{side}_confidence" in changes or all(after[n] == before[n] for n in named):
            continue
        if changes.get(f"{side}_lat") is None:
            after |= {f"{side}_lat": None, f"{side}_lon": None}
        new |= columns(side, _Side(after, side))
    if not new and not any(f"{side}_confidence" in changes for side in SIDES):
        return {}
    return {**new, "unsure_places": unsure({**after, **new})}


def missing(consignment: Any) -> dict[str, Any]:
    """Return the columns of positions that were never looked for; {}: all were."""
    row = dict(consignment._mapping)
    new: dict[str, Any] = {}
    for side in SIDES:
        if row[f"{side}_confidence"] is None:
            new |= columns(side, _Side(row, side))
    return {**new, "unsure_places": unsure({**row, **new})} if new else {}


def correct(
    consignment: Any, side: Side, at: tuple[float, float, float], *, by: int, on: Connection
) -> None:
    """Put one side where a person says it is: latitude, longitude, confidence.

    Raises Invalid for what is no position on earth, Refused for what goes nowhere any more.
    Records ConsignmentAmended.
    """
    lat, lon, confidence = at
    if faults := rules.faults(lat, lon):
        raise Invalid(_l("Please check what you entered."), faults)
    if consignment.status in SETTLED:
        raise Refused(_l("This consignment is settled; its places stay as they are."))
    position = {f"{side}_lat": lat, f"{side}_lon": lon, f"{side}_confidence": confidence}
    write(consignment, position, on=on)
    amended = ConsignmentAmended(
        actor_id=by,
        company_id=consignment.company_id,
        no=consignment.no,
        fields=(f"{side}_lat", f"{side}_lon"),
    )
    events.record(amended, on=on)


def write(consignment: Any, position: Mapping[str, Any], *, on: Connection) -> None:
    """Write columns of positions, how many are unsure now, and what is expected from there."""
    row = {**consignment._mapping, **position}
    expected = estimates.first_for(row).columns
    on.execute(
        update(_C)
        .where(_C.c.id == consignment.id)
        .values(**position, **expected, **ANEW, unsure_places=unsure(row), changed_at=clock.now())
        .execution_options(**scope.of(consignment.company_id))
    )


def ask_online(company_id: int, ids: Iterable[int], *, on: Connection) -> None:
    """Let a worker ask the geocoder of GEOCODER_URL for these consignments, if there is one."""
    if elsewhere.is_set():
        jobs.owe(KIND, {"company": company_id, "consignments": list(ids)}, on=on)
