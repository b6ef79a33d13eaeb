"""What the desk reads of courses and books, whatever their state."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, select

from portal.accounts.models import Person
from portal.core.db import AnyRow, db
from portal.core.errors import NotFound
from portal.core.i18n import TAGS
from portal.core.i18n import lazy as _l
from portal.learning.models import Attempt, Certificate, Work, WorkVersion
from portal.learning.queries.works import shown_of
from portal.learning.rules import content as contents
from portal.learning.rules.content import Content
from portal.pages.rules.kinds import fallbacks

_W, _V, _A, _C, _N = (
    Work.__table__,
    WorkVersion.__table__,
    Attempt.__table__,
    Certificate.__table__,
    Person.__table__,
)


@dataclass(frozen=True)
class Line:
    """A work in the desk's list."""

    row: AnyRow
    title: str
    lacks: tuple[str, ...]  # languages in which something is missing
    attempts: int
    passed: int


def listed(locale: str) -> list[Line]:
    """Return every course and book with its newest version, courses first, in their order."""
    query = (
        select(_W, _V.c.texts, _V.c.parts, _V.c.questions, _V.c.settings)
        .join(_V, and_(_V.c.work_id == _W.c.id, _V.c.number == _W.c.newest_number))
        .order_by(_W.c.kind.desc(), _W.c.position, _W.c.id)
    )
    tries = _tries()
    return [_line(row, locale, tries.get(row.id, (0, 0))) for row in db.session.execute(query)]


def _line(row: AnyRow, locale: str, tries: tuple[int, int]) -> Line:
    complete = contents.complete_in(row.kind, contents.of(row))
    lacks = tuple(tag for tag in TAGS if tag not in complete)
    return Line(row, title_in(row.texts, locale) or row.slug, lacks, *tries)


def title_in(texts: dict[str, Any], locale: str) -> str:
    """Return the title in the best language that has one."""
    titles = (texts.get(tag, {}).get("title") for tag in fallbacks(locale))
    return next((title for title in titles if title), "")


def _tries() -> dict[int, tuple[int, int]]:
    passed = func.count().filter(_A.c.passed)
    query = select(_A.c.work_id, func.count().label("tries"), passed.label("passed"))
    rows = db.session.execute(query.where(_A.c.ended_at.is_not(None)).group_by(_A.c.work_id))
    return {row.work_id: (row.tries, row.passed) for row in rows}


def get_work(kind: str, slug: str, *, lock: bool = False) -> Work:
    """Return a course or book whatever its state. Raises NotFound.

    ``lock`` holds its row until the transaction ends.
    """
    query = select(Work).where(Work.kind == kind, Work.slug == slug[:100])
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    work = db.session.scalar(query)
    if work is None:
        raise NotFound(_l("There is no such course or book."))
    return work


def newest_of(work: Work) -> WorkVersion:
    """Return the newest version of a work."""
    query = select(WorkVersion).where(
        WorkVersion.work_id == work.id, WorkVersion.number == work.newest_number
    )
    return db.session.scalars(query).one()


def entry(content: Content, name: str, id_: str) -> dict[str, Any]:
    """Return a part or question (``name`` parts, questions) of a version. Raises NotFound."""
    found = next((each for each in getattr(content, name) if each["id"] == id_), None)
    if found is None:
        raise NotFound(_l("That is not there any more. Somebody may have taken it out."))
    return dict(found)


def history_of(work: Work) -> list[AnyRow]:
    """Return number, edition, when and by whom each version was written and published."""
    by = _N.alias("publisher")
    query = (
        select(
            _V.c.number,
            _V.c.made_at,
            _V.c.published_at,
            _N.c.name.label("writer"),
            by.c.name.label("publisher"),
        )
        .outerjoin(_N, _N.c.id == _V.c.made_by_id)
        .outerjoin(by, by.c.id == _V.c.published_by_id)
        .where(_V.c.work_id == work.id)
        .order_by(_V.c.number.desc())
    )
    return list(db.session.execute(query).all())


def preview(work: Work, locale: str) -> Any:
    """Return the newest version as a reader of ``locale`` would see it."""
    query = (
        select(_W.c.id, _W.c.kind, _W.c.slug, _W.c.topic, _V.c.id.label("version_id"))
        .add_columns(_V.c.texts, _V.c.parts, _V.c.questions, _V.c.settings)
        .join(_V, and_(_V.c.work_id == _W.c.id, _V.c.number == _W.c.newest_number))
        .where(_W.c.id == work.id)
    )
    return shown_of(db.session.execute(query).one(), locale)
