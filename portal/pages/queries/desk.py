"""What the desk reads of pages: lists with filters, versions, and who wrote them.

Whoever may come here may read all of it: the audience of the desk's pages decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, or_, select

from portal.accounts.access import User
from portal.accounts.models import Person
from portal.core import clock, pagination
from portal.core.db import AnyRow, db
from portal.core.errors import NotFound
from portal.core.i18n import TAGS
from portal.core.i18n import lazy as _l
from portal.pages.models import Page, PagePicture, PageVersion
from portal.pages.queries.published import instant_of
from portal.pages.queries.shapes import Shown, best_language, blocks_of, picture_of
from portal.pages.rules.content import Content
from portal.pages.rules.kinds import KINDS, path_of
from portal.pages.rules.lifecycle import State

_P = Page.__table__
_V = PageVersion.__table__
_N = Person.__table__
LIMIT = 50
MOST_PARENTS = 200


@dataclass(frozen=True)
class Filter:
    """What a list of pages is narrowed to; None and "" are everything."""

    kind: str | None = None
    state: str | None = None
    lacks: str | None = None  # a language
    words: str = ""  # in a title or an address

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "Filter":
        """Return the filter of an address; what is not known is left out."""
        return cls(
            kind=_known(asked.get("kind"), KINDS),
            state=_known(asked.get("state"), {*State}),
            lacks=_known(asked.get("lacks"), TAGS),
            words=asked.get("q", "").strip()[:80].replace("\0", ""),
        )


def _known(value: str | None, names: Any) -> str | None:
    return value if value in names else None


def listed(wanted: Filter, after: str | None, limit: int = LIMIT) -> pagination.Page[AnyRow]:
    """Return pages with the texts of their newest version, what changed last first."""
    query = _narrowed(
        select(
            _P.c.id,
            _P.c.kind,
            _P.c.slug,
            _P.c.state,
            _P.c.lacks,
            _P.c.shown_number,
            _P.c.newest_number,
            _P.c.publish_at,
            _P.c.changed_at,
            _P.c.window,
            _V.c.texts,
            _N.c.name.label("writer"),
        )
        .join(_V, and_(_V.c.page_id == _P.c.id, _V.c.number == _P.c.newest_number))
        .outerjoin(_N, _N.c.id == _V.c.made_by_id),
        wanted,
    )
    last = pagination.decode(after, str, int)
    if last is not None:
        at, id_ = instant_of(last[0]), last[1]
        query = query.where(or_(_P.c.changed_at < at, and_(_P.c.changed_at == at, _P.c.id < id_)))
    query = query.order_by(_P.c.changed_at.desc(), _P.c.id.desc()).limit(limit + 1)
    rows = db.session.execute(query).all()
    return pagination.cut(rows, limit, lambda row: (row.changed_at.isoformat(), row.id))


def _narrowed(query: Select[Any], wanted: Filter) -> Select[Any]:
    if wanted.kind:
        query = query.where(_P.c.kind == wanted.kind)
    if wanted.state:
        query = query.where(_P.c.state == wanted.state)
    if wanted.lacks:
        query = query.where(_lacking(wanted.lacks))
    if wanted.words:
        query = query.where(_named(wanted.words))
    return query


def _lacking(tag: str) -> Any:
    return (" " + _P.c.lacks + " ").contains(f" {tag} ", autoescape=True)


def _named(words: str) -> Any:
    titles = [_V.c.texts[tag]["title"].as_string() for tag in TAGS]
    found = [title.icontains(words, autoescape=True) for title in titles]
    return or_(_P.c.slug.contains(words.lower(), autoescape=True), *found)


def counts() -> dict[str, int]:
    """Return state → how many pages stand there."""
    query = select(_P.c.state, func.count()).group_by(_P.c.state)
    return {row[0]: row[1] for row in db.session.execute(query)}


def page_for(user: User, page_id: int, *, lock: bool = False) -> Page:
    """Return a page for whoever writes pages; ``lock`` holds its row until the transaction ends.

    Raises NotFound where there is none, or ``user`` may not know.
    """
    found = page_by_id(page_id, lock=lock) if user.may("pages.edit") else None
    if found is None:
        raise NotFound(_l("There is no such page, or it was deleted."))
    return found


def page_by_id(page_id: int, *, lock: bool = False) -> Page | None:
    """Return a page whoever asks: what a signed preview link opens; None where there is none."""
    query = select(Page).where(Page.id == page_id).execution_options(populate_existing=True)
    return db.session.scalar(query.with_for_update() if lock else query)


def version_of(page: Page, number: int | None = None) -> PageVersion:
    """Return a version of a page, the newest unless ``number`` says another; raises NotFound."""
    query = select(PageVersion).where(
        PageVersion.page_id == page.id, PageVersion.number == (number or page.newest_number)
    )
    found = db.session.scalar(query)
    if found is None:
        raise NotFound(_l("There is no such version of this page."))
    return found


def versions_of(page: Page) -> list[AnyRow]:
    """Return number, made_at, note, languages, published_at and writer, newest first."""
    query = (
        select(
            _V.c.number,
            _V.c.made_at,
            _V.c.note,
            _V.c.languages,
            _V.c.published_at,
            _N.c.name.label("writer"),
        )
        .outerjoin(_N, _N.c.id == _V.c.made_by_id)
        .where(_V.c.page_id == page.id)
        .order_by(_V.c.number.desc())
        .limit(pagination.MAX_LIMIT)
    )
    return list(db.session.execute(query).all())


def name_of(person_id: int | None) -> str:
    """Return the name of a person; "" for nobody."""
    if person_id is None:
        return ""
    return db.session.scalar(select(_N.c.name).where(_N.c.id == person_id)) or ""


def parents(kind: str, but: int | None, locale: str) -> list[tuple[int, str]]:
    """Return (id, title) of the pages below which one of ``kind`` may stand, by their slugs."""
    query = (
        select(_P.c.id, _P.c.slug, _V.c.texts, _V.c.languages)
        .join(_V, and_(_V.c.page_id == _P.c.id, _V.c.number == _P.c.newest_number))
        .where(_P.c.kind == kind, _P.c.parent_id.is_(None), _P.c.id != (but or 0))
        .order_by(_P.c.slug)
        .limit(MOST_PARENTS)
    )
    return [(row.id, _title(row, locale)) for row in db.session.execute(query)]


def _title(row: AnyRow, locale: str) -> str:
    lang = best_language(row.languages.split(), locale)
    return row.texts.get(lang, {}).get("title") or row.slug


def title_of(texts: dict[str, Any], locale: str) -> tuple[str, str]:
    """Return (title, its language) of texts that may lack some languages."""
    said = [tag for tag in TAGS if texts.get(tag, {}).get("title")]
    lang = best_language(said, locale)
    return texts.get(lang, {}).get("title", ""), lang


def is_written(kind: str, slug: str) -> bool:
    """Return whether a published page has this address."""
    query = select(_P.c.id).where(
        _P.c.kind == kind, _P.c.slug == slug, _P.c.shown_number.is_not(None)
    )
    return db.session.scalar(query) is not None


def find_picture(key: str) -> AnyRow | None:
    """Return width and files of a picture; None: there is none."""
    table = PagePicture.__table__
    return db.session.execute(
        select(table.c.width, table.c.height, table.c.files).where(table.c.key == key)
    ).first()


def public_path(page: Page) -> str | None:
    """Return where visitors read the page; None: nothing of it is public."""
    if page.shown_number is None:
        return None
    parent = page.parent_id and db.session.get(Page, page.parent_id)
    return path_of(page.kind, page.slug, parent.slug if parent else None)


def shown_draft(page: Page, number: int, content: Content, locale: str) -> Shown:
    """Return a version as readers would see it in ``locale``, whatever it lacks there."""
    settings, text = content.settings, content.texts.get(locale, {})
    parent = settings["parent_id"] and db.session.get(Page, settings["parent_id"])
    return Shown(
        page_id=page.id or 0,
        number=number,
        kind=page.kind,
        slug=settings["slug"],
        path=path_of(page.kind, settings["slug"], parent.slug if parent else None),
        lang=locale,
        languages=tuple(content.languages),
        title=text.get("title", ""),
        summary=text.get("summary", ""),
        description=text.get("description") or text.get("summary", ""),
        picture=picture_of(content.picture, text.get("alt", "")),
        window=settings["window"],
        position=settings["position"],
        places=tuple(settings["places"]),
        shown_at=page.shown_at or clock.now(),
        changed_at=clock.now(),
        valid_from=None,
        valid_until=None,
        blocks=blocks_of(content.blocks, locale),
    )


def known_pictures(keys: set[str]) -> dict[str, dict[str, Any]]:
    """Return key → {key, width, height} of those pictures among ``keys`` that are kept."""
    if not keys:
        return {}
    table = PagePicture.__table__
    query = select(table.c.key, table.c.width, table.c.height).where(table.c.key.in_(keys))
    return {row.key: dict(row._mapping) for row in db.session.execute(query)}
