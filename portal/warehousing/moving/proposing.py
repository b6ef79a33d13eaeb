"""What is to be brought to pick locations now: by four statements, whatever their number."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, func, select, type_coerce

from portal.accounts.models import Company
from portal.core import scope
from portal.core.db import AnyRow
from portal.core.quantities import NOTHING, Quantity
from portal.warehousing.goods.models import Sku, SkuUnit
from portal.warehousing.ledger.models import Balance, Lot
from portal.warehousing.ledger.rules import APPROVED
from portal.warehousing.moving import rules
from portal.warehousing.moving.models import MoveTask, PickFace
from portal.warehousing.moving.rules import Source
from portal.warehousing.sites.models import Location

_F, _B, _T, _S, _UNIT, _LOT, _L, _COMPANY = (
    model.__table__ for model in (PickFace, Balance, MoveTask, Sku, SkuUnit, Lot, Location, Company)
)
MOST = 2000  # pick locations that are looked at for one page
Key = tuple[int, int]


@dataclass(frozen=True)
class Proposal:
    """A pick location below its least, and from where it is filled.

    ``face``: columns of ``pick_face`` with ``location, walk, sku, name, unit, company``.
    ``missing``: what reserve does not have.
    """

    face: AnyRow
    have: Decimal
    coming: Decimal
    wanted: Decimal
    sources: Sequence[tuple[Source, Decimal]]

    @property
    def key(self) -> str:
        """What names it in a form."""
        return f"{self.face.location_id}-{self.face.sku_id}"

    @property
    def found(self) -> Decimal:
        """How much of it there is in reserve."""
        return sum((quantity for _source, quantity in self.sources), start=NOTHING)

    @property
    def priority(self) -> int:
        """How soon it is to be done: an empty location first."""
        return rules.EMPTY if self.have == NOTHING else rules.LOW


def proposals(
    warehouse_id: int, on: Connection, *, most: int | None = MOST, but: Container[Key] = ()
) -> list[Proposal]:
    """Return what is to be replenished in a warehouse, empty locations first, then by the walk.

    What lies in reserve is given out once: what one location takes another cannot. ``most``: how
    many pick locations are looked at, in walking order; None: all of them. ``but``: those
    (location, SKU) that are left alone.
    """
    faces = _faces(warehouse_id, most, on)
    have, coming = _lying(warehouse_id, on), _open(warehouse_id, _T.c.to_id, on)
    short = []
    for face in faces:
        key = (face.location_id, face.sku_id)
        there, on_its_way = have.get(key, NOTHING), coming.get(key, NOTHING)
        amount = rules.wanted(face.least, face.most, there, on_its_way)
        if amount > NOTHING and key not in but:
            short.append((face, there, on_its_way, amount))
    short.sort(key=lambda each: (each[1] > NOTHING, each[0].walk))
    return _filled(short, warehouse_id, on)


def _filled(
    short: Sequence[tuple[AnyRow, Decimal, Decimal, Decimal]], warehouse_id: int, on: Connection
) -> list[Proposal]:
    skus = {face.sku_id for face, *_ in short}
    sources, packs = _sources(warehouse_id, skus, on), _packs(skus, on)
    found = []
    for face, have, coming, amount in short:
        turn = rules.in_turn(sources[face.sku_id], by_expiry=face.has_expiry)
        drawn = rules.drawn(amount, turn, pack=packs.get(face.sku_id, NOTHING))
        sources[face.sku_id] = _less(turn, {s.balance.id: q for s, q in drawn})
        found.append(Proposal(face, have, coming, amount, drawn))
    return found


def _less(sources: Sequence[Source], taken: Mapping[int, Decimal]) -> list[Source]:
    """Return what is left of sources of which some was given out."""
    rest = (
        Source(s.balance, s.free - taken.get(s.balance.id, NOTHING), s.expires_on, s.since)
        for s in sources
    )
    return [source for source in rest if source.free > NOTHING]


def _faces(warehouse_id: int, most: int | None, on: Connection) -> Sequence[AnyRow]:
    named = (
        _L.c.code.label("location"),
        _L.c.walk,
        _S.c.code.label("sku"),
        _S.c.name,
        _S.c.names,
        _S.c.unit,
        _S.c.has_expiry,
        _COMPANY.c.name.label("company"),
    )
    joined = (
        _F.join(_L, _L.c.id == _F.c.location_id)
        .join(_S, _S.c.id == _F.c.sku_id)
        .join(_COMPANY, _COMPANY.c.id == _F.c.company_id)
    )
    wanted = select(_F, *named).select_from(joined).where(_F.c.warehouse_id == warehouse_id)
    wanted = wanted.where(_L.c.active, _L.c.blocked.is_(None)).order_by(_L.c.walk).limit(most)
    return on.execute(wanted.execution_options(**scope.CENTRE)).all()


def _difference(more: Any, less: Any) -> Any:
    """Return the sum of one column of quantities without that of another."""
    return type_coerce(func.sum(more) - func.sum(less), Quantity())


def _lying(warehouse_id: int, on: Connection) -> dict[Key, Decimal]:
    """Return (location, SKU) → what of it lies at pick locations and is not promised."""
    free = _difference(_B.c.on_hand, _B.c.allocated).label("free")
    wanted = select(_B.c.location_id, _B.c.sku_id, free)
    wanted = wanted.join_from(_B, _F, (_F.c.location_id == _B.c.location_id))
    wanted = wanted.where(_F.c.sku_id == _B.c.sku_id, _F.c.warehouse_id == warehouse_id)
    wanted = wanted.where(_B.c.status == APPROVED).group_by(_B.c.location_id, _B.c.sku_id)
    rows = on.execute(wanted.execution_options(**scope.CENTRE))
    return {(row.location_id, row.sku_id): row.free for row in rows}


def _open(warehouse_id: int, column: Any, on: Connection) -> dict[Key, Decimal]:
    """Return (location, SKU) → what open tasks bring there, or (``from_id``) take away."""
    left = _difference(_T.c.quantity, _T.c.done).label("left")
    wanted = select(column.label("location_id"), _T.c.sku_id, left)
    wanted = wanted.where(_T.c.warehouse_id == warehouse_id, _T.c.closed_at.is_(None))
    rows = on.execute(wanted.group_by(column, _T.c.sku_id).execution_options(**scope.CENTRE))
    return {(row.location_id, row.sku_id): row.left for row in rows}


def _sources(
    warehouse_id: int, skus: Iterable[int], on: Connection
) -> defaultdict[int, list[Source]]:
    """Return SKU → what of it is free in reserve and not on its way already."""
    place = (_L.c.code.label("location"), _LOT.c.code.label("lot"), _LOT.c.expires_on)
    joined = _B.join(_L, _L.c.id == _B.c.location_id).join(_LOT, _LOT.c.id == _B.c.lot_id)
    wanted = select(_B, *place).select_from(joined).where(_B.c.warehouse_id == warehouse_id)
    wanted = wanted.where(_B.c.sku_id.in_(sorted(skus)), _B.c.status == APPROVED)
    wanted = wanted.where(_L.c.kind.in_(rules.SOURCES), _L.c.active, _L.c.blocked.is_(None))
    wanted = wanted.where(_B.c.on_hand > _B.c.allocated)
    gone = _leaving(warehouse_id, on)
    found: defaultdict[int, list[Source]] = defaultdict(list)
    for row in on.execute(wanted.execution_options(**scope.CENTRE)):
        key = (row.location_id, row.sku_id, row.lot_id, row.handling_unit_id)
        free = row.on_hand - row.allocated - gone.get(key, NOTHING)
        if free > NOTHING:
            found[row.sku_id].append(Source(row, free, row.expires_on, row.since))
    return found


def _leaving(warehouse_id: int, on: Connection) -> dict[tuple[Any, ...], Decimal]:
    """Return (location, SKU, lot, handling unit) → what open tasks take from there."""
    t = _T.c
    left = _difference(t.quantity, t.done).label("left")
    key = (t.from_id, t.sku_id, t.lot_id, t.handling_unit_id)
    wanted = select(*key, left).where(t.warehouse_id == warehouse_id, t.closed_at.is_(None))
    rows = on.execute(wanted.group_by(*key).execution_options(**scope.CENTRE))
    return {(r.from_id, r.sku_id, r.lot_id, r.handling_unit_id): r.left for r in rows}


def _packs(skus: Iterable[int], on: Connection) -> dict[int, Decimal]:
    """Return SKU → base units in a case."""
    wanted = select(_UNIT.c.sku_id, _UNIT.c.holds).where(_UNIT.c.sku_id.in_(sorted(skus)))
    wanted = wanted.where(_UNIT.c.level == "case").execution_options(**scope.CENTRE)
    return {row.sku_id: row.holds for row in on.execute(wanted)}
