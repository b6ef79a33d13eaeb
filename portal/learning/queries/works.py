"""Courses and books as everybody reads them, in the reader's language or the best there is."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, select

from portal.core.db import AnyRow, db
from portal.learning.fulltext import WORKS
from portal.learning.models import Work, WorkVersion
from portal.learning.rules import content as contents
from portal.learning.rules.topics import BOOK, COURSE
from portal.pages.queries import Picture
from portal.pages.queries.shapes import best_language, picture_of

_W, _V = Work.__table__, WorkVersion.__table__
MOST = 200
PATHS = {COURSE: "/learn/courses/{slug}", BOOK: "/learn/read/{slug}"}


@dataclass(frozen=True)
class Part:
    """A lesson or chapter in one language, with the minutes that it takes to read."""

    id: str
    number: int
    path: str
    title: str
    body: str
    picture: Picture | None
    minutes: int


@dataclass(frozen=True)
class Shown:
    """A course or book in one language; ``lang`` is the language of these texts."""

    work_id: int
    version_id: int
    kind: str
    slug: str
    path: str
    topic: str
    lang: str
    languages: tuple[str, ...]
    title: str
    summary: str
    parts: tuple[Part, ...]
    questions: tuple[dict[str, Any], ...]
    settings: dict[str, Any]
    picture: Picture | None = None

    @property
    def description(self) -> str:
        """What search engines show."""
        return self.summary

    @property
    def minutes(self) -> int:
        """How long it takes to read all of it."""
        return sum(part.minutes for part in self.parts)

    def part(self, id_: str) -> Part | None:
        """Return one of its parts; None: there is none of that name."""
        return next((part for part in self.parts if part.id == id_), None)

    def beside(self, part: Part) -> tuple[Part | None, Part | None]:
        """Return the parts before and after one."""
        at = part.number - 1
        before = self.parts[at - 1] if at else None
        return before, self.parts[at + 1] if at + 1 < len(self.parts) else None


def listed(kind: str, locale: str) -> list[Shown]:
    """Return the published works of a kind, in their order."""
    query = _public().where(_W.c.kind == kind).order_by(_W.c.position, _W.c.id).limit(MOST)
    return [shown_of(row, locale) for row in db.session.execute(query)]


def shown(kind: str, slug: str, locale: str) -> Shown | None:
    """Return a published work; None where there is none."""
    query = _public().where(_W.c.kind == kind, _W.c.slug == slug[:100])
    row = db.session.execute(query).first()
    return None if row is None else shown_of(row, locale)


def search(words: str, locale: str) -> list[Shown]:
    """Return published works that hold all ``words`` in any language."""
    hits = WORKS.matching(words, owner=None, on=db.session.connection())
    if hits is None:
        return []
    rows = db.session.execute(_public().where(_W.c.id.in_(hits)).order_by(_W.c.position, _W.c.id))
    return [shown_of(row, locale) for row in rows]


def version_of(version_id: int, locale: str) -> Shown:
    """Return a work as a version has it, whatever is shown now: for attempts begun before."""
    query = _of(_W.c.id == _V.c.work_id).where(_V.c.id == version_id)
    return shown_of(db.session.execute(query).one(), locale)


def _public() -> Select[Any]:
    return _of(and_(_V.c.work_id == _W.c.id, _V.c.number == _W.c.shown_number))


def _of(condition: Any) -> Select[Any]:
    columns = (_V.c.texts, _V.c.parts, _V.c.questions, _V.c.settings)
    return select(
        _W.c.id, _W.c.kind, _W.c.slug, _W.c.topic, _V.c.id.label("version_id"), *columns
    ).join(_V, condition)


def shown_of(row: AnyRow, locale: str) -> Shown:
    """Return a row with the columns of ``_public`` in the best language for a reader."""
    languages = tuple(contents.complete_in(row.kind, contents.of(row)))
    lang = best_language(languages, locale)
    text, path = row.texts.get(lang, {}), PATHS[row.kind].format(slug=row.slug)
    parts = tuple(_part(part, n, path, lang) for n, part in enumerate(row.parts, 1))
    return Shown(
        work_id=row.id,
        version_id=row.version_id,
        kind=row.kind,
        slug=row.slug,
        path=path,
        topic=row.topic,
        lang=lang,
        languages=languages,
        title=text.get("title", ""),
        summary=text.get("summary", ""),
        parts=parts,
        questions=tuple(_question(question, lang) for question in row.questions),
        settings=row.settings,
    )


def _part(part: dict[str, Any], number: int, path: str, lang: str) -> Part:
    text = part["texts"].get(lang, {})
    return Part(
        id=part["id"],
        number=number,
        path=f"{path}/{part['id']}",
        title=text.get("title", ""),
        body=text.get("body", ""),
        picture=picture_of(part.get("picture"), text.get("alt", "")),
        minutes=contents.minutes(text.get("body", "")),
    )


def _question(question: dict[str, Any], lang: str) -> dict[str, Any]:
    """Return a question of the quiz with the words of one language as ``text``."""
    return {**question, "text": question["texts"].get(lang, {})}
