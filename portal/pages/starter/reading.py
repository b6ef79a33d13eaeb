"""The files of the starting content.

A file begins with settings, ``name: value``. ``=== zh-Hans`` and ``=== en`` begin a language: the
page's own texts, then its blocks. ``::: type name=value …`` begins a block, ``--`` an entry of it
(``-- year=1998``); a field is ``name: text`` and goes on until the next. A text block is all text.
Both languages have the same blocks in the same order.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from portal.core.i18n import TAGS
from portal.pages.rules import content as contents
from portal.pages.rules.blocks import TYPES, Part
from portal.pages.rules.content import HEAD, Content
from portal.pages.starter.traditional import traditional

FOLDER = Path(__file__).parent / "content"
FIRST, SECOND = "zh-Hans", "en"
_FIELD = re.compile(r"([a-z_]+):(?: (.*))?$")


@dataclass
class Written:
    """One page of the starting content."""

    kind: str
    slug: str
    content: Content
    parent: str | None = None
    shown_days_ago: int = 0
    valid_days: tuple[int, int] | None = None  # from and until, from today
    is_example: bool = False  # invented people and years: for a demo, or to be rewritten

    @property
    def order(self) -> tuple[bool, str]:
        """Pages that others stand below come first."""
        return (self.parent is not None, self.slug)


@dataclass
class _Said:
    """A page or block as it stands in a file."""

    shared: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    type: str = ""
    items: list["_Said"] = field(default_factory=list)


def all_written() -> list[Written]:
    """Return every page of the starting content, in an order in which parents come first."""
    found = [read(path.read_text("utf-8"), path.name) for path in sorted(FOLDER.glob("*.md"))]
    return sorted(found, key=lambda page: page.order)


def read(text: str, name: str = "") -> Written:
    """Return the page of a file; raises ValueError where its languages differ in their blocks."""
    head, *parts = re.split(r"^=== (\S+)\n", text, flags=re.MULTILINE)
    said = dict(_pairs(head))
    languages = dict(zip(parts[::2], map(_language, parts[1::2]), strict=True))
    content = _content(said, languages, name)
    return Written(
        kind=said["kind"],
        slug=said["slug"],
        content=content,
        parent=said.get("parent"),
        shown_days_ago=int(said.get("shown", 0)),
        valid_days=_days(said.get("valid")),
        is_example="example" in said,
    )


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for line in filter(str.strip, text.splitlines()):
        name, _, value = line.partition(":")
        yield name.strip(), value.strip()


def _days(text: str | None) -> tuple[int, int] | None:
    return None if text is None else (int(text.split()[0]), int(text.split()[1]))


def _language(text: str) -> tuple[dict[str, str], list[_Said]]:
    head, *blocks = re.split(r"^::: ", text, flags=re.MULTILINE)
    texts = _fields(head, {one.name for one in HEAD})
    return texts, [_block(block) for block in blocks]


def _block(text: str) -> _Said:
    first, _, rest = text.partition("\n")
    type_, *given = first.split()
    own, *items = re.split(r"^--(.*)\n", rest, flags=re.MULTILINE)
    block = _Said(_given(type_, given), _texts(TYPES[type_].texts, own), type_)
    for shared, entry in zip(items[::2], items[1::2], strict=True):
        part = TYPES[type_].items or Part("")
        block.items.append(_Said(_given(type_, shared.split()), _texts(part.texts, entry)))
    return block


def _given(type_: str, words: list[str]) -> dict[str, Any]:
    pairs = (word.partition("=") for word in words)
    given = {name: value.replace("_", " ") for name, _, value in pairs}
    if type_ == "figures":
        return {"names": [name.replace(" ", "_") for name in given["names"].split(",")]}
    if "figure" in given:
        given["figure"] = given["figure"].replace(" ", "_")
    return given


def _texts(fields: Any, text: str) -> dict[str, str]:
    names = {one.name for one in fields}
    if names == {"body"}:
        return {"body": text.strip()}
    return _fields(text, names)


def _fields(text: str, names: set[str]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    name = None
    for line in text.splitlines():
        begins = _FIELD.match(line)
        if begins and begins[1] in names:
            name = begins[1]
            found[name] = [begins[2] or ""]
        elif name:
            found[name].append(line)
    return {name: "\n".join(lines).strip() for name, lines in found.items()}


def _content(said: dict[str, str], languages: dict[str, Any], name: str) -> Content:
    (first, blocks), (second, others) = languages[FIRST], languages[SECOND]
    if [_shape(one) for one in blocks] != [_shape(one) for one in others]:
        raise ValueError(f"{name}: the languages differ in their blocks")
    texts = _in_all(first, second)
    made = [
        _made(one, other, str(at))
        for at, (one, other) in enumerate(zip(blocks, others, strict=True), 1)
    ]
    window = said.get("window")
    settings = contents.settings(
        slug=said["slug"],
        position=int(said.get("position", 0)),
        window=int(window) if window else None,
        places=said.get("places", "").split(),
    )
    return Content(texts, made, settings)


def _shape(block: _Said) -> tuple[str, int]:
    return block.type, len(block.items)


def _in_all(first: dict[str, str], second: dict[str, str]) -> dict[str, dict[str, str]]:
    hant = {name: traditional(text) for name, text in first.items()}
    texts = {FIRST: first, "zh-Hant": hant, SECOND: second}
    return {tag: texts[tag] for tag in TAGS}


def _made(one: _Said, other: _Said, id_: str) -> dict[str, Any]:
    items = [
        {"id": f"i{at}", "shared": item.shared, "texts": _in_all(item.texts, twin.texts)}
        for at, (item, twin) in enumerate(zip(one.items, other.items, strict=True), 1)
    ]
    texts = _in_all(one.texts, other.texts)
    return {"id": f"s{id_}", "type": one.type, "shared": one.shared, "texts": texts, "items": items}
