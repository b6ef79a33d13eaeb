"""The editor's form: what was typed, read into a version; nothing typed is ever lost.

The form carries the whole page, so that a block can be added or moved without JavaScript and
without saving. Its names are those of ``rules.content.control``.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from werkzeug.datastructures import FileStorage, MultiDict

from portal.core import clock, markdown
from portal.core.errors import FieldError
from portal.core.i18n import TAGS
from portal.core.i18n import lazy as _l
from portal.pages.rules import content as contents
from portal.pages.rules.blocks import LONG, MOST_BLOCKS, MOST_ITEMS, TYPES, Field, parts_of
from portal.pages.rules.content import HEAD, Content, control, new_block, new_item

Form = MultiDict[str, str]
Files = MultiDict[str, FileStorage]
SHORT_ID = 12  # characters of a block's id


@dataclass
class Draft:
    """What the form says: the version, which one it began from, and what is wrong with it."""

    content: Content
    base: int = 0
    note: str = ""
    errors: list[FieldError] = field(default_factory=list)

    def error(self, name: str) -> Any:
        """Return what is wrong with a control, if anything is."""
        return next((error.message for error in self.errors if error.field == name), None)


def read(form: Form, settings: dict[str, Any]) -> Draft:
    """Return what the form says; ``settings`` are those of the version it began from."""
    errors: list[FieldError] = []
    said = contents.settings(**settings) | {
        "slug": _line(form, "slug").lower(),
        "parent_id": _number(form, "parent"),
        "position": _number(form, "position") or 0,
        "window": _number(form, "window"),
        "places": [place for place in form.getlist("places") if place],
        "valid_from": _moment(form, "valid_from", errors),
        "valid_until": _moment(form, "valid_until", errors),
    }
    texts = {tag: _filled(_texts(form, tag)) for tag in TAGS}
    content = Content(texts, _blocks(form), said, _picture(form, "picture"))
    return Draft(content, _number(form, "base") or 0, _line(form, "note"), errors)


def _texts(form: Form, tag: str) -> Iterator[tuple[str, str]]:
    for one in HEAD:
        yield one.name, _value(form, f"{tag}-{one.name}", one)


def _blocks(form: Form) -> list[dict[str, Any]]:
    named = (entry.partition(":") for entry in form.getlist("block")[: MOST_BLOCKS + 1])
    return [_block(form, _safe_id(id_), type_) for id_, _colon, type_ in named if type_ in TYPES]


def _block(form: Form, id_: str, type_: str) -> dict[str, Any]:
    block: dict[str, Any] = {"id": id_, "type": type_}
    items = form.getlist(f"items-{id_}")[: MOST_ITEMS + 1] if TYPES[type_].items else []
    block["items"] = [{"id": _safe_id(item)} for item in items]
    for part, holder in parts_of(block):
        item = None if holder is block else holder["id"]
        holder["shared"] = {
            one.name: value
            for one in part.shared
            if (value := _shared(form, control(id_, one.name, None, item), one))
        }
        holder["texts"] = {
            tag: _filled(
                (one.name, _value(form, control(id_, one.name, tag, item), one))
                for one in part.texts
            )
            for tag in TAGS
        }
    return block


def _safe_id(text: str) -> str:
    kept = "".join(c for c in text if c.isascii() and c.isalnum())[:SHORT_ID]
    return kept or contents.new_id()


def _filled(pairs: Any) -> dict[str, str]:
    return {name: value for name, value in pairs if value}


def _shared(form: Form, name: str, one: Field) -> Any:
    if one.kind == "picture":
        return _picture(form, name)
    if one.kind == "figures":
        return [key for key in form.getlist(name) if key]
    return _value(form, name, one)


def _value(form: Form, name: str, one: Field) -> str:
    text = markdown.clean(form.get(name, "")[: 2 * LONG]).strip()
    if one.kind in ("markdown", "text"):
        return text
    return " ".join(text.split())


def _line(form: Form, name: str) -> str:
    return " ".join(markdown.clean(form.get(name, "")[:1000]).split())


def _number(form: Form, name: str) -> int | None:
    text = form.get(name, "").strip()
    is_number = text.isascii() and text.isdigit() and len(text) < 10
    return int(text) if is_number else None


def _picture(form: Form, name: str) -> dict[str, Any] | None:
    """Return the picture that a hidden field names: key, width, height."""
    if form.get(f"{name}-away"):
        return None
    key, _, size = form.get(name, "").partition(" ")
    width, _, height = size.partition("x")
    if not (key.isascii() and key.isalnum() and len(key) <= 40):
        return None
    if not (width.isascii() and width.isdigit() and height.isascii() and height.isdigit()):
        return None
    return {"key": key, "width": int(width[:5]), "height": int(height[:5])}


def _moment(form: Form, name: str, errors: list[FieldError]) -> str | None:
    text = form.get(name, "").strip()
    if not text:
        return None
    moment = moment_of(text)
    if moment is None:
        errors.append(FieldError(name, _l("Give day and time, such as 2026-10-01 08:30.")))
        return None
    return moment.isoformat()


def moment_of(text: str) -> datetime | None:
    """Return an instant typed in the centre's zone; None for anything else."""
    try:
        naive = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    if naive.tzinfo is not None or not 2000 <= naive.year <= 2200:
        return None
    return naive.replace(tzinfo=clock.zone()).astimezone(UTC)


def local_text(iso: str | None) -> str:
    """Return an instant of the settings as a control for day and time shows it."""
    if not iso:
        return ""
    return f"{datetime.fromisoformat(iso).astimezone(clock.zone()):%Y-%m-%dT%H:%M}"


def uploads(files: Files) -> list[tuple[str, FileStorage]]:
    """Return (control, file) of every picture that was chosen."""
    return [
        (name.removesuffix("-file"), file)
        for name, file in files.items()
        if name.endswith("-file") and file.filename
    ]


def with_picture(content: Content, name: str, picture: dict[str, Any]) -> Content:
    """Return ``content`` with a picture in the control ``name``."""
    if name == "picture":
        return replace(content, picture=picture)
    for block in content.blocks:
        for part, holder in parts_of(block):
            item = None if holder is block else holder["id"]
            for one in part.shared:
                if control(block["id"], one.name, None, item) == name:
                    holder["shared"][one.name] = picture
    return content


def act(content: Content, asked: str) -> Content:
    """Return ``content`` after a button of the editor, such as ``up:4f2a`` or ``add:text``."""
    verb, _, rest = asked.partition(":")
    change = _ACTS.get(verb)
    return (
        content if change is None else contents.with_blocks(content, change(content.blocks, rest))
    )


Blocks = list[dict[str, Any]]


def _add(blocks: Blocks, type_: str) -> Blocks:
    return [*blocks, new_block(type_)] if type_ in TYPES else blocks


def _remove(blocks: Blocks, id_: str) -> Blocks:
    return [block for block in blocks if block["id"] != id_]


def _moved(step: int) -> Callable[[Blocks, str], Blocks]:
    def move(blocks: Blocks, id_: str) -> Blocks:
        at = next((n for n, block in enumerate(blocks) if block["id"] == id_), None)
        if at is None or not 0 <= at + step < len(blocks):
            return blocks
        moved = list(blocks)
        moved[at], moved[at + step] = moved[at + step], moved[at]
        return moved

    return move


def _in_items(change: Callable[[Blocks, str], Blocks]) -> Callable[[Blocks, str], Blocks]:
    """Return ``change`` for the items of a block: ``block/item``."""

    def in_block(blocks: Blocks, place: str) -> Blocks:
        id_, _, item = place.partition("/")
        return [
            {**block, "items": change(block["items"], item)} if block["id"] == id_ else block
            for block in blocks
        ]

    return in_block


_ACTS: dict[str, Callable[[Blocks, str], Blocks]] = {
    "add": _add,
    "remove": _remove,
    "up": _moved(-1),
    "down": _moved(1),
    "item-add": _in_items(lambda items, _: [*items, new_item()]),
    "item-remove": _in_items(_remove),
    "item-up": _in_items(_moved(-1)),
    "item-down": _in_items(_moved(1)),
}
