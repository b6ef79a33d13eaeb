"""What happens to tariffs; what is in force is never changed, a copy of it is."""

from typing import Any

from sqlalchemy import delete, update

from portal.accounts.access import User
from portal.accounts.service.companies import new_ref
from portal.billing import queries
from portal.billing.events import TariffMoved, TariffSaved
from portal.billing.models import Tariff, TariffZone
from portal.billing.rules import tariffs as rules
from portal.billing.rules.tariffs import State
from portal.core import clock, events
from portal.core.db import db
from portal.core.errors import Invalid, Refused
from portal.core.i18n import lazy as _l


def draft(names: dict[str, str], currency: str, *, by: User) -> Tariff:
    """Begin a tariff without zones. Records TariffSaved."""
    tariff = Tariff(
        ref=new_ref("T"),
        names=names,
        currency=currency,
        state=State.DRAFT,
        made_by_id=by.person_id,
        created_at=clock.now(),
    )
    db.session.add(tariff)
    db.session.flush()
    _saved(tariff, by)
    return tariff


def copy(tariff: Tariff, *, by: User) -> Tariff:
    """Begin a tariff that is like another one. Records TariffSaved."""
    made = draft(tariff.names, tariff.currency, by=by)
    for name in queries.AMOUNTS:
        setattr(made, name, getattr(tariff, name))
    _set_zones(made, queries.zones_of(tariff))
    return made


def save(tariff: Tariff, values: dict[str, Any], zones: list[dict[str, Any]], *, by: User) -> None:
    """Change a draft: its names, amounts and zones. Records TariffSaved.

    Raises Refused for a tariff that is or was in force.
    """
    if tariff.state != State.DRAFT:
        raise Refused(_l("A tariff that is or was in force stays as it is. Copy it."))
    for name, value in values.items():
        setattr(tariff, name, value)
    _set_zones(tariff, zones)
    _saved(tariff, by)


def _set_zones(tariff: Tariff, zones: list[dict[str, Any]]) -> None:
    table = TariffZone.__table__
    db.session.execute(delete(table).where(table.c.tariff_id == tariff.id))
    for at, zone in enumerate(zones, 1):
        db.session.add(TariffZone(tariff_id=tariff.id, position=at, **zone))
    db.session.flush()


def activate(tariff: Tariff, *, by: User) -> None:
    """Put a draft in force. Records TariffMoved.

    Raises Invalid while its zones are not complete.
    """
    state = rules.advance(tariff.state, State.ACTIVE)
    errors = rules.check(queries.zones_of(tariff))
    if errors:
        raise Invalid(_l("This tariff is not complete."), errors)
    tariff.state, tariff.active_from = state, clock.now()
    _moved(tariff, by)


def publish(tariff: Tariff, *, by: User) -> None:
    """Make visitors' estimates from this tariff, no longer from another. Records TariffMoved."""
    if tariff.state != State.ACTIVE:
        raise Refused(_l("Put the tariff in force first."))
    table = Tariff.__table__
    db.session.execute(update(table).where(table.c.is_public.is_(True)).values(is_public=False))
    tariff.is_public = True
    _moved(tariff, by)


def retire(tariff: Tariff, *, by: User) -> None:
    """Take a tariff out of force: nobody is given it any more; who has it keeps it.

    Raises Refused for the one that visitors see: there must be one. Records TariffMoved.
    """
    if tariff.is_public:
        raise Refused(
            _l("Visitors’ estimates are made from this tariff. Publish another one first.")
        )
    tariff.state, tariff.retired_at = rules.advance(tariff.state, State.RETIRED), clock.now()
    _moved(tariff, by)


def remove(tariff: Tariff) -> None:
    """Remove a draft; raises Refused for any other."""
    if tariff.state != State.DRAFT:
        raise Refused(_l("Only drafts are removed."))
    db.session.execute(delete(TariffZone).where(TariffZone.tariff_id == tariff.id))
    db.session.execute(delete(Tariff).where(Tariff.id == tariff.id))


def _saved(tariff: Tariff, by: User) -> None:
    events.record(TariffSaved(actor_id=by.person_id, company_id=None, ref=tariff.ref))


def _moved(tariff: Tariff, by: User) -> None:
    moved = TariffMoved(
        actor_id=by.person_id,
        company_id=None,
        ref=tariff.ref,
        state=str(tariff.state),
        is_public=tariff.is_public,
    )
    events.record(moved)
