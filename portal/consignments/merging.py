"""How consignments move to another company, with all that hangs on them and all that is counted.

Tracking events and photos are not touched: what happened was recorded for the company that it
was then, and the log is held against it. What is read of them is found by their consignment.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Table, delete, func, select, text, update

from portal.accounts import merging
from portal.accounts.merging import Clash, Rows
from portal.accounts.models import Company
from portal.consignments import fulltext
from portal.consignments.events import ConsignmentAmended
from portal.consignments.models import (
    Address,
    Consignment,
    DeliveryFigure,
    EstimateFigure,
    Incident,
    IncidentCount,
    IncidentFigure,
    IncidentMute,
    IncidentStep,
    Piece,
    StatusCount,
)
from portal.consignments.rules import ordered
from portal.consignments.rules.lessons import Lesson
from portal.consignments.service import learning, totals
from portal.consignments.service.incidents.book import COUNTING, month_of
from portal.consignments.service.totals import Standing
from portal.core import counters, events, scope
from portal.core.db import is_sqlite
from portal.core.i18n import lazy as _l

NAMED = 20  # clashing order numbers that are named one by one
_C, _I = Consignment.__table__, Incident.__table__
#: Rows of these left at nothing go, so that a company that was undone is as it was.
_COUNTED = (
    IncidentCount.__table__,
    IncidentFigure.__table__,
    StatusCount.__table__,
    DeliveryFigure.__table__,
    EstimateFigure.__table__,
)
#: Tables of rows that have both a consignment and a company, and go where the consignment goes.
_followers: list[Table] = []


def follow(table: Table) -> None:
    """Let the rows of a table (columns consignment_id, company_id) go with their consignment."""
    if table not in _followers:
        _followers.append(table)


def join() -> None:
    """Let consignments move, and what a company keeps beside them."""
    follow(Piece.__table__)
    merging.provide(
        "consignment",
        move,
        back,
        label=_l("Consignments"),
        count=Rows(_C).count,
        clashes=_same_order_numbers,
    )
    merging.provide_rows(Rows(Address.__table__), label=_l("Addresses"))
    muted = Rows(IncidentMute.__table__, unique=("person_id",), key="person_id")
    merging.provide_rows(muted, label=_l("Muted mails"))


def _same_order_numbers(gone: int, kept: int, on: Connection) -> Iterable[Clash]:
    """Return the order numbers that both companies have used."""
    other = _C.alias()
    both = (
        select(_C.c.order_ref)
        .join(other, other.c.order_ref == _C.c.order_ref)
        .where(_C.c.company_id == gone, other.c.company_id == kept)
    )
    counted = select(func.count()).select_from(both.subquery())
    number = on.execute(counted.execution_options(**scope.CENTRE)).scalar_one()
    if not number:
        return
    named = both.order_by(_C.c.order_ref).limit(NAMED).execution_options(**scope.CENTRE)
    yield Clash(
        _l(
            "%(number)s order numbers are used by both. Those that move get the old reference "
            "of their company behind their number.",
            number=number,
        ),
        needs_consent=True,
        names=tuple(on.execute(named).scalars()),
    )


def move(gone: int, kept: int, most: int, on: Connection) -> list[Any]:
    """Move the next consignments; return [id, the order number it had if it got another].

    Records ConsignmentAmended for each that got another order number.
    """
    rows = _locked((_C.c.company_id == gone,), most, on)
    renamed = _renamed(rows, gone, kept, on)
    _take(rows, gone, kept, renamed, on)
    return [[row.id, row.order_ref if row.id in renamed else None] for row in rows]


def back(gone: int, kept: int, moved: list[Any], on: Connection) -> None:
    """Move consignments back, each with the order number that it had.

    Records ConsignmentAmended for each that gets its own order number again.
    """
    ids = [row_id for row_id, _ in moved]
    rows = _locked((_C.c.company_id == kept, _C.c.id.in_(ids)), len(ids), on)
    had = {row_id: order_ref for row_id, order_ref in moved if order_ref is not None}
    renamed = {row.id: had[row.id] for row in rows if row.id in had}
    _take(rows, kept, gone, renamed, on)


def _locked(which: Sequence[Any], most: int, on: Connection) -> Sequence[Any]:
    """Return consignments with their rows held, in the order in which batches hold them."""
    query = select(_C).where(*which).order_by(_C.c.no).limit(most).with_for_update()
    return on.execute(query.execution_options(**scope.CENTRE)).all()


def _renamed(rows: Sequence[Any], gone: int, kept: int, on: Connection) -> dict[int, str]:
    """Return id → new order number of those whose order number the other company has used."""
    wanted = [row.order_ref for row in rows if row.order_ref is not None]
    taken = _taken(kept, wanted, on)
    if not taken:
        return {}
    mark = on.execute(select(Company.ref).where(Company.id == gone)).scalar_one()
    new = {row.id: f"{row.order_ref}-{mark}" for row in rows if row.order_ref in taken}
    known = _taken(kept, [*new.values()], on) | _taken(gone, [*new.values()], on)
    numbers = {row.id: row.no for row in rows}
    return {
        row_id: f"{order_ref}-{numbers[row_id]}" if order_ref in known else order_ref
        for row_id, order_ref in new.items()
    }


def _taken(company_id: int, order_refs: Sequence[str], on: Connection) -> set[str]:
    query = select(_C.c.order_ref).where(
        _C.c.company_id == company_id, _C.c.order_ref.in_(order_refs)
    )
    return set(on.execute(query.execution_options(**scope.CENTRE)).scalars())


def _take(
    rows: Sequence[Any], from_: int, to: int, renamed: dict[int, str], on: Connection
) -> None:
    """Let consignments belong to another company, and count them there."""
    ids = [row.id for row in rows]
    if not ids:
        return
    _take_incidents(ids, from_, to, on)
    for table in (_C, *_followers):
        key = table.c.id if table is _C else table.c.consignment_id
        if table is _C and renamed:
            _rename(rows, to, renamed, on)
        _run(update(table).where(key.in_(ids)).values(company_id=to), on)
    _count(rows, to, on)
    for row in rows:
        order_ref = renamed.get(row.id, row.order_ref)
        fulltext.change({**row._mapping, "company_id": to, "order_ref": order_ref}, on=on)
    _sweep((from_, to), on)


def _run(change: Any, on: Connection) -> Any:
    return on.execute(change.execution_options(**scope.CENTRE))


def _rename(rows: Sequence[Any], to: int, renamed: dict[int, str], on: Connection) -> None:
    """Give consignments another order number; the log keeps what was ordered from now on."""
    for row in rows:
        if row.id not in renamed:
            continue
        columns = {"company_id": to, "order_ref": renamed[row.id]}
        _run(update(_C).where(_C.c.id == row.id).values(**columns), on)
        amended = ConsignmentAmended(
            actor_id=None,
            company_id=to,
            no=row.no,
            fields=("order_ref",),
            order=ordered.digest({**row._mapping, **columns}),
        )
        events.record(amended, on=on)


def _count(rows: Sequence[Any], to: int, on: Connection) -> None:
    """Take consignments out of the totals of their company and into those of the other."""
    tally, lessons = totals.Tally(), learning.Tally()
    for row in rows:
        before = Standing.of(row)
        tally.statuses[before.company_id, before.status] -= 1
        tally.statuses[to, before.status] += 1
        tally.weigh(before, -1)
        tally.weigh(before._replace(company_id=to), 1)
        lessons.weigh(Lesson.of(row._asdict()), -1)
        lessons.weigh(Lesson.of({**row._mapping, "company_id": to}), 1)
    tally.write(on)
    lessons.write(on)


def _take_incidents(ids: Sequence[int], from_: int, to: int, on: Connection) -> None:
    """Let the incidents of consignments, their steps and their counts go with them."""
    found = on.execute(
        select(_I)
        .where(_I.c.consignment_id.in_(ids), _I.c.company_id == from_)
        .execution_options(**scope.CENTRE)
    ).all()
    if not found:
        return
    moved = [row.id for row in found]
    steps = IncidentStep.__table__
    _run(update(_I).where(_I.c.id.in_(moved)).values(company_id=to), on)
    _run(update(steps).where(steps.c.incident_id.in_(moved)).values(company_id=to), on)
    if not is_sqlite(on):  # as whoever opens an incident does: writers of counts take turns
        on.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": COUNTING})
    states, months = _incident_sums(found, from_, to)
    counters.add(IncidentCount.__table__, states, on=on)
    counters.add(IncidentFigure.__table__, months, on=on)


def _incident_sums(found: Sequence[Any], from_: int, to: int) -> tuple[list[Any], list[Any]]:
    """Return the rows to add to the counts of incidents by state, and by month."""
    states: Counter[tuple[Any, ...]] = Counter()
    months: Counter[tuple[Any, ...]] = Counter()
    for row in found:
        for company, sign in ((from_, -1), (to, 1)):
            state = (company, row.kind, row.state)
            month = (company, month_of(row.opened_at), row.kind)
            for sums, key in ((states, state), (months, month)):
                sums[*key, "count"] += sign
                sums[*key, "owners"] += sign * row.owner_visible
    return _rows(states, ("company_id", "kind", "state")), _rows(
        months, ("company_id", "month", "kind")
    )


def _rows(sums: Counter[tuple[Any, ...]], names: tuple[str, ...]) -> list[dict[str, Any]]:
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for (*key, amount), number in sums.items():
        row = found.setdefault(tuple(key), dict(zip(names, key, strict=True)))
        row[amount] = number
    return list(found.values())


def _sweep(companies: tuple[int, int], on: Connection) -> None:
    """Delete totals of the two that have come to nothing."""
    for table in _COUNTED:
        amounts = [column for column in table.columns if not column.primary_key]
        nothing = [column == 0 for column in amounts]
        _run(delete(table).where(table.c.company_id.in_(companies), *nothing), on)
