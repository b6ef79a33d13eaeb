"""The shape of a questionnaire: sections of questions, each with its kind and its words.

A version is kept as JSON; these classes read it. Texts are mappings of language tag → words.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from portal.core.i18n import TAGS
from portal.core.i18n import lazy as _l

Words = Mapping[str, str]
STARTER = Path(__file__).parent / "starter.json"
#: Kind → what the desk calls it. The first are those that a new question may have.
KINDS: dict[str, Any] = {
    "text": _l("One line of text"),
    "long": _l("Several lines of text"),
    "integer": _l("A whole number"),
    "decimal": _l("A number"),
    "date": _l("A date"),
    "choice": _l("One of a list"),
    "radio": _l("One of a few, all in sight"),
    "choices": _l("Several of a list"),
    "email": _l("E-mail"),
    "phone": _l("Phone"),
    "country": _l("Country"),
    "credit_code": _l("Unified social credit code"),
    "address": _l("An address"),
    "rows": _l("Rows of fields"),
    "papers": _l("Uploaded files"),
    "consents": _l("Consents"),
    "yes": _l("A confirmation"),
}
NEW_KINDS = tuple(list(KINDS)[:8])
CHOOSING = frozenset({"choice", "radio", "choices"})
#: The last section: shown together with all answers, before it is sent.
LAST = "consent"


def word(words: Words | None, language: str) -> str:
    """Return a text in ``language``, else in the first one that has words."""
    if not words:
        return ""
    return words.get(language) or next((words[tag] for tag in TAGS if words.get(tag)), "")


@dataclass(frozen=True)
class Question:
    """One question, or one field of a row."""

    raw: Mapping[str, Any]

    @property
    def key(self) -> str:
        """Its name, the same in every version."""
        return str(self.raw["key"])

    @property
    def kind(self) -> str:
        """One of KINDS."""
        return str(self.raw["kind"])

    @property
    def is_core(self) -> bool:
        """Whether the portal itself works with the answer, so that it cannot be left out."""
        return bool(self.raw.get("core"))

    def label(self, language: str) -> str:
        """Return what is asked."""
        return word(self.raw.get("label"), language)

    def hint(self, language: str) -> str:
        """Return what helps to answer, or nothing."""
        return word(self.raw.get("hint"), language)

    def option(self, name: str, usual: Any = None) -> Any:
        """Return a setting such as ``most``, ``min`` or ``unit``."""
        return self.raw.get(name, usual)

    def choices(self, language: str) -> list[tuple[str, str, str]]:
        """Return (key, words, hint) of what can be chosen."""
        return [
            (str(each["key"]), word(each["label"], language), word(each.get("hint"), language))
            for each in self.raw.get("choices", ())
        ]

    def choice_text(self, key: str, language: str) -> str:
        """Return the words of a choice; the key itself where the version has it no longer."""
        return next((text for k, text, _ in self.choices(language) if k == key), key)

    @cached_property
    def fields(self) -> tuple["Question", ...]:
        """The fields of its rows."""
        return tuple(Question(each) for each in self.raw.get("fields", ()))

    @property
    def items(self) -> Sequence[Mapping[str, Any]]:
        """The single consents."""
        return tuple(self.raw.get("items", ()))

    def is_required(self, answers: Mapping[str, Any]) -> bool:
        """Return whether it must be answered, given the other answers."""
        rule = self.raw.get("required", False)
        if isinstance(rule, Mapping):
            other = answers.get(str(rule["when"])) or ""
            return other in rule["is"] if "is" in rule else bool(other) and other not in rule["not"]
        return bool(rule)

    @property
    def may_be_required(self) -> bool:
        """Whether it is required at all, be it only in some cases."""
        return bool(self.raw.get("required", False))

    @property
    def is_conditional(self) -> bool:
        """Whether another answer decides if it is required."""
        return isinstance(self.raw.get("required"), Mapping)


@dataclass(frozen=True)
class Section:
    """One step of the application."""

    raw: Mapping[str, Any]

    @property
    def key(self) -> str:
        """Its name in addresses."""
        return str(self.raw["key"])

    def title(self, language: str) -> str:
        """Return its name."""
        return word(self.raw.get("title"), language)

    def intro(self, language: str) -> str:
        """Return the words below its title."""
        return word(self.raw.get("intro"), language)

    def why(self, language: str) -> str:
        """Return why this is asked."""
        return word(self.raw.get("why"), language)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Its questions, in order."""
        return tuple(Question(each) for each in self.raw.get("questions", ()))


@dataclass(frozen=True)
class Version:
    """All questions of one version."""

    number: int
    content: Mapping[str, Any] = field(repr=False)

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """Its sections, in order; the last one is shown with all answers."""
        return tuple(Section(each) for each in self.content["sections"])

    @property
    def steps(self) -> tuple[Section, ...]:
        """The sections that are filled one by one."""
        return tuple(each for each in self.sections if each.key != LAST)

    @property
    def last(self) -> Section:
        """The section shown with all answers."""
        return next(each for each in self.sections if each.key == LAST)

    @cached_property
    def by_key(self) -> Mapping[str, Question]:
        """Key → question."""
        return {each.key: each for section in self.sections for each in section.questions}

    def section(self, key: str) -> Section | None:
        """Return a section that is filled by itself."""
        return next((each for each in self.steps if each.key == key), None)

    def section_of(self, key: str) -> Section:
        """Return the section in which a question stands."""
        return next(s for s in self.sections if any(q.key == key for q in s.questions))


def starter() -> dict[str, Any]:
    """Return the questions with which a centre begins."""
    content: dict[str, Any] = json.loads(
        (Path(__file__).parent / "starter.json").read_text("utf-8")
    )
    return content


#: What the desk may neither remove nor change in kind: the portal works with it.
CORE = frozenset(key for key, each in Version(0, starter()).by_key.items() if each.is_core)
