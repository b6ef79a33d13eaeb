"""The rules at work: what happened is read from the log, what time brings from ``check_at``.

Nothing is asked of those who push events. Each batch is one short transaction that advances the
reader's place together with what followed from it; two workers do not do the same twice.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, insert, select, update

from portal.consignments.events import EstimateRenewed
from portal.consignments.models import Consignment, IncidentWatch
from portal.consignments.rules import incidents as rules
from portal.consignments.rules.incident_words import closed_by_itself
from portal.consignments.rules.incidents import BY_RULE, Finding, Hours, Look, State
from portal.consignments.service import renewing
from portal.consignments.service.incidents import locking
from portal.consignments.service.incidents.book import Book
from portal.consignments.service.incidents.noting import close
from portal.core import clock, scope
from portal.core.db import AnyRow, db, transaction
from portal.core.events import EventRecord

AT_ONCE = 200  # events, or consignments, in one transaction
_C = Consignment.__table__
_E = EventRecord.__table__
_W = IncidentWatch.__table__
#: What the rules ask of a consignment.
FACTS = (
    *(_C.c[name] for name in ("id", "no", "company_id", "status", "head_at", "last_at")),
    *(_C.c[name] for name in ("pickup_planned", "open_incidents", "check_at")),
    *(_C.c[name] for name in renewing.NEEDED),
)
#: Events of consignments whose payload is about anything but the incidents themselves.
_NEWS = (
    select(_E.c.position, _E.c.name, _E.c.about)
    .where(_E.c.position > bindparam("after"))
    .order_by(_E.c.position)
    .limit(AT_ONCE)
)
DUE = (
    select(_C.c.no)
    .where(_C.c.check_at <= bindparam("now"))
    .order_by(_C.c.check_at, _C.c.id)
    .limit(AT_ONCE)
    .execution_options(**scope.CENTRE)
)
_PLACE = select(_W.c.position)
_CHECK = update(_C).where(_C.c.id == bindparam("row")).values(check_at=bindparam("next"))
_ABOUT = "consignment:"


def read_log(changes: Mapping[str, float]) -> int:
    """Look at what the next events of the log are about; return how many events were read.

    ``changes``: the centre’s own hours, as in the setting INCIDENT_HOURS.
    """
    after = db.session.scalar(_PLACE)
    news = db.session.execute(_NEWS, {"after": after or 0}).all()
    if not news:
        db.session.commit()
        return 0
    numbers = sorted({n.about.removeprefix(_ABOUT) for n in news if _is_moving(n)})
    hours = rules.thresholds(changes)
    touched = [row.no for row in _facts(numbers) if _is_worth_a_look(row, hours)]
    with transaction():
        on = db.session.connection()
        if on.scalar(_PLACE.with_for_update()) == after:
            _judge(touched, hours, on)
            _advance(after, news[-1].position, on)
    return len(news)


def check_due(changes: Mapping[str, float]) -> int:
    """Look at those consignments whose time has come; return how many there were."""
    numbers = db.session.scalars(DUE, {"now": clock.now()}).all()
    if not numbers:
        db.session.commit()
        return 0
    with transaction():
        _judge(numbers, rules.thresholds(changes), db.session.connection())
    return len(numbers)


def _is_moving(news: Any) -> bool:
    if news.name == EstimateRenewed.name:  # judged when it was made
        return False
    return news.name.startswith("consignment.") and (news.about or "").startswith(_ABOUT)


def _facts(numbers: Sequence[str]) -> Sequence[AnyRow]:
    return db.session.execute(_select(numbers)).all() if numbers else []


def _select(numbers: Sequence[str]) -> Select[Any]:
    query = select(*FACTS).where(_C.c.no.in_(numbers)).order_by(_C.c.no)
    return query.execution_options(**scope.CENTRE)


def _is_worth_a_look(row: Any, hours: Hours) -> bool:
    """Return whether the rules have anything to write: mostly an event changes nothing.

    A time in ``check_at`` that comes too early does no harm and stays.
    """
    if row.history:
        return False
    seen = rules.look(row, clock.now(), hours)
    next_at = _next_at(row, seen)
    earlier = next_at and (row.check_at is None or next_at < row.check_at)
    return bool(seen.findings or row.open_incidents or earlier)


def _next_at(row: Any, seen: Look) -> datetime | None:
    """Return when time alone may say more: a rule, or an estimate that has passed by then."""
    times = (seen.next_at, renewing.next_at(row, clock.now()))
    return min((at for at in times if at is not None), default=None)


def _advance(after: int | None, position: int, on: Connection) -> None:
    if after is None:
        on.execute(insert(_W).values(id=1, position=position))
    else:
        on.execute(update(_W).values(position=position))


def _judge(numbers: Sequence[str], hours: Hours, on: Connection) -> None:
    """Open, change and close what the rules say of these consignments; set their next look.

    What was expected of them and has passed is estimated anew before.
    """
    if not numbers:
        return
    rows = renewing.renew(on.execute(_select(numbers).with_for_update(of=_C)).all(), on)
    known = _by_consignment(locking.of_consignments([row.id for row in rows], on))
    book = Book()
    checks = []
    for row in rows:
        seen = rules.look(row, clock.now(), hours)
        _apply(book, row, seen, known[row.id])
        if (next_at := _next_at(row, seen)) != row.check_at:
            checks.append({"row": row.id, "next": next_at})
    book.post(on)
    if checks:
        on.execute(_CHECK, checks, execution_options=scope.CENTRE)


def _by_consignment(incidents: Iterable[AnyRow]) -> Mapping[int, list[AnyRow]]:
    found: dict[int, list[AnyRow]] = defaultdict(list)
    for incident in incidents:
        found[incident.consignment_id].append(incident)
    return found


def _apply(book: Book, row: Any, seen: Look, known: Sequence[AnyRow]) -> None:
    still_open = {each.kind: each for each in known if each.closed_at is None}
    for finding in seen.findings:
        incident = still_open.get(finding.kind)
        if incident is None:
            if not _was_raised(finding, known):
                book.open(row, finding.kind, opened_by="rule", predicted=finding.predicted)
        elif incident.predicted and not finding.predicted:
            book.change(incident, "came_true", predicted=False)
    for kind, incident in still_open.items():
        by_rule = incident.opened_by == "rule" and kind in BY_RULE
        if rules.is_cured(kind, by_rule, row.status, seen.findings):
            close(book, incident, State.RESOLVED, closed_by_itself(row.status))


def _was_raised(finding: Finding, known: Sequence[AnyRow]) -> bool:
    """Return whether somebody has closed an incident for the very same cause before."""
    return any(each.kind == finding.kind and each.opened_at >= finding.since for each in known)
