"""Deeds of work: goods handed over on time, goods announced as they came."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, insert, or_, select, update

from portal.accounts.models import Membership
from portal.club.points.models import PointMark
from portal.club.points.service.deeds import Deed, settle
from portal.consignments.models import Consignment
from portal.core import clock, scope
from portal.warehousing.inbound.models import Difference, InboundNotice

_C, _DIFFERENCE, _MARK, _MEMBER, _NOTICE = (
    model.__table__ for model in (Consignment, Difference, PointMark, Membership, InboundNotice)
)
#: A consignment is judged so long after it was entered: by then it was picked up, or late.
JUDGED_AFTER = timedelta(days=2)
HANDOVERS = "handovers"  # name of the mark
#: Who enters a notice for a member announces nothing himself.
NOT_ANNOUNCED = ("desk", "floor")


def follow_notice(row: Any, on: Connection) -> None:
    """Act on a notice that moved, or a difference of it that was settled."""
    judge_notice(row.payload["ref"], row.recorded_at, on=on)


def judge_notice(ref: str, at: datetime, *, on: Connection) -> None:
    """Credit who announced goods, or take that back.

    A notice is accurate if its goods lie in storage, were announced before they came, and nothing
    differed but what turned out to be the centre's mistake.
    """
    of_notice = select(_NOTICE).where(_NOTICE.c.ref == ref)
    notice = on.execute(of_notice.execution_options(**scope.CENTRE)).first()
    if notice is None or notice.status != "completed" or notice.created_by_id is None:
        return
    if notice.source in NOT_ANNOUNCED or not is_member(notice.created_by_id, notice.company_id, on):
        return
    deed = Deed("notice", f"inbound:{notice.ref}", notice.created_by_id, notice.company_id, at)
    settle(deed, _is_accurate(notice, on), on=on)


def _is_accurate(notice: Any, on: Connection) -> bool:
    arrived = notice.reached.get("arrived") or notice.reached.get("receiving")
    if arrived is None or notice.created_at >= datetime.fromisoformat(arrived):
        return False
    mine = (_DIFFERENCE.c.notice_id == notice.id, _is_members())
    differing = select(func.count()).select_from(_DIFFERENCE).where(*mine)
    return not on.scalar(differing.execution_options(**scope.CENTRE))


def _is_members() -> Any:
    return or_(_DIFFERENCE.c.outcome.is_(None), _DIFFERENCE.c.outcome != "found")


def judge_handovers(most: int, *, on: Connection) -> int:
    """Judge the next consignments that are old enough, each once; return how many."""
    before = clock.now() - JUDGED_AFTER
    place = _place(before, on)
    wanted = select(
        *(_C.c[name] for name in ("id", "no", "company_id", "created_by_id", "created_at")),
        *(_C.c[name] for name in ("pickup_planned", "pickup_actual", "status", "history")),
    ).where(_C.c.id > place)
    found = on.execute(wanted.order_by(_C.c.id).limit(most).execution_options(**scope.CENTRE)).all()
    judged = [row for row in found if row.created_at <= before]
    for row in judged:
        hand_over(row, on=on)
    if judged:
        mine = update(_MARK).where(_MARK.c.name == HANDOVERS)
        on.execute(mine.values(place=judged[-1].id))
    return len(judged)


def _place(before: Any, on: Connection) -> int:
    """Return up to where consignments are judged; it begins with those of now, not of the past."""
    found = on.scalar(select(_MARK.c.place).where(_MARK.c.name == HANDOVERS).with_for_update())
    if found is not None:
        return int(found)
    last = select(func.max(_C.c.id)).where(_C.c.created_at <= before)
    place = int(on.scalar(last.execution_options(**scope.CENTRE)) or 0)
    on.execute(insert(_MARK).values(name=HANDOVERS, place=place))
    return place


def hand_over(row: Any, *, on: Connection) -> None:
    """Credit who ordered a consignment that was picked up by the promised time."""
    on_time = None not in (row.pickup_planned, row.pickup_actual) and (
        row.pickup_actual <= row.pickup_planned
    )
    if not on_time or row.history or row.status == "cancelled" or row.created_by_id is None:
        return
    if is_member(row.created_by_id, row.company_id, on):
        cause = f"consignment:{row.no}"
        deed = Deed("handover", cause, row.created_by_id, row.company_id, row.pickup_actual)
        settle(deed, True, on=on)


def is_member(person_id: int, company_id: int, on: Connection) -> bool:
    """Return whether somebody works for a company."""
    mine = (_MEMBER.c.person_id == person_id, _MEMBER.c.company_id == company_id)
    return on.execute(select(_MEMBER.c.id).where(*mine)).first() is not None
