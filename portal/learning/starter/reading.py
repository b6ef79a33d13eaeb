"""The files of the starting content.

A file begins with settings, ``name: value`` (``source:`` as often as there are sources).
``=== zh-Hans`` and ``=== en`` begin a language: its title and summary, then its parts and
questions. ``::: part id`` begins a part: ``title:`` and then its Markdown. ``::: question id``
begins a question: ``ask:``, its answers (``+`` right, ``-`` wrong) and ``why:``, a line each.
Both languages have the same parts and questions in the same order. 繁體 is made from 简体.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from portal.core.i18n import TAGS
from portal.learning.rules import content as contents
from portal.learning.rules.content import Content
from portal.learning.rules.quiz import MULTIPLE, SINGLE
from portal.pages.starter.traditional import traditional

FOLDER = Path(__file__).parent / "content"
FIRST, SECOND = "zh-Hans", "en"
#: What the converter writes of these texts, and what is meant.
OWN = (
    ("危險物品道路運輸", "危險貨物道路運輸"),
    ("內裝物品質", "內裝物質量"),
    ("品名錶", "品名表"),
    ("一進一齣", "一進一出"),
    ("再籤合約", "再簽合約"),
    ("安全技術說明書", "安全資料表"),
    ("集裝箱", "貨櫃"),
    ("叉車", "堆高機"),
    ("屏幕", "螢幕"),
    ("溼", "濕"),
    ("碼放", "堆放"),
    ("採集", "擷取"),
    ("碼棧板", "疊棧板"),
    ("碼得穩", "疊得穩"),
    ("堆碼", "堆疊"),
    ("筆記本電腦", "筆記型電腦"),
    ("托數", "板數"),
    ("一托 500", "一板 500"),
    ("崴腳", "扭到腳"),
    ("一隻堆高機輪胎", "一個堆高機輪胎"),
)


@dataclass
class Written:
    """A course or book of the starting content."""

    kind: str
    slug: str
    topic: str
    position: int
    content: Content


@dataclass
class _Said:
    """A part or question as it stands in a file; ``right`` are its right answers, by number."""

    type: str
    id: str
    texts: dict[str, str]
    options: int = 0
    right: list[int] = field(default_factory=list)


def all_written() -> list[Written]:
    """Return everything of the starting content."""
    paths = sorted([*FOLDER.glob("course-*.md"), *FOLDER.glob("book-*.md")])
    return [read(path.read_text("utf-8"), path.name) for path in paths]


def read(text: str, name: str) -> Written:
    """Return the work of a file; raises ValueError where its languages differ in their shape."""
    head, *parts = re.split(r"^=== (\S+)\n", text, flags=re.MULTILINE)
    said, sources = _settings(head)
    languages = dict(zip(parts[::2], map(_language, parts[1::2]), strict=True))
    (first, entries), (second, others) = languages[FIRST], languages[SECOND]
    if [_shape(one) for one in entries] != [_shape(one) for one in others]:
        raise ValueError(f"{name}: the languages differ in their parts or questions")
    pairs = list(zip(entries, others, strict=True))
    content = Content(
        texts=_in_all(first, second),
        parts=[_part(one, other) for one, other in pairs if one.type == "part"],
        questions=[_question(one, other) for one, other in pairs if one.type == "question"],
        settings=contents.settings(
            pass_percent=int(said.get("pass", contents.PASS_PERCENT)), sources="\n".join(sources)
        ),
    )
    return Written(said["kind"], said["slug"], said["topic"], int(said["position"]), content)


def _settings(head: str) -> tuple[dict[str, str], list[str]]:
    pairs = [line.partition(":") for line in head.splitlines() if line.strip()]
    said = {name.strip(): value.strip() for name, _, value in pairs}
    return said, [value.strip() for name, _, value in pairs if name.strip() == "source"]


def _shape(one: _Said) -> tuple[str, str, int, list[int]]:
    return one.type, one.id, one.options, one.right


def _language(text: str) -> tuple[dict[str, str], list[_Said]]:
    head, *entries = re.split(r"^::: ", text, flags=re.MULTILINE)
    pairs = [line.partition(":") for line in head.splitlines() if line.strip()]
    return {name: value.strip() for name, _, value in pairs}, [_entry(one) for one in entries]


def _entry(text: str) -> _Said:
    first, _, rest = text.partition("\n")
    type_, id_ = first.split()
    if type_ == "part":
        title, _, body = rest.partition("\n")
        texts = {"title": title.removeprefix("title:").strip(), "body": body.strip()}
        return _Said(type_, id_, texts)
    return _asked(id_, rest)


def _asked(id_: str, text: str) -> _Said:
    said = _Said("question", id_, {})
    for line in filter(None, map(str.strip, text.splitlines())):
        if line[0] in "+-":
            said.options += 1
            said.texts[f"o{said.options}"] = line[1:].strip()
            said.right += [said.options] if line[0] == "+" else []
        else:
            name, _, value = line.partition(":")
            said.texts[name] = value.strip()
    return said


def _part(one: _Said, other: _Said) -> dict[str, Any]:
    return {"id": one.id, "picture": None, "texts": _in_all(one.texts, other.texts)}


def _question(one: _Said, other: _Said) -> dict[str, Any]:
    return {
        "id": one.id,
        "kind": MULTIPLE if len(one.right) > 1 else SINGLE,
        "options": [f"o{n}" for n in range(1, one.options + 1)],
        "right": [f"o{n}" for n in one.right],
        "texts": _in_all(one.texts, other.texts),
    }


def _in_all(first: dict[str, str], second: dict[str, str]) -> dict[str, dict[str, str]]:
    hant = {name: taiwanese(text) for name, text in first.items()}
    texts = {FIRST: first, "zh-Hant": hant, SECOND: second}
    return {tag: texts[tag] for tag in TAGS}


def taiwanese(text: str) -> str:
    """Return simplified Chinese in traditional characters and the words of this content."""
    text = traditional(text)
    for written, meant in OWN:
        text = text.replace(written, meant)
    return text
