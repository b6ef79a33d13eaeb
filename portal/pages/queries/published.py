"""What is published, in the language of its reader or the best there is.

One statement a call. A page that is not public is not there: the same answer as for an address
that nobody ever used.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import render_template
from markupsafe import Markup
from sqlalchemy import Select, and_, bindparam, or_, select
from sqlalchemy.orm import aliased

from portal.core import clock, pagination
from portal.core.db import AnyRow, db
from portal.pages.fulltext import INDEX
from portal.pages.models import Page, PageRedirect, PageVersion
from portal.pages.rules.kinds import KINDS, fallbacks, path_of

_P = Page.__table__
_V = PageVersion.__table__
_R = PageRedirect.__table__
_UP = aliased(_P, name="up")
_UPV = aliased(_V, name="up_version")
LIMIT = 20
MOST_CHILDREN = 100
MOST_FOUND = 50


@dataclass(frozen=True)
class Picture:
    """A picture in a page: ``src(640)`` is its address in about that width (640, 1280, 1920)."""

    key: str
    width: int
    height: int
    alt: str

    def src(self, width: int) -> str:
        """Return the path of the picture in a width."""
        return f"/media/{self.key}-{width}.jpg"

    @property
    def srcset(self) -> str:
        """The widths that there are, for a browser to choose from."""
        wide = [w for w in WIDTHS if w <= self.width] or [WIDTHS[0]]
        return ", ".join(f"{self.src(w)} {min(w, self.width)}w" for w in wide)


WIDTHS = (640, 1280, 1920)


@dataclass(frozen=True)
class Item:
    """One of several in a block: a person, a year, a question. Names are those of its fields."""

    shared: dict[str, Any]
    text: dict[str, str]
    picture: Picture | None = None


@dataclass(frozen=True)
class Block:
    """A part of a page: its type, its fields for all languages, and those in this one."""

    id: str
    type: str
    shared: dict[str, Any]
    text: dict[str, str]
    items: tuple[Item, ...] = ()
    picture: Picture | None = None


@dataclass(frozen=True)
class Head:
    """What a list shows of a published page; ``lang`` is the language of these texts."""

    page_id: int
    number: int  # of the version shown
    kind: str
    slug: str
    path: str
    lang: str
    languages: tuple[str, ...]
    title: str
    summary: str
    description: str  # for search engines; the summary where there is none
    picture: Picture | None
    window: int | None
    position: int
    places: tuple[str, ...]
    shown_at: datetime
    changed_at: datetime  # when this version was published
    valid_from: datetime | None
    valid_until: datetime | None
    parent: "Above | None" = None


@dataclass(frozen=True)
class Above:
    """The page that a page stands below."""

    slug: str
    path: str
    title: str


@dataclass(frozen=True)
class Shown(Head):
    """A published page to be read whole."""

    blocks: tuple[Block, ...] = field(default=())


def published(kind: str, slug: str, locale: str) -> Shown | None:
    """Return the page at an address, in ``locale`` or the best other language; None: none."""
    query = _public(_V.c.blocks).where(_P.c.kind == kind, _P.c.slug == slug)
    row = db.session.execute(query, {"now": clock.now()}).first()
    return None if row is None else shown_of(row, locale)


def published_list(
    kind: str, locale: str, after: str | None = None, limit: int = LIMIT
) -> pagination.Page[Head]:
    """Return published pages of a kind: ``items`` and, where there are more, ``next``.

    News, notices and articles come newest first, services and pages in their order.
    """
    query, size = _public().where(_P.c.kind == kind), max(1, min(limit, pagination.MAX_LIMIT))
    query = _newest(query, after) if KINDS[kind].is_dated else _in_order(query, after)
    rows = db.session.execute(query.limit(size + 1), {"now": clock.now()}).all()
    page = pagination.cut(rows, size, _key(kind))
    return pagination.Page([head_of(row, locale) for row in page.items], page.next)


def _key(kind: str) -> Any:
    if KINDS[kind].is_dated:
        return lambda row: (row.shown_at.isoformat(), row.id)
    return lambda row: (row.position, row.id)


def _newest(query: Select[Any], after: str | None) -> Select[Any]:
    last = pagination.decode(after, str, int)
    if last is not None:
        at, id_ = instant_of(last[0]), last[1]
        query = query.where(or_(_P.c.shown_at < at, and_(_P.c.shown_at == at, _P.c.id < id_)))
    return query.order_by(_P.c.shown_at.desc(), _P.c.id.desc())


def instant_of(text: str) -> datetime:
    """Return the instant in a cursor; raises Invalid for what we did not hand out."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise pagination.not_ours() from None
    if at.tzinfo is None:
        raise pagination.not_ours()
    return at


def _in_order(query: Select[Any], after: str | None) -> Select[Any]:
    last = pagination.decode(after, int, int)
    if last is not None:
        at, id_ = last
        query = query.where(or_(_P.c.position > at, and_(_P.c.position == at, _P.c.id > id_)))
    return query.order_by(_P.c.position, _P.c.id)


def children(kind: str, parent: str, locale: str) -> list[Head]:
    """Return the published pages below the page with the slug ``parent``, in their order."""
    query = _public().where(_P.c.kind == kind, _UP.c.slug == parent)
    query = query.order_by(_P.c.position, _P.c.id).limit(MOST_CHILDREN)
    return [head_of(row, locale) for row in db.session.execute(query, {"now": clock.now()})]


def notices(place: str, locale: str, now: datetime | None = None) -> list[Shown]:
    """Return the notices to be shown at ``place`` (rules.kinds.PLACES) now, newest first."""
    query = _public(_V.c.blocks).where(_P.c.kind == "notice").order_by(_P.c.shown_at.desc())
    rows = db.session.execute(query, {"now": now or clock.now()}).all()
    return [shown_of(row, locale) for row in rows if place in row.places]


def moved_to(kind: str, slug: str) -> str | None:
    """Return the path of the page that had this address before; None: none had.

    However often a page moved, this is where it is now.
    """
    query = (
        select(_P.c.kind, _P.c.slug, _UP.c.slug.label("up_slug"))
        .join(_R, _R.c.page_id == _P.c.id)
        .outerjoin(_UP, _UP.c.id == _P.c.parent_id)
        .where(_R.c.kind == kind, _R.c.slug == slug, *_is_public())
    )
    row = db.session.execute(query, {"now": clock.now()}).first()
    return None if row is None else path_of(row.kind, row.slug, row.up_slug)


def search_pages(words: str, locale: str, limit: int = LIMIT) -> list[Head]:
    """Return published pages that hold all ``words`` in any language, those named so first."""
    hits = INDEX.matching(words, owner=None, on=db.session.connection())
    if hits is None:
        return []
    query = _public().where(_P.c.id.in_(hits)).order_by(_P.c.shown_at.desc()).limit(MOST_FOUND)
    found = [head_of(row, locale) for row in db.session.execute(query, {"now": clock.now()})]
    wanted = words.lower().split()
    found.sort(key=lambda head: not any(word in head.title.lower() for word in wanted))
    return found[:limit]


def sitemap() -> list[tuple[str, tuple[str, ...], datetime]]:
    """Return (path, languages, when it changed last) of everything published."""
    rows = db.session.execute(_public().order_by(_P.c.id), {"now": clock.now()})
    return [(_path(row), tuple(row.languages.split()), row.published_at) for row in rows]


def publications_of(page_id: int) -> list[AnyRow]:
    """Return number, published_at and languages of the published versions, newest first."""
    query = select(_V.c.number, _V.c.published_at, _V.c.languages).where(
        _V.c.page_id == page_id, _V.c.published_at.is_not(None)
    )
    return list(db.session.execute(query.order_by(_V.c.number.desc())).all())


def render_blocks(shown: Shown) -> Markup:
    """Return the blocks of a page as HTML: what ``{% include "pages/_blocks.html" %}`` gives."""
    return Markup(render_template("pages/_blocks.html", shown=shown))  # noqa: S704 - a template


def _is_public() -> tuple[Any, ...]:
    """Return the conditions of being public at the parameter ``now``; notices have a time."""
    now = bindparam("now", type_=_P.c.valid_from.type)
    return (
        _P.c.shown_number.is_not(None),
        or_(_P.c.valid_from.is_(None), _P.c.valid_from <= now),
        or_(_P.c.valid_until.is_(None), _P.c.valid_until > now),
    )


def _public(*more: Any) -> Select[Any]:
    """Select published pages with their texts, the page above them, and ``more``."""
    return (
        select(
            _P,
            _V.c.number,
            _V.c.texts,
            _V.c.picture,
            _V.c.languages,
            _V.c.published_at,
            _UP.c.slug.label("up_slug"),
            _UPV.c.texts.label("up_texts"),
            _UPV.c.languages.label("up_languages"),
            *more,
        )
        .join(_V, and_(_V.c.page_id == _P.c.id, _V.c.number == _P.c.shown_number))
        .outerjoin(_UP, _UP.c.id == _P.c.parent_id)
        .outerjoin(_UPV, and_(_UPV.c.page_id == _UP.c.id, _UPV.c.number == _UP.c.shown_number))
        .where(*_is_public())
    )


def best_language(languages: Iterable[str], locale: str) -> str:
    """Return the language to show: the reader's where it is complete, else the best there is."""
    there = tuple(languages)
    return next((tag for tag in fallbacks(locale) if tag in there), there[0] if there else locale)


def head_of(row: AnyRow, locale: str) -> Head:
    """Return a row of ``_public`` as a list shows it."""
    return Head(**_head(row, locale))


def shown_of(row: AnyRow, locale: str) -> Shown:
    """Return a row of ``_public`` with its blocks as a page shows it."""
    lang = best_language(row.languages.split(), locale)
    return Shown(**_head(row, locale), blocks=blocks_of(row.blocks, lang))


def _head(row: AnyRow, locale: str) -> dict[str, Any]:
    languages = tuple(row.languages.split())
    lang = best_language(languages, locale)
    text = row.texts.get(lang, {})
    return {
        "page_id": row.id,
        "number": row.number,
        "kind": row.kind,
        "slug": row.slug,
        "path": _path(row),
        "lang": lang,
        "languages": languages,
        "title": text.get("title", ""),
        "summary": text.get("summary", ""),
        "description": text.get("description") or text.get("summary", ""),
        "picture": picture_of(row.picture, text.get("alt", "")),
        "window": row.window,
        "position": row.position,
        "places": tuple(row.places),
        "shown_at": row.shown_at,
        "changed_at": row.published_at or row.shown_at,
        "valid_from": row.valid_from,
        "valid_until": row.valid_until,
        "parent": _above(row, locale),
    }


def _path(row: AnyRow) -> str:
    return path_of(row.kind, row.slug, row.up_slug)


def _above(row: AnyRow, locale: str) -> Above | None:
    if not row.up_texts:
        return None
    lang = best_language(row.up_languages.split(), locale)
    title = row.up_texts.get(lang, {}).get("title", "")
    return Above(row.up_slug, path_of(row.kind, row.up_slug), title)


def picture_of(kept: dict[str, Any] | None, alt: str) -> Picture | None:
    """Return a picture as it is kept in a version, with its words."""
    return None if not kept else Picture(kept["key"], kept["width"], kept["height"], alt)


def blocks_of(blocks: list[dict[str, Any]], lang: str) -> tuple[Block, ...]:
    """Return the blocks of a version in one language."""
    return tuple(
        Block(
            id=block["id"],
            type=block["type"],
            shared=block["shared"],
            text=(text := block["texts"].get(lang, {})),
            picture=picture_of(block["shared"].get("picture"), text.get("alt", "")),
            items=tuple(_item(item, lang) for item in block["items"]),
        )
        for block in blocks
    )


def _item(item: dict[str, Any], lang: str) -> Item:
    text = item["texts"].get(lang, {})
    return Item(
        item["shared"], text, picture_of(item["shared"].get("picture"), text.get("alt", ""))
    )
