"""What changed between two versions, readable: by language, by field, word by word."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from portal.core.i18n import TAGS
from portal.core.i18n import lazy as _l
from portal.pages.rules.blocks import TYPES, Field, parts_of
from portal.pages.rules.content import HEAD, Content

#: A Chinese character is a word of its own; so is each mark and each run of spaces.
_WORDS = re.compile(r"[\u3400-\u9fff]|\w+|\s+|.", re.DOTALL)
MOST_WORDS = 4000  # of one field; longer ones are shown whole, old and new
SETTINGS = {
    "slug": _l("Web address"),
    "parent_id": _l("Stands below"),
    "position": _l("Place among its siblings"),
    "window": _l("Window"),
    "places": _l("Shown at"),
    "valid_from": _l("Valid from"),
    "valid_until": _l("Valid until"),
}


@dataclass(frozen=True)
class Change:
    """One field that changed: where it is, and its words as ("same" | "del" | "ins", text)."""

    where: tuple[Any, ...]
    parts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Line:
    """A field of a version: what tells it apart, where it is, what it says."""

    key: tuple[str, ...]
    where: tuple[Any, ...]
    text: str


def between(old: Content, new: Content) -> dict[str, list[Change]]:
    """Return language tag (or "shared") → what changed from ``old`` to ``new``, in page order."""
    found = {tag: _changes(_said(old, tag), _said(new, tag)) for tag in TAGS}
    shared = _changes(_shared(old), _shared(new))
    order = _order(old, new)
    return {"shared": [*shared, *order], **found}


def _said(content: Content, tag: str) -> list[Line]:
    text = content.texts.get(tag, {})
    lines = [Line((one.name,), (one.label,), text.get(one.name, "")) for one in HEAD]
    for key, where, holder, fields in _places(content, "texts"):
        said = holder["texts"].get(tag, {})
        lines += [
            Line((*key, one.name), (*where, one.label), said.get(one.name, "")) for one in fields
        ]
    return lines


def _shared(content: Content) -> list[Line]:
    lines = [
        Line((name,), (label,), _plain(content.settings.get(name)))
        for name, label in SETTINGS.items()
    ]
    lines.append(Line(("picture",), (_l("Picture"),), _plain(content.picture)))
    for key, where, holder, fields in _places(content, "shared"):
        lines += [
            Line((*key, one.name), (*where, one.label), _plain(holder["shared"].get(one.name)))
            for one in fields
        ]
    return lines


Place = tuple[tuple[str, ...], tuple[Any, ...], dict[str, Any], tuple[Field, ...]]


def _places(content: Content, side: str) -> list[Place]:
    found: list[Place] = []
    for number, block in enumerate(content.blocks, 1):
        for at, (part, holder) in enumerate(parts_of(block)):
            where = (f"{number}", TYPES[block["type"]].name, *([f"{at}"] if at else []))
            found.append(((block["id"], holder["id"]), where, holder, getattr(part, side)))
    return found


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return str(value["key"])
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def _changes(old: Sequence[Line], new: Sequence[Line]) -> list[Change]:
    before = {line.key: line for line in old}
    after = {line.key: line for line in new}
    pairs = [(before.get(line.key), line) for line in new]
    pairs += [(line, None) for line in old if line.key not in after]  # type: ignore[misc]
    return [
        Change((was or now).where if now is None else now.where, words(_text(was), _text(now)))
        for was, now in pairs
        if _text(was) != _text(now)
    ]


def _text(line: Line | None) -> str:
    return line.text if line else ""


def words(old: str, new: str) -> tuple[tuple[str, str], ...]:
    """Return the words of two texts in one line: what stayed, what went, what came."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    if len(before) + len(after) > MOST_WORDS:
        return (("del", old), ("ins", new))
    parts: list[tuple[str, str]] = []
    for op, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if op == "equal":
            parts.append(("same", "".join(before[a:b])))
            continue
        parts += [("del", "".join(before[a:b]))] if b > a else []
        parts += [("ins", "".join(after[c:d]))] if d > c else []
    return tuple(parts)


def _order(old: Content, new: Content) -> list[Change]:
    """Return that blocks changed places, if those that both have did."""
    before = [block["id"] for block in old.blocks]
    after = [block["id"] for block in new.blocks]
    kept_before = [id_ for id_ in before if id_ in after]
    kept_after = [id_ for id_ in after if id_ in before]
    if kept_before == kept_after:
        return []
    places = " ".join(str(before.index(id_) + 1) for id_ in kept_after)
    usual = " ".join(str(before.index(id_) + 1) for id_ in kept_before)
    return [Change((_l("Order of the blocks"),), (("del", usual), ("ins", places)))]
