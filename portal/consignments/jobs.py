"""Looking for the places of consignments outside of requests: at a geocoder, or afterwards."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import structlog
from sqlalchemy import select

from portal.consignments.models import Consignment
from portal.consignments.rules.moves import SETTLED
from portal.consignments.service import locating
from portal.core import clock, scope
from portal.core.db import db, transaction
from portal.places import elsewhere, online
from portal.places.rules import CHOSEN, Place

_C = Consignment.__table__
BATCH = 200
log = structlog.get_logger()


def handle(payload: dict[str, Any]) -> None:
    """Ask the geocoder for consignments; bears being run twice.

    No transaction is open while it is asked. What it cannot answer stays as we found it.
    """
    if not elsewhere.is_set():
        return
    for row in _rows(payload["company"], payload["consignments"]):
        better = _better(row)
        clock.breathe()
        if better:
            _keep(row, better)


def _rows(company_id: int, ids: list[int]) -> list[Any]:
    query = select(_C).where(_C.c.company_id == company_id, _C.c.id.in_(ids))
    rows = db.session.execute(query.execution_options(**scope.of(company_id))).all()
    db.session.commit()
    return list(rows)


def _better(row: Any) -> dict[str, Place]:
    """Return by side what the geocoder knows better than we do."""
    found: dict[str, Place] = {}
    for side in locating.SIDES:
        known = getattr(row, f"{side}_confidence") or 0.0
        place = None if known >= CHOSEN else _asked(row, side)
        if place is not None and place.confidence > known:
            found[side] = place
    return found


def _asked(row: Any, side: str) -> Place | None:
    words = (getattr(row, f"{side}_{name}") for name in ("address", "city", "postcode"))
    text = ", ".join(filter(None, words))
    try:
        return online.find(text, getattr(row, f"{side}_country")) if text else None
    except online.GeopyError as fault:
        log.warning("places.geocoder_failed", error=type(fault).__name__)
        return None


def _keep(row: Any, better: dict[str, Place]) -> None:
    """Keep what was found, unless the party has moved or was put right meanwhile."""
    with transaction():
        fresh = next(iter(_locked(row)), None)
        if fresh is None:
            return
        position: dict[str, Any] = {}
        for side, place in better.items():
            named = [f"{side}_{name}" for name in (*locating.WHERE, "confidence")]
            if all(getattr(fresh, name) == getattr(row, name) for name in named):
                values = {k: v for k, v in asdict(place).items() if k in _KEPT}
                position |= {f"{side}_{name}": value for name, value in values.items()}
        if position:
            locating.write(fresh, position, on=db.session.connection())


_KEPT = ("lat", "lon", "confidence")


def _locked(row: Any) -> list[Any]:
    query = select(_C).where(_C.c.id == row.id).with_for_update()
    return list(db.session.execute(query.execution_options(**scope.of(row.company_id))))


def locate_all() -> int:
    """Look for the places of what is under way and was never looked for; return how many."""
    count = 0
    for ids in _unlocated():
        with transaction():
            query = select(_C).where(_C.c.id.in_(ids)).with_for_update()
            for row in db.session.execute(query.execution_options(**scope.CENTRE)).all():
                if position := locating.missing(row):
                    position.pop("unsure_places")
                    locating.write(row, position, on=db.session.connection())
                    count += 1
    return count


def _unlocated() -> Iterator[list[int]]:
    last = 0
    while True:
        query = (
            select(_C.c.id)
            .where(_C.c.id > last, _C.c.status.not_in(SETTLED))
            .where(_C.c.consignee_confidence.is_(None))
            .order_by(_C.c.id)
            .limit(BATCH)
        )
        ids = list(db.session.scalars(query.execution_options(**scope.CENTRE)))
        db.session.commit()
        if not ids:
            return
        yield ids
        last = ids[-1]
