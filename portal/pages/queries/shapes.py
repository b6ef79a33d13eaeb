"""Pages as readers get them: in one language, ready for templates."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from portal.core.db import AnyRow
from portal.pages.rules.kinds import fallbacks, path_of


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
        "path": path_of_row(row),
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


def path_of_row(row: AnyRow) -> str:
    """Return where the page of a row is read."""
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
