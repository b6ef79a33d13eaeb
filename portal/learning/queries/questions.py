"""Questions to the experts: what everybody reads, what their writers see, the desk's queue."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, func, select

from portal.accounts.models import Person
from portal.core import clock, pagination
from portal.core.db import AnyRow, db
from portal.core.errors import NotFound
from portal.learning.fulltext import QUESTIONS
from portal.learning.links import opens
from portal.learning.models import ExpertAnswer, Question
from portal.learning.rules import questions as rules
from portal.learning.rules.questions import State

_Q, _A, _N = Question.__table__, ExpertAnswer.__table__, Person.__table__
ON_A_PAGE, MOST_FOUND = 20, 50
KNOWN_FOR = timedelta(days=7)
MOST_KNOWN = 200
#: What everybody may read, and nothing else: never the asker's name, mail or own words.
_PUBLIC = (
    _Q.c.id,
    _Q.c.ref,
    _Q.c.topic,
    _Q.c.locale,
    _Q.c.public_subject,
    _Q.c.public_text,
    _Q.c.published_at,
)
TABS = ("open", "overdue", "mine", "answered", "published", "hidden", "spam")
_REF = re.compile(r"TQ[0-9A-Z]{8}")


def published(topic: str, after: str | None, limit: int = ON_A_PAGE) -> pagination.Page[AnyRow]:
    """Return what was answered in public, the newest first; topic "" is every one."""
    query = select(*_PUBLIC).where(_Q.c.state == State.PUBLISHED)
    if topic:
        query = query.where(_Q.c.topic == topic)
    if (last := pagination.decode_number(after)) is not None:
        query = query.where(_Q.c.id < last)
    rows = db.session.execute(query.order_by(_Q.c.id.desc()).limit(limit + 1)).all()
    return pagination.cut(rows, limit, lambda row: (row.id,))


def search(words: str) -> list[AnyRow]:
    """Return public questions that hold all ``words``, in what was asked or answered."""
    hits = QUESTIONS.matching(words, owner=None, on=db.session.connection())
    if hits is None:
        return []
    query = select(*_PUBLIC).where(_Q.c.state == State.PUBLISHED, _Q.c.id.in_(hits))
    return list(db.session.execute(query.order_by(_Q.c.id.desc()).limit(MOST_FOUND)).all())


def published_one(ref: str) -> AnyRow | None:
    """Return a public question; None where there is none."""
    query = select(*_PUBLIC).where(_Q.c.ref == ref[:20], _Q.c.state == State.PUBLISHED)
    return db.session.execute(query).first()


def answers_of(ids: Collection[int], *, public_only: bool) -> dict[int, list[AnyRow]]:
    """Return question id → its answers, the oldest first."""
    found: dict[int, list[AnyRow]] = {id_: [] for id_ in ids}
    if found:
        query = select(_A).where(_A.c.question_id.in_(found)).order_by(_A.c.id)
        query = query.where(_A.c.is_public) if public_only else query
        for row in db.session.execute(query):
            found[row.question_id].append(row)
    return found


def by_key(ref: str, key: str) -> AnyRow:
    """Return the question that a secret link opens. Raises NotFound for any other link."""
    row = db.session.execute(select(_Q).where(_Q.c.ref == _known(ref))).first()
    if row is None or not opens(row, key):
        raise NotFound(rules.NOT_FOUND)
    return row


def _known(ref: str) -> str:
    if not _REF.fullmatch(ref):
        raise NotFound(rules.NOT_FOUND)
    return ref


def lately(sender: str) -> tuple[int, list[tuple[str, list[int]]]]:
    """Return how many came from a sender within the hour, and (fingerprint, sketch) of what
    came lately from anybody.
    """
    since = clock.now() - KNOWN_FOR
    query = select(_Q.c.fingerprint, _Q.c.sketch).where(_Q.c.created_at >= since)
    rows = db.session.execute(query.order_by(_Q.c.created_at.desc()).limit(MOST_KNOWN))
    hour = _Q.c.created_at >= clock.now() - timedelta(hours=1)
    count = db.session.scalar(select(func.count()).where(hour, _Q.c.sender == sender))
    return int(count or 0), [(row.fingerprint, row.sketch) for row in rows]


def sent_by(form_name: str | None) -> AnyRow | None:
    """Return the question that was sent by a form; None if it was not sent yet."""
    return db.session.execute(select(_Q).where(_Q.c.form_name == form_name)).first()


@dataclass(frozen=True)
class Wanted:
    """What the desk's queue is narrowed to."""

    tab: str = "open"
    topic: str = ""


def queue(wanted: Wanted, me: int, after: str | None) -> pagination.Page[AnyRow]:
    """Return the questions of a tab with who has each: those that are owed, the soonest first."""
    query = select(_Q, _N.c.name.label("assigned")).outerjoin(_N, _N.c.id == _Q.c.assigned_id)
    query = query.where(*_of_tab(wanted.tab, me))
    if wanted.topic:
        query = query.where(_Q.c.topic == wanted.topic)
    offset = pagination.decode_number(after) or 0
    order = (_Q.c.due_at, _Q.c.id) if wanted.tab in ("open", "overdue") else (_Q.c.id.desc(),)
    query = query.order_by(*order).offset(offset).limit(ON_A_PAGE + 1)
    rows = db.session.execute(query).all()
    return pagination.cut(rows, ON_A_PAGE, lambda _row: (offset + ON_A_PAGE,))


def _of_tab(tab: str, me: int) -> tuple[Any, ...]:
    owed = _Q.c.due_at.is_not(None)
    return {
        "overdue": (owed, _Q.c.due_at < clock.now()),
        "mine": (_Q.c.assigned_id == me, _Q.c.state != State.SPAM),
        "answered": (_Q.c.answered_at.is_not(None), _Q.c.state == State.OPEN),
        "published": (_Q.c.state == State.PUBLISHED,),
        "hidden": (_Q.c.state == State.HIDDEN,),
        "spam": (_Q.c.state == State.SPAM,),
    }.get(tab, (owed,))


def counts(me: int) -> dict[str, int]:
    """Return tab → how many, in one statement."""
    columns = [_count(tab, me) for tab in TABS]
    row = db.session.execute(select(*columns)).one()
    return {tab: int(row._mapping[tab] or 0) for tab in TABS}


def _count(tab: str, me: int) -> Any:
    return func.count().filter(*_of_tab(tab, me)).label(tab)


def overdue_count() -> int:
    """Return how many questions should have been answered by now."""
    query: Select[Any] = select(func.count()).where(_Q.c.due_at < clock.now())
    return int(db.session.scalar(query) or 0)


def for_desk(ref: str, *, lock: bool = False) -> AnyRow:
    """Return any question with who has it. Raises NotFound.

    ``lock`` holds its row until the transaction ends.
    """
    query = select(_Q).where(_Q.c.ref == _known(ref))
    row = db.session.execute(query.with_for_update() if lock else query).first()
    if row is None:
        raise NotFound(rules.NOT_FOUND)
    return row


def name_of(person_id: int | None) -> str | None:
    """Return what a person is called; None for nobody."""
    return db.session.scalar(select(_N.c.name).where(_N.c.id == person_id)) if person_id else None
