"""The address book of a company: add, change, remove."""

import secrets
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from portal.consignments.events import AddressAdded, AddressChanged, AddressRemoved
from portal.consignments.models import Address
from portal.consignments.service.orders import Party
from portal.core import clock, events, scope

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
    """Write an entry anew. Records AddressChanged if that changes anything."""
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
    }
