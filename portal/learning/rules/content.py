"""What a course or book is made of, and when it is complete.

A part is a lesson or a chapter; it keeps its id however it is changed or moved, so that what
somebody has read stays read.
"""

import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.core.errors import FieldError, Refused
from portal.core.i18n import TAGS
from portal.core.i18n import lazy as _l
from portal.learning.rules.quiz import MULTIPLE, SINGLE
from portal.learning.rules.topics import COURSE

LONGEST_TITLE, LONGEST_SUMMARY, LONGEST_BODY, LONGEST_LINE = 120, 400, 30_000, 400  # characters
MOST_PARTS, MOST_QUESTIONS, MOST_OPTIONS = 60, 60, 6
PASS_PERCENT = 75
#: How fast people read (Brysbaert 2019: 238 words a minute of English prose; about as many
#: words, some 400 characters, of Chinese).
WORDS_A_MINUTE, HAN_A_MINUTE = 230, 400
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_WORD = re.compile(r"[^\W_\u3400-\u9fff\uf900-\ufaff]+")


@dataclass(frozen=True)
class Content:
    """What a version says: see ``models.WorkVersion``."""

    texts: dict[str, dict[str, str]]
    parts: list[dict[str, Any]] = field(default_factory=list)
    questions: list[dict[str, Any]] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)


def new_id(prefix: str) -> str:
    """Return the id of a new part, question or option."""
    return prefix + secrets.token_hex(3)


def settings(**given: Any) -> dict[str, Any]:
    """Return the settings of a version with what is usual where nothing is given."""
    usual = {"pass_percent": PASS_PERCENT, "is_public": True, "sources": ""}
    return {name: given.get(name, value) for name, value in usual.items()}


def complete_in(kind: str, content: Content) -> list[str]:
    """Return the languages in which nothing is missing."""
    return [tag for tag in TAGS if not list(_missing(kind, content, tag))]


def _missing(kind: str, content: Content, tag: str) -> Iterable[str]:
    yield from _lacks(content.texts, tag, ("title", "summary"))
    for part in content.parts:
        yield from _lacks(part["texts"], tag, ("title", "body"))
    if kind == COURSE:
        for question in content.questions:
            yield from _lacks(question["texts"], tag, ("ask", "why", *question["options"]))


def _lacks(texts: Mapping[str, Mapping[str, str]], tag: str, names: Sequence[str]) -> Iterable[str]:
    own = texts.get(tag, {})
    return (name for name in names if not own.get(name, "").strip())


def check_ready(kind: str, content: Content) -> list[FieldError]:
    """Return what keeps a version from being read by everybody."""
    found = []
    if not content.parts:
        found.append(FieldError("parts", _l("Write at least one part first.")))
    elif not complete_in(kind, content):
        found.append(
            FieldError("texts", _l("Title, summary and every part must be there in one language."))
        )
    if kind == COURSE and not content.questions:
        found.append(FieldError("questions", _l("A course ends with a quiz: add a question.")))
    for number, question in enumerate(content.questions, 1):
        if kind == COURSE and (wrong := check_question(question)) is not None:
            said = _l("Question %(number)s: %(wrong)s", number=number, wrong=wrong)
            found.append(FieldError("questions", said))
    return found


def check_question(question: Mapping[str, Any]) -> Any:
    """Return what is wrong with a question of a quiz; None: nothing."""
    options, right = question["options"], question["right"]
    if not 2 <= len(options) <= MOST_OPTIONS:
        return _l("It needs two to six answers to choose from.")
    if not right or not set(right) <= set(options):
        return _l("Mark which answers are right.")
    if question["kind"] == SINGLE and len(right) != 1:
        return _l("Where one answer is to be chosen, exactly one is right.")
    if question["kind"] not in (SINGLE, MULTIPLE):
        return _l("Choose whether one or several answers are right.")
    return None


def with_entry(
    entries: Sequence[dict[str, Any]], entry: dict[str, Any], most: int
) -> list[dict[str, Any]]:
    """Return the entries with one put in the place of that with its id, else at the end.

    Raises Refused beyond ``most``.
    """
    if any(each["id"] == entry["id"] for each in entries):
        return [entry if each["id"] == entry["id"] else each for each in entries]
    if len(entries) >= most:
        raise Refused(_l("There are too many already. Make another work of the rest."))
    return [*entries, entry]


def moved(entries: Sequence[dict[str, Any]], id_: str, by: int) -> list[dict[str, Any]]:
    """Return the entries with one of them ``by`` places further on (or back)."""
    order = list(entries)
    at = next((n for n, each in enumerate(order) if each["id"] == id_), None)
    if at is not None and 0 <= at + by < len(order):
        order.insert(at + by, order.pop(at))
    return order


def without(entries: Sequence[dict[str, Any]], id_: str) -> list[dict[str, Any]]:
    """Return the entries but one."""
    return [each for each in entries if each["id"] != id_]


def minutes(text: str) -> int:
    """Return how many minutes it takes to read a text, at least one."""
    spent = len(_WORD.findall(text)) / WORDS_A_MINUTE + len(_HAN.findall(text)) / HAN_A_MINUTE
    return max(1, round(spent))


def of(version: Any) -> Content:
    """Return what a version says."""
    return Content(version.texts, version.parts, version.questions, version.settings)
