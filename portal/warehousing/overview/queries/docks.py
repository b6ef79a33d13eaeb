"""Today's slots at the docks, and what stands there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.accounts.models import Company
from portal.core import scope
from portal.core.db import AnyRow, db
from portal.warehousing.inbound.models.notice import InboundNotice
from portal.warehousing.inbound.rules.states import EXPECTED, RECEIVABLE, STATES
from portal.warehousing.inbound.rules.states import FLAGS as COMING_FLAGS
from portal.warehousing.outbound.models.orders import OutboundOrder
from portal.warehousing.outbound.rules import orders as going
from portal.warehousing.outbound.shown.words import FLAGS as GOING_FLAGS
from portal.warehousing.overview.queries.day import Day
from portal.warehousing.sites.queries import booked_between, docks_of

_NOTICE, _ORDER, _COMPANY = (m.__table__ for m in (InboundNotice, OutboundOrder, Company))
_LEFT = frozenset({going.SHIPPED, going.CLOSED})
MOST = 100  # of what stands at the docks


@dataclass(frozen=True)
class Slot:
    """One slot of a dock today: for what, whose, and how far that is."""

    about: str
    owner: str
    starts_at: datetime
    ends_at: datetime
    way: str  # in, out
    status: str
    name: Any
    flag: str
    is_late: bool


@dataclass(frozen=True)
class DockDay:
    """One dock: its slots in their order, and the notices whose vehicle stands there now."""

    code: str
    slots: Sequence[Slot]
    standing: Sequence[AnyRow]


def docks_today(warehouse_id: int, day: Day) -> list[DockDay]:
    """Return the docks of a warehouse with what is booked there today."""
    booked = booked_between(warehouse_id, day.begins, day.ends)
    standing = _standing(warehouse_id)
    states, owners = _states({row.about for row in booked}), _owners(booked)
    slots = [(row.dock, _slot(row, states, owners, day)) for row in booked]
    return [
        DockDay(
            dock.code,
            [slot for code, slot in slots if code == dock.code],
            [row for row in standing if row.dock_id == dock.id],
        )
        for dock in docks_of(warehouse_id)
        if dock.active
    ]


def _standing(warehouse_id: int) -> Sequence[AnyRow]:
    c = _NOTICE.c
    wanted = select(c.ref, c.dock_id, c.status, c.vehicle, _COMPANY.c.name.label("owner"))
    wanted = wanted.join_from(_NOTICE, _COMPANY, _COMPANY.c.id == c.company_id)
    wanted = wanted.where(c.warehouse_id == warehouse_id, c.status.in_(RECEIVABLE)).limit(MOST)
    return db.session.execute(wanted.execution_options(**scope.CENTRE)).all()


def _states(refs: Iterable[str]) -> dict[str, str]:
    """Return reference → status of the notices and orders."""
    names = sorted(refs)
    found: dict[str, str] = {}
    for table, mark in ((_NOTICE, "IN"), (_ORDER, "OUT")):
        some = [name for name in names if name.startswith(mark)]
        if some:
            wanted = select(table.c.ref, table.c.status).where(table.c.ref.in_(some))
            rows = db.session.execute(wanted.execution_options(**scope.CENTRE))
            found |= {row.ref: row.status for row in rows}
    return found


def _owners(booked: Sequence[AnyRow]) -> dict[int, str]:
    ids = {row.company_id for row in booked}
    if not ids:
        return {}
    wanted = select(_COMPANY.c.id, _COMPANY.c.name).where(_COMPANY.c.id.in_(ids))
    return {row.id: row.name for row in db.session.execute(wanted)}


def _slot(row: AnyRow, states: Mapping[str, str], owners: Mapping[int, str], day: Day) -> Slot:
    status, is_out = states.get(row.about, ""), row.about.startswith("OUT")
    names: Mapping[str, Any] = going.STATUSES if is_out else STATES
    flags = GOING_FLAGS if is_out else COMING_FLAGS
    awaited = status not in _LEFT if is_out else status in EXPECTED
    return Slot(
        about=row.about,
        owner=owners.get(row.company_id, ""),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        way="out" if is_out else "in",
        status=status,
        name=names.get(status, ""),
        flag=flags.get(status, "draft"),
        is_late=awaited and (row.ends_at if is_out else row.starts_at) < day.now,
    )
