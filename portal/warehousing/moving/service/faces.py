"""Pick locations: how much should lie there, and the tasks that bring it from reserve."""

from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from portal.core import clock, events, scope
from portal.core.db import AnyRow, is_sqlite
from portal.core.errors import FieldError, Invalid, Refused
from portal.core.i18n import lazy as _l
from portal.core.quantities import MOST, written
from portal.warehousing.moving import proposing, rules
from portal.warehousing.moving.events import PickFaceChanged
from portal.warehousing.moving.models import MoveTask, PickFace
from portal.warehousing.moving.proposing import Proposal
from portal.warehousing.moving.rules import Source
from portal.warehousing.moving.service import tasks
from portal.warehousing.moving.service.tasks import Wish
from portal.warehousing.sites.rules import Load, fits, load_of

_FACE, _TASK = PickFace.__table__, MoveTask.__table__


def set_face(
    location: AnyRow, sku: AnyRow, least: Decimal, most: Decimal, *, by: int | None, on: Connection
) -> None:
    """Say how much of goods (a row of ``sku``) should lie at a pick location.

    Raises Refused for a location of another kind or class, Invalid where the most is not above
    the least, or does not fit there. Records PickFaceChanged.
    """
    if location.kind != "pick":
        raise Refused(_l("Location %(code)s is no pick location.", code=location.code))
    if not 0 <= least < most <= MOST:
        message = _l("The most must be above the least.")
        raise Invalid(message, [FieldError("most", message)])
    refusal = fits(location, Load(), load_of(sku, most, sku.id, None))
    if refusal is not None:
        raise Invalid(refusal.message, [FieldError("most", refusal.message)])
    row = {
        "location_id": location.id,
        "sku_id": sku.id,
        "company_id": sku.company_id,
        "warehouse_id": location.warehouse_id,
        "least": least,
        "most": most,
        "changed_at": clock.now(),
    }
    new = sqlite_insert if is_sqlite(on) else postgresql_insert
    setting = new(_FACE).values(**row)
    setting = setting.on_conflict_do_update(
        index_elements=[_FACE.c.location_id, _FACE.c.sku_id],
        set_={name: setting.excluded[name] for name in ("least", "most", "changed_at")},
    )
    on.execute(setting)
    _say(location, sku, (written(least), written(most)), by, on)


def _say(
    location: AnyRow,
    sku: AnyRow,
    amounts: tuple[str | None, str | None],
    by: int | None,
    on: Connection,
) -> None:
    events.record(
        PickFaceChanged(
            actor_id=by,
            company_id=sku.company_id,
            location=location.code,
            sku=sku.code,
            least=amounts[0],
            most=amounts[1],
        ),
        on=on,
    )


def remove_face(location: AnyRow, sku: AnyRow, *, by: int | None, on: Connection) -> None:
    """Let a location be filled no more. Records PickFaceChanged without amounts."""
    f = _FACE.c
    gone = delete(_FACE).where(f.location_id == location.id, f.sku_id == sku.id)
    on.execute(gone.execution_options(**scope.of(sku.company_id)))
    _say(location, sku, (None, None), by, on)


def make_tasks(
    warehouse_id: int, chosen: Collection[str] | None, *, by: int | None, on: Connection
) -> Sequence[AnyRow]:
    """Make the tasks that are proposed now, of ``chosen`` (keys of proposals; None: of all).

    What was proposed on the page and is not any more is left out. Records MoveTaskChanged.
    """
    _hold_faces(warehouse_id, on)
    found = proposing.proposals(warehouse_id, on)
    return _made([p for p in found if chosen is None or p.key in chosen], by, on)


def make_due(warehouse_id: int, *, on: Connection) -> Sequence[AnyRow]:
    """Make the tasks of all pick locations that are below their least, as the portal itself.

    Where people called one off, or skipped one, within ``rules.LEFT_ALONE``, the pick location
    is left to them. Records MoveTaskChanged.
    """
    _hold_faces(warehouse_id, on)
    alone = _left_alone(warehouse_id, on)
    return _made(proposing.proposals(warehouse_id, on, most=None, but=alone), None, on)


def _hold_faces(warehouse_id: int, on: Connection) -> None:
    """Let nobody else make tasks of this warehouse until the transaction ends: none twice."""
    f = _FACE.c
    held = select(f.location_id).where(f.warehouse_id == warehouse_id).with_for_update()
    on.execute(held.order_by(f.location_id, f.sku_id).execution_options(**scope.CENTRE))


def _left_alone(warehouse_id: int, on: Connection) -> set[tuple[int, int]]:
    t = _TASK.c
    ended = select(t.to_id, t.sku_id).where(
        t.warehouse_id == warehouse_id,
        t.kind == "replenish",
        t.state.in_(("cancelled", "skipped")),
        t.closed_at > clock.now() - rules.LEFT_ALONE,
    )
    rows = on.execute(ended.execution_options(**scope.CENTRE))
    return {(row.to_id, row.sku_id) for row in rows}


def _made(found: Iterable[Proposal], by: int | None, on: Connection) -> Sequence[AnyRow]:
    return [
        tasks.make(_wish(proposal, source, quantity), by=by, on=on)
        for proposal in found
        for source, quantity in proposal.sources
    ]


def _wish(proposal: Proposal, source: Source, quantity: Decimal) -> Wish:
    return Wish(
        balance=source.balance,
        quantity=quantity,
        to_id=proposal.face.location_id,
        kind="replenish",
        priority=proposal.priority,
    )
