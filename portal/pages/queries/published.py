"""What is published, in the language of its reader or the best there is.

One statement a call. A page that is not public is not there: the same answer as for an address
that nobody ever used.
"""

from datetime import UTC, datetime
from typing import Any

from flask import render_template
from markupsafe import Markup
from sqlalchemy import Integer, Select, and_, bindparam, or_, select
from sqlalchemy.orm import aliased

from portal.core import clock, pagination
from portal.core.db import AnyRow, db, reading
from portal.core.prepared import Prepared
from portal.pages.fulltext import INDEX
from portal.pages.models import Page, PageRedirect, PageVersion
from portal.pages.queries.shapes import Head, Shown, head_of, path_of_row, shown_of
from portal.pages.rules.kinds import KINDS, path_of

_P = Page.__table__
_V = PageVersion.__table__
_R = PageRedirect.__table__
_UP = aliased(_P, name="up")
_UPV = aliased(_V, name="up_version")
LIMIT = 20
MOST_CHILDREN = 100
MOST_FOUND = 50


def published(kind: str, slug: str, locale: str) -> Shown | None:
    """Return the page at an address, in ``locale`` or the best other language; None: none."""
    row = _AT.first(reading(), {"now": clock.now(), "kind": kind, "slug": slug})
    return None if row is None else shown_of(row, locale)


def published_list(
    kind: str, locale: str, after: str | None = None, limit: int = LIMIT
) -> pagination.Page[Head]:
    """Return published pages of a kind: ``items`` and, where there are more, ``next``.

    News, notices and articles come newest first, services and pages in their order.
    """
    size, is_dated = max(1, min(limit, pagination.MAX_LIMIT)), KINDS[kind].is_dated
    values = {"now": clock.now(), "kind": kind, "size": size + 1}
    if after:
        query = _newest(_OF_KIND, after) if is_dated else _in_order(_OF_KIND, after)
        rows = db.session.execute(query, values).all()
    else:
        rows = (_FIRST_DATED if is_dated else _FIRST_ORDERED).all(reading(), values)
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
        if at.tzinfo is None:
            raise pagination.not_ours()
        return at.astimezone(UTC)
    except (ValueError, OverflowError):  # beyond all times
        raise pagination.not_ours() from None


def _in_order(query: Select[Any], after: str | None) -> Select[Any]:
    last = pagination.decode(after, int, int)
    if last is not None:
        at, id_ = last
        query = query.where(or_(_P.c.position > at, and_(_P.c.position == at, _P.c.id > id_)))
    return query.order_by(_P.c.position, _P.c.id)


def children(kind: str, parent: str, locale: str) -> list[Head]:
    """Return the published pages below the page with the slug ``parent``, in their order."""
    rows = _BELOW.all(reading(), {"now": clock.now(), "kind": kind, "parent": parent})
    return [head_of(row, locale) for row in rows]


def notices(place: str, locale: str, now: datetime | None = None) -> list[Shown]:
    """Return the notices to be shown at ``place`` (rules.kinds.PLACES) now, newest first."""
    rows = _NOTICES.all(reading(), {"now": now or clock.now()})
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
    return [(path_of_row(row), tuple(row.languages.split()), row.published_at) for row in rows]


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


_OF_KIND = _public().where(_P.c.kind == bindparam("kind")).limit(bindparam("size", type_=Integer))
_FIRST_DATED = Prepared(_newest(_OF_KIND, None))
_FIRST_ORDERED = Prepared(_in_order(_OF_KIND, None))
_BELOW = Prepared(
    _public()
    .where(_P.c.kind == bindparam("kind"), _UP.c.slug == bindparam("parent"))
    .order_by(_P.c.position, _P.c.id)
    .limit(MOST_CHILDREN)
)
_AT = Prepared(
    _public(_V.c.blocks).where(_P.c.kind == bindparam("kind"), _P.c.slug == bindparam("slug"))
)
_NOTICES = Prepared(
    _public(_V.c.blocks).where(_P.c.kind == "notice").order_by(_P.c.shown_at.desc())
)
