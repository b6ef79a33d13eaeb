"""Reads of tariffs: the one that visitors see, a company's own, and all of them for the desk."""

from typing import Any

from sqlalchemy import select

from portal.accounts.access import User
from portal.accounts.models import Company, Person
from portal.billing.models import Tariff, TariffZone
from portal.billing.rules.tariffs import Prices, Rate, State, Zone, ZoneKind
from portal.core import i18n
from portal.core.db import AnyRow, db
from portal.core.errors import NotFound
from portal.core.events import EventRecord
from portal.core.i18n import TAGS
from portal.core.i18n import lazy as _l

_T, _Z = Tariff.__table__, TariffZone.__table__
AMOUNTS = (
    "fuel_bp",
    "tax_bp",
    "insurance_bp",
    "insurance_least_minor",
    "cod_bp",
    "cod_least_minor",
    "pickup_minor",
    "pallet_day_minor",
    "pallet_in_minor",
    "pallet_out_minor",
    "free_days",
)
MOST = 200


def tariff_for(user: User) -> Tariff | None:
    """Return the tariff by which ``user`` is charged: the company's, else the public one."""
    if user.company_id is None:
        return public_tariff()
    ref = db.session.scalar(select(Company.tariff).where(Company.id == user.company_id))
    own = ref and db.session.scalar(
        select(Tariff).where(_T.c.ref == ref, _T.c.state != State.DRAFT)
    )
    return own or public_tariff()


def public_tariff() -> Tariff | None:
    """Return the tariff of visitors' estimates; None: none is in force."""
    found: Tariff | None = db.session.scalar(
        select(Tariff).where(_T.c.is_public.is_(True), _T.c.state == State.ACTIVE).limit(1)
    )
    return found


def prices_of(tariff: Tariff, locale: str | None = None) -> Prices:
    """Return a tariff as values, its zones named in a language (None: the reader's)."""
    zones = db.session.scalars(
        select(TariffZone).where(_Z.c.tariff_id == tariff.id).order_by(_Z.c.position)
    )
    tag = locale or i18n.tag()
    amounts = {name: getattr(tariff, name) for name in AMOUNTS}
    return Prices(tariff.currency, tuple(_zone(zone, tag) for zone in zones), **amounts)


def _zone(zone: TariffZone, tag: str) -> Zone:
    rates = {service: Rate(**rate) for service, rate in zone.rates.items()}
    name, kind = name_in(zone.names, tag), ZoneKind(zone.kind)
    return Zone(name, kind, zone.km, frozenset(zone.countries), rates)


def name_in(names: dict[str, str], tag: str | None = None) -> str:
    """Return a name in a language (None: the reader's), else in the first that it has."""
    return names.get(tag or i18n.tag()) or next((names[t] for t in TAGS if names.get(t)), "")


def zones_of(tariff: Tariff) -> list[dict[str, Any]]:
    """Return the zones of a tariff as the editor keeps them, in their order."""
    columns = (_Z.c.names, _Z.c.kind, _Z.c.km, _Z.c.countries, _Z.c.rates)
    query = select(*columns).where(_Z.c.tariff_id == tariff.id).order_by(_Z.c.position)
    return [dict(row._mapping) for row in db.session.execute(query)]


def tariffs_for(user: User) -> list[AnyRow]:
    """Return all tariffs, those in force first; raises NotFound for who may see none."""
    _admit(user, "tariffs.see")
    order = {State.ACTIVE: 0, State.DRAFT: 1, State.RETIRED: 2}
    rows = db.session.execute(select(_T).order_by(_T.c.id.desc()).limit(MOST)).all()
    return sorted(rows, key=lambda row: (not row.is_public, order[State(row.state)]))


def tariff_at_desk_for(user: User, ref: str, *, lock: bool = False) -> Tariff:
    """Return one tariff; raises NotFound where there is none, or for who may see none."""
    _admit(user, "tariffs.see")
    query = select(Tariff).where(_T.c.ref == ref)
    found: Tariff | None = db.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise missing()
    return found


def history_for(user: User, tariff: Tariff) -> list[AnyRow]:
    """Return what happened to a tariff, newest first: name, payload, who, recorded_at."""
    _admit(user, "tariffs.see")
    record = EventRecord.__table__
    query = (
        select(record.c.name, record.c.payload, record.c.recorded_at, Person.name.label("who"))
        .outerjoin(Person, Person.id == record.c.actor_id)
        .where(record.c.about == f"tariff:{tariff.ref}")
    )
    return list(db.session.execute(query.order_by(record.c.id.desc()).limit(100)))


def offered() -> list[tuple[str, str]]:
    """Return (reference, name) of the tariffs in force, for the terms of new members."""
    rows = db.session.execute(
        select(_T.c.ref, _T.c.names).where(_T.c.state == State.ACTIVE).order_by(_T.c.id)
    )
    return [(row.ref, name_in(row.names)) for row in rows]


def terms_for(user: User) -> AnyRow:
    """Return a company's terms with its account manager; raises NotFound for who may not see."""
    _admit(user, "terms.see")
    query = (
        select(
            Company.name,
            Company.payment_terms,
            Company.tariff,
            Person.name.label("manager"),
            Person.email.label("manager_email"),
        )
        .outerjoin(Person, Person.id == Company.account_manager_id)
        .where(Company.id == user.company_id)
    )
    found = db.session.execute(query).first()
    if found is None:
        raise missing()
    return found


def missing() -> NotFound:
    """Return the one answer for what is not there and for what is not the asker's."""
    return NotFound(_l("There is no such tariff."))


def _admit(user: User, right: str) -> None:
    if not user.may(right):
        raise missing()
