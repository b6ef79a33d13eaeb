"""What one person has read, tried and earned. Everything here names the person."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from portal.accounts.access import User
from portal.core import clock
from portal.core.db import AnyRow, db
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.learning.models import Attempt, Certificate, Progress, Work

_P, _A, _C, _W = (
    Progress.__table__,
    Attempt.__table__,
    Certificate.__table__,
    Work.__table__,
)
MOST = 100
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Done:
    """How far one person is in a work: what is done, and where he was last."""

    done: frozenset[str] = frozenset()
    last: str | None = None
    place: int = 0  # percent of the part where he was last

    def share(self, parts: Collection[Any]) -> int:
        """Return how many parts of a hundred are done."""
        ids = {part.id for part in parts}
        return 100 * len(ids & self.done) // len(ids) if ids else 0


NOTHING = Done()


def progress_of(user: User, work_id: int) -> Done:
    """Return how far a person is in a work."""
    return progress_in(user, [work_id]).get(work_id, NOTHING)


def progress_in(user: User, work_ids: Collection[int]) -> dict[int, Done]:
    """Return work id → how far a person is, of those that he has begun."""
    if not work_ids:
        return {}
    query = select(_P).where(_P.c.person_id == user.person_id, _P.c.work_id.in_(work_ids))
    rows: dict[int, list[AnyRow]] = {}
    for row in db.session.execute(query.order_by(_P.c.seen_at, _P.c.id)):
        rows.setdefault(row.work_id, []).append(row)
    return {work_id: _done(of_work) for work_id, of_work in rows.items()}


def _done(rows: list[AnyRow]) -> Done:
    return Done(frozenset(row.part for row in rows if row.done_at), rows[-1].part, rows[-1].place)


def attempts_of(user: User, work_id: int) -> list[AnyRow]:
    """Return the attempts of a person at the quiz of a course, the newest first."""
    query = select(_A).where(_A.c.person_id == user.person_id, _A.c.work_id == work_id)
    return list(db.session.execute(query.order_by(_A.c.id.desc()).limit(MOST)).all())


def tries_today(user: User, work_id: int) -> int:
    """Return how many attempts a person has handed in within a day."""
    since = clock.now() - A_DAY
    query = select(func.count()).where(
        _A.c.person_id == user.person_id, _A.c.work_id == work_id, _A.c.ended_at >= since
    )
    return int(db.session.scalar(query) or 0)


def attempt_for(user: User, ref: str) -> AnyRow:
    """Return an attempt of a person, with kind and slug of its course.

    Raises NotFound both when it is missing and when it is another person's.
    """
    query = (
        select(_A, _W.c.slug, _W.c.kind)
        .join(_W, _W.c.id == _A.c.work_id)
        .where(_A.c.ref == ref[:20], _A.c.person_id == user.person_id)
    )
    row = db.session.execute(query).first()
    if row is None:
        raise NotFound(_l("There is no such attempt, or it is not yours to see."))
    return row


def certificates_of(user: User) -> list[AnyRow]:
    """Return the certificates of a person, the newest first."""
    query = select(_C).where(_C.c.person_id == user.person_id)
    return list(db.session.execute(query.order_by(_C.c.id.desc()).limit(MOST)).all())


def certificate_for(user: User, work_id: int) -> AnyRow | None:
    """Return the valid certificate of a person for a course; None: he has none."""
    query = select(_C).where(
        _C.c.person_id == user.person_id, _C.c.work_id == work_id, _C.c.revoked_at.is_(None)
    )
    return db.session.execute(query).first()


def own_certificate(user: User, number: str) -> AnyRow:
    """Return a certificate of a person. Raises NotFound for another's."""
    query = select(_C).where(_C.c.number == number, _C.c.person_id == user.person_id)
    row = db.session.execute(query).first()
    if row is None:
        raise NotFound(_l("There is no such certificate, or it is not yours."))
    return row
