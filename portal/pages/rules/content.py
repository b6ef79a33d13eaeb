"""What a version says: its texts, blocks and settings, and in which languages it is complete.

A version is JSON: ``texts`` (language → title, summary, description, alt), ``picture``,
``blocks`` and ``settings``, in the shapes of ``models.PageVersion``.
"""

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

from portal.core import markdown
from portal.core.errors import FieldError
from portal.core.i18n import TAGS
from portal.core.i18n import lazy as _l
from portal.pages.rules.blocks import (
    FIGURES,
    MOST_BLOCKS,
    MOST_ITEMS,
    TYPES,
    Field,
    Part,
    parts_of,
)
from portal.pages.rules.kinds import KINDS, PLACES, WINDOWS, check_slug

TITLE, SUMMARY, DESCRIPTION = 120, 400, 200  # characters
HEAD = (
    Field("title", _l("Title"), required=True),
    Field(
        "summary", _l("Summary"), "text", hint=_l("Two sentences, for lists and above the text.")
    ),
    Field(
        "description",
        _l("For search engines"),
        "text",
        hint=_l("One sentence; the summary where this is empty."),
    ),
    Field("alt", _l("What the page’s picture shows"), hint=_l("Read to those who do not see it.")),
)
_LONGEST = {"title": TITLE, "summary": SUMMARY, "description": DESCRIPTION, "alt": 200}
_LINK = re.compile(r'href="(/[^"#?]*)')


@dataclass(frozen=True)
class Content:
    """A version before or after it is kept."""

    texts: dict[str, dict[str, str]]
    blocks: list[dict[str, Any]] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)
    picture: dict[str, Any] | None = None

    @property
    def languages(self) -> list[str]:
        """The languages in which it is complete, in the portal's order."""
        return [tag for tag in TAGS if not lacking(self, tag)]

    @property
    def lacks(self) -> list[str]:
        """The languages in which it is not complete."""
        return [tag for tag in TAGS if lacking(self, tag)]

    def as_row(self) -> dict[str, Any]:
        """Return the columns of a version."""
        return {
            "texts": self.texts,
            "blocks": self.blocks,
            "settings": self.settings,
            "picture": self.picture,
            "languages": " ".join(self.languages),
        }


class Missing(NamedTuple):
    """A field that is empty in a language though it is needed there."""

    field: str  # id of the control
    label: Any


def empty(kind: str) -> Content:
    """Return the content of a new page."""
    return Content(texts={tag: {} for tag in TAGS}, settings=settings())


def settings(**given: Any) -> dict[str, Any]:
    """Return the settings of a version, with what was ``given``."""
    usual: dict[str, Any] = {
        "slug": "",
        "parent_id": None,
        "position": 0,
        "window": None,
        "places": [],
        "valid_from": None,
        "valid_until": None,
    }
    return usual | given


def of(version: Any) -> Content:
    """Return the content of a kept version."""
    return Content(version.texts, version.blocks, version.settings, version.picture)


def new_block(type_: str) -> dict[str, Any]:
    """Return an empty block of a type, with one empty item where it has items."""
    items = [new_item()] if TYPES[type_].items else []
    return {"id": new_id(), "type": type_, "shared": {}, "texts": {}, "items": items}


def new_item() -> dict[str, Any]:
    """Return an empty item."""
    return {"id": new_id(), "shared": {}, "texts": {}}


def new_id() -> str:
    """Return what a block or item is told apart by within its page."""
    return secrets.token_hex(3)


def control(block: str, name: str, tag: str | None = None, item: str | None = None) -> str:
    """Return the name, and id, of the control of a field."""
    return "-".join(["b", block, *([item] if item else []), *([tag] if tag else []), name])


def controls(content: Content) -> Iterator[tuple[str, Field, str | None, Any]]:
    """Yield (control, field, language or None, value) of every field of the blocks."""
    for block in content.blocks:
        for part, holder in parts_of(block):
            item = None if holder is block else holder["id"]
            for one in part.shared:
                value = holder["shared"].get(one.name)
                yield control(block["id"], one.name, None, item), one, None, value
            for one in part.texts:
                for tag in TAGS:
                    value = holder["texts"].get(tag, {}).get(one.name, "")
                    yield control(block["id"], one.name, tag, item), one, tag, value


def lacking(content: Content, tag: str) -> list[Missing]:
    """Return what a language lacks to be shown: needed texts, and words for each picture."""
    text = content.texts.get(tag, {})
    found = [] if text.get("title") else [Missing(f"{tag}-title", HEAD[0].label)]
    if content.picture and not text.get("alt"):
        found.append(Missing(f"{tag}-alt", HEAD[3].label))
    for block in content.blocks:
        for part, holder in parts_of(block):
            item = None if holder is block else holder["id"]
            found += [
                Missing(control(block["id"], one.name, tag, item), one.label)
                for one in part.texts
                if _is_needed(one, holder) and not holder["texts"].get(tag, {}).get(one.name)
            ]
    return found


def _is_needed(one: Field, holder: dict[str, Any]) -> bool:
    return one.required or (one.name == "alt" and bool(holder["shared"].get("picture")))


def check(kind: str, content: Content) -> list[FieldError]:
    """Return what keeps a version from being kept: what could never be shown."""
    return [
        *check_slug(content.settings["slug"]),
        *_check_settings(kind, content.settings),
        *_check_texts(content),
        *_check_blocks(content),
    ]


def _check_settings(kind: str, said: dict[str, Any]) -> list[FieldError]:
    found = []
    if said["window"] is not None and said["window"] not in WINDOWS:
        found.append(FieldError("window", _l("Choose one of the nine windows, or none.")))
    if kind == "notice" and not said["places"]:
        found.append(FieldError("places", _l("Choose at least one place where it is shown.")))
    if set(said["places"]) - set(PLACES):
        found.append(FieldError("places", _l("Choose among the places of the list.")))
    begins, ends = said["valid_from"], said["valid_until"]
    if begins and ends and datetime.fromisoformat(ends) <= datetime.fromisoformat(begins):
        found.append(FieldError("valid_until", _l("The end must lie behind the beginning.")))
    return found


def _check_texts(content: Content) -> list[FieldError]:
    found = []
    if not any(text.get("title") for text in content.texts.values()):
        sentence = _l("Give the page a title in at least one language.")
        found.append(FieldError(f"{TAGS[0]}-title", sentence))
    for tag, text in content.texts.items():
        for name, longest in _LONGEST.items():
            if len(text.get(name, "")) > longest:
                found.append(_too_long(f"{tag}-{name}", longest))
    return found


def _check_blocks(content: Content) -> list[FieldError]:
    found = []
    if len(content.blocks) > MOST_BLOCKS:
        sentence = _l("A page takes at most %(most)s blocks.", most=MOST_BLOCKS)
        found.append(FieldError("blocks", sentence))
    for block in content.blocks:
        if len(block["items"]) > MOST_ITEMS:
            sentence = _l("A block takes at most %(most)s entries.", most=MOST_ITEMS)
            found.append(FieldError(f"block-{block['id']}", sentence))
    for name, one, _tag, value in controls(content):
        found += _check_value(name, one, value)
    return found


def _check_value(name: str, one: Field, value: Any) -> list[FieldError]:
    if one.kind == "choice" and value and value not in dict(one.choices):
        return [FieldError(name, _l("Choose one of the list."))]
    if one.kind == "figures" and set(value or ()) - set(FIGURES):
        return [FieldError(name, _l("Choose among the figures of the list."))]
    if one.kind == "path" and value and not is_path(value):
        return [FieldError(name, _l("Begin with / and name a page of this portal: /services."))]
    if isinstance(value, str) and len(value) > one.longest:
        return [_too_long(name, one.longest)]
    return []


def is_path(value: str) -> bool:
    """Return whether this can be an address of this portal."""
    plain = value == markdown.clean(value) and "\\" not in value and " " not in value
    return plain and value.startswith("/") and not value.startswith("//")


def _too_long(name: str, longest: int) -> FieldError:
    return FieldError(name, _l("At most %(longest)s characters.", longest=longest))


def check_ready(kind: str, content: Content) -> list[FieldError]:
    """Return what keeps a version from being read in public, beside ``check``.

    At least one language must be complete; what is shared by all must be there.
    """
    found = check(kind, content)
    if not content.languages:
        best = min(TAGS, key=lambda tag: len(lacking(content, tag)))
        sentence = _l("Fill this in, so that the page is complete in one language.")
        found += [FieldError(missing.field, sentence) for missing in lacking(content, best)]
    for name, one, tag, value in controls(content):
        if tag is None and one.required and not value:
            found.append(FieldError(name, _l("Fill this in.")))
    return found


def paths_in(content: Content) -> list[tuple[str, str]]:
    """Return (control, path) of every link to the portal itself."""
    found = []
    for name, one, _tag, value in controls(content):
        if one.kind == "path" and value:
            found.append((name, value.partition("?")[0].partition("#")[0]))
        elif one.kind == "markdown" and value:
            found += [(name, path) for path in _LINK.findall(markdown.render(value, ours=True))]
    return [(name, path) for name, path in found if is_path(path)]


def with_blocks(content: Content, blocks: list[dict[str, Any]]) -> Content:
    """Return ``content`` with other blocks."""
    return replace(content, blocks=blocks)


__all__ = [
    "HEAD",
    "KINDS",
    "Content",
    "Missing",
    "Part",
    "check",
    "check_ready",
    "control",
    "controls",
    "empty",
    "is_path",
    "lacking",
    "new_block",
    "new_id",
    "new_item",
    "of",
    "paths_in",
    "settings",
    "with_blocks",
]
