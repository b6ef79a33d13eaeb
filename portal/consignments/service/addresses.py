"""The address book of a company: add, change, remove."""

import secrets
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from portal.consignments.events import AddressAdded, AddressChanged, AddressRemoved
from portal.consignments.models import Address
from portal.consignments.service import locating
from portal.consignments.service.orders import Order, Party
from portal.core import clock, events, scope
from portal.core.errors import Invalid
from portal.core.i18n import lazy as _l
from portal.places import rules

_A = Address.__table__


def add(company_id: int, party: Party, *, by: int | None, on: Connection) -> str:
    """Add an entry and return its reference; the same entry again is the same entry.

    Records AddressAdded.
    """
    if (known := _same(company_id, party, on)) is not None:
        return known
    ref = f"A{secrets.token_hex(6).upper()}"
    values = {"ref": ref, "company_id": company_id, "created_at": clock.now()}
    on.execute(insert(_A).values(**values, **_columns(party)))
    events.record(AddressAdded(actor_id=by, company_id=company_id, ref=ref), on=on)
    return ref


def change(entry: Any, party: Party, *, by: int, on: Connection) -> None:
    """Write an entry anew; who has not moved keeps the position that people gave.

    Records AddressChanged if that changes anything.
    """
    if all(getattr(entry, name) == getattr(party, name) for name in ("address", "city", "country")):
        party = replace(party, lat=entry.lat, lon=entry.lon, confidence=entry.confidence)
    changed = {k: v for k, v in _columns(party).items() if getattr(entry, k) != v}
    if not changed:
        return
    on.execute(
        update(_A)
        .where(_A.c.id == entry.id)
        .values(**changed)
        .execution_options(**scope.of(entry.company_id))
    )
    named = {"company_id": entry.company_id, "ref": entry.ref}
    events.record(AddressChanged(actor_id=by, fields=tuple(sorted(changed)), **named), on=on)


def remove(entry: Any, *, by: int, on: Connection) -> None:
    """Remove an entry; consignments have copies of their own. Records AddressRemoved."""
    on.execute(
        delete(_A).where(_A.c.id == entry.id).execution_options(**scope.of(entry.company_id))
    )
    removed = AddressRemoved(actor_id=by, company_id=entry.company_id, ref=entry.ref)
    events.record(removed, on=on)


def _same(company_id: int, party: Party, on: Connection) -> str | None:
    named = _A.c.company_id == company_id, _A.c.name == party.name
    query = select(_A.c.ref).where(*named, _A.c.phone == party.phone, _A.c.address == party.address)
    found = on.scalar(query.execution_options(**scope.of(company_id)))
    return None if found is None else str(found)


def _columns(party: Party) -> dict[str, Any]:
    return {
        "name": party.name,
        "phone": party.phone,
        "address": party.address,
        "city": party.city,
        "country": party.country,
        "postcode": party.postcode,
        "division_code": party.division,
        **dict(zip(_POSITION, locating.position(party), strict=True)),
    }


_POSITION = ("lat", "lon", "confidence")


def with_positions(order: Order, company_id: int, *, on: Connection) -> Order:
    """Return the order with positions that people have given to the same addresses before."""
    known = _positions(company_id, (order.consignor, order.consignee), on)
    return replace(
        order,
        consignor=_positioned(order.consignor, known),
        consignee=_positioned(order.consignee, known),
    )


def _positions(company_id: int, parties: Iterable[Party], on: Connection) -> dict[Any, Any]:
    streets = [party.address for party in parties if party.address and party.lat is None]
    if not streets:
        return {}
    query = select(_A).where(
        _A.c.company_id == company_id,
        _A.c.address.in_(streets),
        _A.c.confidence >= rules.CHOSEN,
    )
    rows = on.execute(query.execution_options(**scope.of(company_id)))
    return {(row.address, row.city, row.country): row for row in rows}


def _positioned(party: Party, known: dict[Any, Any]) -> Party:
    entry = known.get((party.address, party.city, party.country))
    if entry is None or party.lat is not None:
        return party
    return replace(party, lat=entry.lat, lon=entry.lon, confidence=entry.confidence)


def locate(entry: Any, at: tuple[float, float, float], *, by: int, on: Connection) -> None:
    """Put one entry at (lat, lon, confidence).

    Raises Invalid for what is no position on earth. Records AddressChanged.
    """
    if faults := rules.faults(at[0], at[1]):
        raise Invalid(_l("Please check what you entered."), faults)
    there = update(_A).where(_A.c.id == entry.id).values(**dict(zip(_POSITION, at, strict=True)))
    on.execute(there.execution_options(**scope.of(entry.company_id)))
    named = {"company_id": entry.company_id, "ref": entry.ref}
    events.record(AddressChanged(actor_id=by, fields=("lat", "lon"), **named), on=on)


def put(
    company_id: int, party: Any, at: tuple[float, float, float], *, by: int, on: Connection
) -> int:
    """Put every entry of the address of ``party`` at (lat, lon, confidence); return how many.

    Raises Invalid for what is no position on earth. Records AddressChanged for each.
    """
    if faults := rules.faults(at[0], at[1]):
        raise Invalid(_l("Please check what you entered."), faults)
    same = (
        _A.c.company_id == company_id,
        _A.c.address == party.address,
        _A.c.city == party.city,
        _A.c.country == party.country,
    )
    put_there = update(_A).where(*same).values(**dict(zip(_POSITION, at, strict=True)))
    found = on.execute(
        put_there.returning(_A.c.ref).execution_options(**scope.of(company_id))
    ).all()
    for row in found:
        changed = AddressChanged(
            actor_id=by, company_id=company_id, ref=row.ref, fields=("lat", "lon")
        )
        events.record(changed, on=on)
    return len(found)
